import { z } from 'zod';
import { PruneOptionsSchema } from '../../prune/follow-up.ts';
import { SparsityReportSchema } from '../../prune/sparsity-report.ts';
import { AgreementSchema, WeightsOfSchema } from '../../run/compare/agreement-schema.ts';
import { CurveAnswerSchema, CurveRequestSchema } from '../../run/compare/curves.ts';
import { FootprintSchema } from '../../run/compare/footprint.ts';
import { LONGEST_TAG, MOST_TAGS } from '../../run/tags.ts';
import { call, type Feature } from '../api.ts';
import { TARGET_IDS } from './export.ts';
import {
  CheckpointRecordSchema,
  HistogramSchema,
  RunEventSchema,
  RunSummarySchema,
  SeriesSchema,
  TruthProbeSchema,
} from '../../run/record.ts';

const RunId = z.strictObject({ run: z.string().min(1) });
/** Some runs, all of which or none of which the call changes. */
const RunIds = z.strictObject({ runs: z.array(z.string().min(1)).min(1).max(100_000) });
const Tags = z.array(z.string().trim().min(1).max(LONGEST_TAG)).max(MOST_TAGS);

/** A run in the trash. */
export const DeletedRunSchema = z.strictObject({ run: RunSummarySchema, deletedAt: z.string() });
export type DeletedRun = z.output<typeof DeletedRunSchema>;

/** A field of the configurations: `training.batchSize`, and some of its values, to choose from. */
export const ConfigFieldSchema = z.strictObject({ path: z.string(), values: z.array(z.string()) });

export const RunFieldsSchema = z.strictObject({
  config: z.array(ConfigFieldSchema),
  /** Series that any run has. */
  metrics: z.array(z.string()),
});
export type RunFields = z.output<typeof RunFieldsSchema>;

export const RunValueSchema = z.union([z.number(), z.string(), z.boolean(), z.null()]);
export type RunValue = z.output<typeof RunValueSchema>;

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
  /** To the trash, from where `restore` brings them back until they go for good (`TRASH_DAYS`). */
  delete: call(RunIds, z.strictObject({})),
  /** What is in the trash, deleted last first. */
  deleted: call(z.strictObject({}), z.array(DeletedRunSchema)),
  restore: call(RunIds, z.array(RunSummarySchema)),
  /** Deletes runs for good that are in the trash. */
  purge: call(RunIds, z.strictObject({})),
  archive: call(RunIds.extend({ archived: z.boolean() }), z.array(RunSummarySchema)),
  tag: call(RunIds.extend({ add: Tags.default([]), remove: Tags.default([]) }), z.array(RunSummarySchema)),
  /** What runs can be told apart by, besides their summaries. */
  fields: call(z.strictObject({}), RunFieldsSchema),
  /**
   * Values of fields, as columns: `config.<path>` of the configuration, `metric.<series>` for its last point. Null where
   * a run has none; what is no single value is its JSON. `runs` absent: all.
   */
  values: call(
    z.strictObject({
      fields: z.array(z.string().min(1).max(500)).max(100),
      runs: z.array(z.string()).max(100_000).optional(),
    }),
    z.strictObject({
      runs: z.array(z.string()),
      columns: z.array(z.strictObject({ field: z.string(), values: z.array(RunValueSchema) })),
    }),
  ),
  update: call(
    z.strictObject({
      run: z.string(),
      name: z.string().min(1).max(200).optional(),
      tags: Tags.optional(),
      notes: z.string().max(100_000).optional(),
    }),
    RunSummarySchema,
  ),
  /** Whole metric series, every point; `names` absent: all. For drawing there is `curves`. `sequence` is the number of the last batch that is contained. */
  series: call(
    z.strictObject({ run: z.string(), names: z.array(z.string()).optional() }),
    z.strictObject({ run: z.string(), sequence: z.number(), series: z.array(SeriesSchema) }),
  ),
  /** Of one layer, or of all; at most `most` epochs, evenly chosen, the last among them. */
  histograms: call(
    z.strictObject({
      run: z.string().min(1),
      layer: z.string().optional(),
      most: z.int().min(1).max(10_000).optional(),
    }),
    z.array(HistogramSchema),
  ),
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
  /**
   * What the runs' networks take of a core: measured of their bundles; where nothing is measured and `estimate` is set,
   * estimated, which takes up to seconds for a large network. Unknown runs are left out.
   */
  footprints: call(
    z.strictObject({
      runs: z.array(z.string()).max(100),
      target: z.enum(TARGET_IDS),
      estimate: z.boolean().default(false),
    }),
    z.array(FootprintSchema),
  ),
  /** How far the weights of two runs, or of two checkpoints of one, agree, layer by layer. */
  agreement: call(z.strictObject({ a: WeightsOfSchema, b: WeightsOfSchema }), AgreementSchema),
} satisfies Feature;
