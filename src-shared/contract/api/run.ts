import { z } from 'zod';
import { PruneOptionsSchema } from '../../prune/follow-up.ts';
import { SparsityReportSchema } from '../../prune/sparsity-report.ts';
import { CurveAnswerSchema, CurveRequestSchema } from '../../run/compare/curves.ts';
import { call, type Feature } from '../api.ts';
import {
  CheckpointRecordSchema,
  HistogramSchema,
  RunEventSchema,
  RunSummarySchema,
  SeriesSchema,
  TruthProbeSchema,
} from '../../run/record.ts';

const RunId = z.strictObject({ run: z.string().min(1) });

export const RunDetailSchema = z.strictObject({
  summary: RunSummarySchema,
  /** The configuration as it was launched, defaults filled in. */
  config: z.unknown(),
  checkpoints: z.array(CheckpointRecordSchema),
  truthProbe: TruthProbeSchema.nullable(),
});

/** A field in which two or more configurations differ (or not). `values[i]` belongs to `runs[i]`. */
export const ConfigRowSchema = z.strictObject({
  path: z.string(),
  values: z.array(z.unknown()),
  differs: z.boolean(),
});

export const ComparisonSchema = z.strictObject({
  runs: z.array(RunSummarySchema),
  configDiff: z.array(ConfigRowSchema),
  /** Last, smallest and largest value of each series, per run (null where a run has no such series). */
  metrics: z.array(
    z.strictObject({
      series: z.string(),
      values: z.array(z.strictObject({ last: z.number(), min: z.number(), max: z.number() }).nullable()),
    }),
  ),
});

export const runApi = {
  list: call(z.strictObject({}), z.array(RunSummarySchema)),
  get: call(RunId, RunDetailSchema),
  /** Checks a configuration without starting it; the result has every default filled in. */
  check: call(z.strictObject({ config: z.unknown() }), z.strictObject({ config: z.unknown() })),
  start: call(z.strictObject({ config: z.unknown(), parent: z.string().optional() }), RunSummarySchema),
  /**
   * Starts a run that prunes a finished one level by level, retrains, and ends with the last level that keeps the
   * validation accuracy within the tolerance. `set`: settings `path=value` over its configuration.
   */
  prune: call(
    z.strictObject({
      run: z.string().min(1),
      options: PruneOptionsSchema.default({}),
      set: z.array(z.string()).default([]),
    }),
    RunSummarySchema,
  ),
  /** Starts a run that fine-tunes a channel-pruned one without the channels that are masked. */
  removeChannels: call(
    z.strictObject({
      run: z.string().min(1),
      epochs: z.number().optional(),
      learningRate: z.number().optional(),
      set: z.array(z.string()).default([]),
    }),
    RunSummarySchema,
  ),
  /**
   * Sparsity of a run's weights, and of its activations over test samples, at bit and word level, and the operations that
   * it saves. Of its final checkpoint, else its newest.
   */
  sparsity: call(
    z.strictObject({ run: z.string().min(1), samples: z.int().min(1).max(100_000).default(100) }),
    SparsityReportSchema,
  ),
  /** The configuration that `bitsmith demo` trains, for the one-click start. */
  demoConfig: call(z.strictObject({}), z.strictObject({ config: z.unknown(), dataset: z.string() })),
  pause: call(RunId, RunSummarySchema),
  resume: call(RunId, RunSummarySchema),
  stop: call(RunId, RunSummarySchema),
  checkpoint: call(RunId, z.strictObject({})),
  delete: call(RunId, z.strictObject({})),
  update: call(
    z.strictObject({
      run: z.string(),
      name: z.string().min(1).max(200).optional(),
      tags: z.array(z.string().min(1).max(50)).max(50).optional(),
      notes: z.string().max(100_000).optional(),
    }),
    RunSummarySchema,
  ),
  /** Whole metric series, every point; `names` absent: all. For drawing there is `curves`. `sequence` is the number of the last batch that is contained. */
  series: call(
    z.strictObject({ run: z.string(), names: z.array(z.string()).optional() }),
    z.strictObject({ run: z.string(), sequence: z.number(), series: z.array(SeriesSchema) }),
  ),
  histograms: call(RunId, z.array(HistogramSchema)),
  events: call(RunId, z.array(RunEventSchema)),
  /** Which series each run has. */
  seriesNames: call(
    z.strictObject({ runs: z.array(z.string()).max(1000) }),
    z.array(z.strictObject({ run: z.string(), series: z.array(z.string()) })),
  ),
  /** The lines of one chart, smoothed and thinned for the part that is looked at. Unknown runs have no points. */
  curves: call(CurveRequestSchema, CurveAnswerSchema),
  /** `metrics`: whether each series' last and extreme values are wanted too; they cost a look at every point. */
  compare: call(
    z.strictObject({ runs: z.array(z.string()).min(1).max(100), metrics: z.boolean().default(true) }),
    ComparisonSchema,
  ),
} satisfies Feature;
