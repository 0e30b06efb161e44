import { z } from 'zod';
import { RUN_STATUSES } from './status.ts';

/** A back end's word about itself, stored with each run that it computed. */
export const TruthProbeSchema = z.strictObject({
  passed: z.boolean(),
  /** One row for each compared operation: largest absolute difference from the `cpu` back end, and what is allowed. */
  checks: z.array(
    z.strictObject({ name: z.string(), difference: z.number(), tolerance: z.number(), passed: z.boolean() }),
  ),
});
export type TruthProbe = z.output<typeof TruthProbeSchema>;

/** What a run has come to, besides its configuration. Fractions are 0 … 1. */
export const RunSummarySchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  status: z.enum(RUN_STATUSES),
  /** Why it is failed, crashed or stopped. */
  reason: z.string().nullable(),
  kind: z.enum(['train', 'prune']),
  /** The run that this one was forked or pruned from. */
  parent: z.string().nullable(),
  createdAt: z.string(),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  dataset: z.string(),
  model: z.string(),
  /** Method ids that occur in the resolved network, e.g. `twn` and `gxnor`. */
  weightMethods: z.array(z.string()),
  activationMethods: z.array(z.string()),
  device: z.string().nullable(),
  deviceName: z.string().nullable(),
  epochs: z.number(),
  epochsDone: z.number(),
  stepsDone: z.number(),
  stepsTotal: z.number(),
  /** Test accuracy and loss at the end; null before. */
  accuracy: z.number().nullable(),
  loss: z.number().nullable(),
  /** Best validation accuracy so far. */
  bestValidationAccuracy: z.number().nullable(),
  stepsPerSecond: z.number().nullable(),
  /** Seconds still to go, estimated from the last steps; null when not running. */
  etaSeconds: z.number().nullable(),
  tags: z.array(z.string()),
  notes: z.string(),
  configHash: z.string(),
  /** Kept, but out of the way: lists leave it out unless asked. */
  archived: z.boolean(),
});
export type RunSummary = z.output<typeof RunSummarySchema>;

export const CheckpointRecordSchema = z.strictObject({
  id: z.string(),
  run: z.string(),
  /** Epochs and steps completed. */
  epoch: z.number(),
  step: z.number(),
  kind: z.enum(['epoch', 'pause', 'manual', 'best', 'final']),
  sha256: z.string(),
  bytes: z.number(),
  validationAccuracy: z.number().nullable(),
  createdAt: z.string(),
});
export type CheckpointRecord = z.output<typeof CheckpointRecordSchema>;

/** One line of the run's journal. */
export const RunEventSchema = z.strictObject({
  at: z.string(),
  level: z.enum(['info', 'warning', 'error']),
  message: z.string(),
});
export type RunEvent = z.output<typeof RunEventSchema>;

/**
 * The validation accuracy each time that it is the best so far of a network in its last form: quantized, and as sparse
 * as it will be.
 */
export const BEST_SERIES = 'validation/best-accuracy';

/**
 * Metric series are named with slashes: `train/loss`, `train/accuracy`, `validation/loss`, `validation/accuracy`,
 * `learning-rate`, `steps-per-second`, `memory/process` and `memory/backend` (bytes), `memory/tensors`, and per quantized
 * layer `layer/<id>/zero-fraction`, `layer/<id>/flip-ratio`, `layer/<id>/scale` (the mean over the filters; `scale-low` and
 * `scale-high` where they differ; `scale/2` … of further levels) and `layer/<id>/threshold/<code>`, the value from which on
 * that code is taken: of latent weights, or of what enters an activation.
 * A point is (step, epoch, seconds since start, value).
 */
export const MetricPointSchema = z.strictObject({
  series: z.string(),
  step: z.number(),
  epoch: z.number(),
  time: z.number(),
  value: z.number(),
});
export type MetricPoint = z.output<typeof MetricPointSchema>;

/** A whole series as columns. */
export const SeriesSchema = z.strictObject({
  name: z.string(),
  step: z.array(z.number()),
  epoch: z.array(z.number()),
  time: z.array(z.number()),
  value: z.array(z.number()),
});
export type Series = z.output<typeof SeriesSchema>;

/** Weight histogram of one quantized layer at the end of an epoch: `counts[i]` weights in [edges[i], edges[i+1]). */
export const HistogramSchema = z.strictObject({
  layer: z.string(),
  epoch: z.number(),
  step: z.number(),
  edges: z.array(z.number()),
  counts: z.array(z.number()),
  /** Share of each code, e.g. {"-1": 0.3, "0": 0.4, "1": 0.3}. */
  codes: z.record(z.string(), z.number()),
  /** Scales of each level over the filters. */
  scales: z.array(z.strictObject({ low: z.number(), mean: z.number(), high: z.number() })).optional(),
  /** Shares of the codes of the second level and the further ones. */
  more: z.array(z.record(z.string(), z.number())).optional(),
});
export type Histogram = z.output<typeof HistogramSchema>;
