import { z } from 'zod';
import { call, type Feature } from '../api.ts';
import type { BenchmarkRow } from '../../train/benchmark/row.ts';
import { TruthProbeSchema } from '../../run/record.ts';

export const DeviceRowSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  available: z.boolean(),
  /** Adapter or processor, e.g. `NVIDIA H200` or `8 × Intel …`; null when missing. */
  name: z.string().nullable(),
  /** Why it cannot be used here, and what to do about it; null when available. */
  reason: z.string().nullable(),
  remedy: z.string().nullable(),
  /** True for an adapter that computes on the processor (SwiftShader, llvmpipe): correct but slow. */
  software: z.boolean(),
  truthProbe: TruthProbeSchema.nullable(),
});

export const BenchmarkRowSchema = z.strictObject({
  device: z.string(),
  deviceName: z.string(),
  network: z.string(),
  weights: z.string(),
  activations: z.string(),
  batchSize: z.number(),
  stepsPerSecond: z.number(),
  samplesPerSecond: z.number(),
  ratio: z.number(),
  convolutions: z.number(),
}) satisfies z.ZodType<BenchmarkRow>;

export const BenchmarkResultSchema = z.strictObject({
  rows: z.array(BenchmarkRowSchema),
  /** One sentence for each back end that could not be measured. */
  failed: z.array(z.string()),
});
export type BenchmarkResult = z.output<typeof BenchmarkResultSchema>;

export type DeviceRow = z.output<typeof DeviceRowSchema>;

export const deviceApi = {
  /** Probes every back end (cached for the host's life; `fresh` probes again). */
  list: call(z.strictObject({ fresh: z.boolean().default(false) }), z.array(DeviceRowSchema)),
  /**
   * Starts a task (label `benchmark`) that trains one small network, in full precision and in two low-bit forms, on every
   * usable back end, or on the one that is named; its result are `BenchmarkRow`s and what could not be measured.
   */
  bench: call(z.strictObject({ device: z.string().optional() }), z.strictObject({ task: z.string() })),
} satisfies Feature;
