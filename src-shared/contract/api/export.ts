import { z } from 'zod';
import { PlanOptionsSchema } from '../../export/plan/options.ts';
import { PACKING_IDS } from '../../export/plan/packing/types.ts';
import { ArenaBufferSchema } from '../../export/report/schema.ts';
import { TARGET_IDS } from '../../export/targets/ids.ts';
import { call, type Feature } from '../api.ts';
import { BoardCheckSchema, ParitySampleSchema, ParityValuesSchema } from './parity.ts';

export { TARGET_IDS };
export const FORMAT_IDS = ['cmake', 'arduino', 'platformio', 'zephyr', 'cmsis-pack', 'esp-idf'] as const;

export const BundleLayerSchema = z.strictObject({
  id: z.string(),
  kind: z.string(),
  /** Output shape and the kind of its elements. */
  shape: z.array(z.number()),
  kernel: z.string(),
  /** How its weights lie in flash, e.g. `delta`; empty without weights. */
  packing: z.string().default(''),
  weightBytes: z.number(),
  macs: z.number(),
  nonzeros: z.number(),
  /** Instructions of one inference on a Cortex-M4, by the planner's cost laws. */
  estimate: z.number().nullable().default(null),
  /** What other packings would take. */
  alternatives: z
    .array(z.strictObject({ packing: z.enum(PACKING_IDS), weightBytes: z.number(), estimate: z.number() }))
    .default([]),
});

/** A written bundle, as the store keeps it and as `bitsmith export --json` prints it. */
export const BundleSchema = z.strictObject({
  id: z.string(),
  run: z.string(),
  checkpoint: z.string(),
  target: z.enum(TARGET_IDS),
  format: z.enum(FORMAT_IDS),
  /** Absolute folder. */
  path: z.string(),
  /** Relative paths. */
  files: z.array(z.string()),
  /** From the linker's output for the target where its compiler is installed, else null. */
  flashBytes: z.number().nullable(),
  ramBytes: z.number().nullable(),
  /** Exact in any case: bytes of the weight tables, and of the activation arena. */
  weightBytes: z.number(),
  arenaBytes: z.number(),
  layers: z.array(BundleLayerSchema),
  /** How its kernels and packings were chosen. */
  options: PlanOptionsSchema.prefault({}),
  createdAt: z.string(),
});
export type Bundle = z.output<typeof BundleSchema>;

/** What an export would write: `bitsmith export --dry-run --json`. */
export const BundlePlanSchema = BundleSchema.omit({
  id: true,
  path: true,
  files: true,
  createdAt: true,
}).extend({
  /** C identifier of the network. */
  name: z.string(),
  files: z.array(z.strictObject({ path: z.string(), bytes: z.int() })),
  /** With the bytes of all constant tables of each: weights, thresholds, multipliers. */
  layers: z.array(BundleLayerSchema.extend({ tableBytes: z.int() })),
  /** What lies where in the arena, while which layers run. */
  arena: z.array(ArenaBufferSchema),
});
export type BundlePlan = z.output<typeof BundlePlanSchema>;

/** One place where the bundle ran. */
export const VerifyRowSchema = z.strictObject({
  /** `host`, or a target id. */
  core: z.string(),
  /** Compiler and machine, e.g. `arm-none-eabi-gcc 12.2.1, qemu mps2-an386`. */
  runner: z.string(),
  /** False where the toolchain is missing; `reason` says how to get it. */
  ran: z.boolean(),
  /** Why it did not run, or did not run on everything that it should have: a compiler or a board that is left out. */
  reason: z.string().nullable(),
  /** Samples whose every output integer agrees with the reference, adversarial ones included. */
  matched: z.number(),
  total: z.number(),
  /** First sample that differs, with the first differing layer; null when all agree. */
  firstMismatch: z
    .strictObject({
      sample: z.number(),
      layer: z.string(),
      index: z.number(),
      expected: z.number(),
      got: z.number(),
    })
    .nullable(),
  /** Share of samples whose arg-max equals the label, where labels are known. */
  accuracy: z.number().nullable(),
  instructionsPerInference: z.number().nullable(),
  /** Instructions of each layer, mean over a few samples, to within one tick of the board's counter; empty: not counted. */
  layers: z.array(z.strictObject({ id: z.string(), instructions: z.number() })),
  flashBytes: z.number().nullable(),
  ramBytes: z.number().nullable(),
  /** Of a network that hears: clips, and those whose every input byte agrees, whole and as a stream. */
  frontEnd: z.strictObject({ clips: z.int(), matched: z.int() }).optional(),
  /** When, where it is from an earlier verification than the other rows. */
  at: z.string().optional(),
});
/** What the bundle was run on. */
export const VerifySamplesSchema = z.strictObject({
  /** Samples that were asked for, and those that were taken: fewer where the reference would take too long. */
  asked: z.number(),
  taken: z.number(),
  /** Whether they are test samples of the network's own data set, or bytes that look random. */
  source: z.enum(['test', 'random']),
  /** Adversarial samples besides: extremes, patterns, and inputs found by search that hit thresholds exactly. */
  adversarial: z.number(),
  /** Thresholds of channels that sums of the adversarial samples hit exactly or miss by one, and all of them. */
  thresholdsHit: z.number(),
  thresholds: z.number(),
});
export const VerifyResultSchema = z.strictObject({
  bundle: z.string(),
  passed: z.boolean(),
  samples: VerifySamplesSchema,
  host: VerifyRowSchema,
  cores: z.array(VerifyRowSchema),
});
export type VerifyRow = z.output<typeof VerifyRowSchema>;
export type VerifySamples = z.output<typeof VerifySamplesSchema>;
export type VerifyResult = z.output<typeof VerifyResultSchema>;

export const TargetRowSchema = z.strictObject({
  id: z.enum(TARGET_IDS),
  title: z.string(),
  description: z.string(),
  /** Whether it can be compiled and emulated on this machine, and if not, how to get what is missing. */
  compiler: z.strictObject({ available: z.boolean(), name: z.string(), remedy: z.string().nullable() }),
  emulator: z.strictObject({ available: z.boolean(), name: z.string(), remedy: z.string().nullable() }),
});

export const exportApi = {
  targets: call(z.strictObject({}), z.array(TargetRowSchema)),
  /** Writes a bundle; a task (labels `run`, `bundle`) whose result is a Bundle. `out` absent: in the data folder. */
  build: call(
    z.strictObject({
      run: z.string(),
      checkpoint: z.string().optional(),
      target: z.enum(TARGET_IDS),
      format: z.enum(FORMAT_IDS).default('cmake'),
      options: PlanOptionsSchema.prefault({}),
      out: z.string().optional(),
    }),
    z.strictObject({ task: z.string() }),
  ),
  /** Lowers, plans and links as `build`, and keeps nothing; a task (label `run`) whose result is a BundlePlan. */
  plan: call(
    z.strictObject({
      run: z.string(),
      checkpoint: z.string().optional(),
      target: z.enum(TARGET_IDS),
      format: z.enum(FORMAT_IDS).default('cmake'),
      options: PlanOptionsSchema.prefault({}),
    }),
    z.strictObject({ task: z.string() }),
  ),
  list: call(z.strictObject({ run: z.string().optional() }), z.array(BundleSchema)),
  /** Text of one file of a bundle (at most 200,000 characters). */
  file: call(
    z.strictObject({ bundle: z.string(), file: z.string() }),
    z.strictObject({ text: z.string(), truncated: z.boolean() }),
  ),
  /** Compiles and runs a bundle; a task (label `bundle`) whose result is a VerifyResult. */
  verify: call(
    z.strictObject({
      bundle: z.string(),
      cores: z.array(z.enum(TARGET_IDS)).default([]),
      samples: z.int().min(1).max(100_000).default(1000),
    }),
    z.strictObject({ task: z.string() }),
  ),
  /** What the last verifications of a bundle found, the newest row of each core; null before the first. */
  verification: call(z.strictObject({ bundle: z.string() }), VerifyResultSchema.nullable()),
  /** Compares one sample layer by layer; a task (label `bundle`) whose result is a ParityResult. */
  parity: call(
    z.strictObject({ bundle: z.string(), sample: ParitySampleSchema }),
    z.strictObject({ task: z.string() }),
  ),
  /** Values of one row of a parity run, by its `id`; `not-found` once the host has forgotten it. */
  parityValues: call(
    z.strictObject({
      parity: z.string(),
      row: z.string(),
      from: z.int().min(0).default(0),
      count: z.int().min(1).max(64).default(16),
    }),
    ParityValuesSchema,
  ),
  /** Reads what a board printed; against the sample of a parity run, else against the bundle's golden samples. */
  boardCheck: call(
    z.strictObject({ bundle: z.string(), text: z.string().max(100_000), parity: z.string().optional() }),
    BoardCheckSchema,
  ),
  /**
   * What a bundle takes and does, with what its last verification counted; a task (label `bundle`) whose result is a
   * BundleReport. `measure`: compile and link again, although the bundle says what its export measured.
   */
  report: call(
    z.strictObject({ bundle: z.string(), measure: z.boolean().default(false) }),
    z.strictObject({ task: z.string() }),
  ),
  /** Two bundles side by side; a task (label `bundle`: b) whose result is a BundleComparison. */
  compareBundles: call(
    z.strictObject({ a: z.string(), b: z.string(), measure: z.boolean().default(false) }),
    z.strictObject({ task: z.string() }),
  ),
} satisfies Feature;
