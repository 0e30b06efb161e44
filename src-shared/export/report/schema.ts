import { z } from 'zod';
import { SparsityReportSchema, LayerSparsitySchema } from '../../prune/sparsity-report.ts';

const bytes = z.int();

/** Flash of the linked image by what it is for; adds up to the linker's total. */
export const FlashPartsSchema = z.strictObject({
  /** Constant tables of the network: weights, thresholds, multipliers. */
  weights: bytes,
  kernels: bytes,
  /** The network's sequence of calls, and the descriptions of layers that it hands over. */
  networkCode: bytes,
  networkConstants: bytes,
  /** What the compiler adds, e.g. division on a core without it. */
  compiler: bytes,
  /** Vectors, start-up, copying, `main`: an application has its own. */
  startup: bytes,
  padding: bytes,
});

/** Static RAM of the linked image; adds up to the linker's total. */
export const RamPartsSchema = z.strictObject({
  /** The arena. */
  activations: bytes,
  /** All other variables. */
  runtime: bytes,
  padding: bytes,
});

export const StackEstimateSchema = z.strictObject({
  /** Deepest stack below the functions that an application calls; null where there is no bound, which the lists below explain. */
  bytes: bytes.nullable(),
  /** The chain of calls that needs it. */
  path: z.array(z.strictObject({ function: z.string(), bytes })),
  /** Functions that calls through pointers were taken for: the deepest of them counts. */
  indirect: z.array(z.string()),
  /** Functions that call themselves, perhaps through others. */
  recursion: z.array(z.string()),
  /** Functions with a frame of variable length. */
  unbounded: z.array(z.string()),
  /** Functions of the compiler's library, whose stack is unknown and not counted. */
  unknown: z.array(z.string()),
});

/** What the linker says of a bundle. */
export const MeasuredSizesSchema = z.strictObject({
  /** Compiler with its version. */
  compiler: z.string(),
  flags: z.array(z.string()),
  /** What was linked. */
  image: z.string(),
  sections: z.array(z.strictObject({ name: z.string(), bytes, memory: z.enum(['flash', 'ram', 'both']) })),
  flash: FlashPartsSchema,
  ram: RamPartsSchema,
  /** Totals of the linker. The stack is not among them. */
  flashBytes: bytes,
  ramBytes: bytes,
  /** Null where the compiler does not tell the stack of functions. */
  stack: StackEstimateSchema.nullable(),
  /** Code and constants of each kernel file. */
  kernels: z.array(z.strictObject({ name: z.string(), bytes })),
});
export type MeasuredSizes = z.output<typeof MeasuredSizesSchema>;

/** Flash and RAM under the names of ST's model zoo. Null: not measured. */
export const ColumnsSchema = z.strictObject({
  weightsFlash: bytes,
  codeFlash: bytes.nullable(),
  startupFlash: bytes.nullable(),
  totalFlash: bytes.nullable(),
  activationRam: bytes,
  runtimeRam: bytes.nullable(),
  stack: bytes.nullable(),
  /** Activation RAM, Runtime RAM and stack together. */
  totalRam: bytes.nullable(),
});

/** Multiply-accumulates of one pair of number types, named as in QONNX: BIPOLAR, BINARY, TERNARY, INTn, UINTn. */
export const MacsSchema = z.strictObject({
  weights: z.string(),
  weightBits: z.int(),
  activations: z.string(),
  activationBits: z.int(),
  macs: z.number(),
});

/** The accounting of `qonnx-inference-cost`, under its own names, e.g. `op_mac_TERNARY_BIPOLAR`, `total_bops`. */
export const CostSchema = z.record(z.string(), z.union([z.number(), z.boolean()]));

export const LayerReportSchema = z.strictObject({
  id: z.string(),
  kind: z.string(),
  shape: z.array(z.number()),
  kernel: z.string(),
  /** How its weights are stored; empty without weights. */
  packing: z.string(),
  weightBytes: bytes,
  /** All its other tables: thresholds, multipliers, offsets. Null: the bundle does not say. */
  thresholdBytes: bytes.nullable(),
  /** Bytes of the arena for its value, and for what it needs only while it runs. */
  activationBytes: bytes.nullable(),
  scratchBytes: bytes.nullable(),
  weights: z.int(),
  nonzeros: z.int(),
  macs: z.array(MacsSchema),
  /** Of each set of weights that it multiplies with; the denominators are those of `sparsity`. */
  sparsity: z.array(LayerSparsitySchema),
  /** Instructions of one inference: by the planner's cost laws for a Cortex-M4, and counted on the target's emulated board. */
  estimatedInstructions: z.number().nullable(),
  measuredInstructions: z.number().nullable(),
  /** What other packings would cost. */
  alternatives: z.array(
    z.strictObject({ packing: z.string(), weightBytes: bytes, estimatedInstructions: z.number() }),
  ),
});
export type LayerReport = z.output<typeof LayerReportSchema>;

/** Filters that lowering took away because no sample needs them, and how many for which reason. */
export const RemovedChannelsSchema = z.strictObject({
  node: z.string(),
  kind: z.string(),
  before: z.int(),
  kept: z.int(),
  because: z.record(z.string(), z.int()),
});

const IntervalSchema = z.strictObject({ low: z.number(), high: z.number() });

/** How large sums can be (proven for every input), and how large they were over the golden samples. */
export const AccumulatorSchema = z.strictObject({
  node: z.string(),
  proven: IntervalSchema,
  /** Of the smallest two's complement number that holds the proven interval. */
  bits: z.int(),
  /** Null: not measured. */
  observed: IntervalSchema.nullable(),
});

/** One buffer of the arena: its place, and the layers during which it is in use. */
export const ArenaBufferSchema = z.strictObject({
  id: z.string(),
  offset: bytes,
  bytes,
  /** Indices of the first and the last layer (inclusive). */
  from: z.int(),
  to: z.int(),
});

export const GoldenReportSchema = z.strictObject({
  /** SHA-256 of each sample. */
  inputs: z.array(z.string()),
  logits: z.array(z.array(z.int())),
  /** CRC-32 of every layer's value, by sample. */
  crcs: z.array(z.array(z.int())),
});

export const ReportVerificationSchema = z.strictObject({
  passed: z.boolean(),
  rows: z.array(
    z.strictObject({
      core: z.string(),
      runner: z.string(),
      ran: z.boolean(),
      reason: z.string().nullable(),
      matched: z.number(),
      total: z.number(),
      accuracy: z.number().nullable(),
      instructionsPerInference: z.number().nullable(),
      layers: z.array(z.strictObject({ id: z.string(), instructions: z.number() })),
    }),
  ),
});

/** `report.json` of a bundle. */
export const BundleReportSchema = z.strictObject({
  bitsmith: z.strictObject({ report: z.literal(1), version: z.string() }),
  name: z.string(),
  /** C identifier of the network. */
  identifier: z.string(),
  target: z.string(),
  targetTitle: z.string(),
  format: z.string(),
  /** How kernels and packings were chosen; empty where the bundle does not say. */
  options: z.record(z.string(), z.json()),
  provenance: z.strictObject({
    run: z.string(),
    checkpoint: z.string(),
    checkpointSha256: z.string(),
    configHash: z.string(),
    dataset: z.string(),
    datasetSha256: z.string(),
    seed: z.number(),
    accuracy: z.number().nullable(),
  }),
  columns: ColumnsSchema,
  /** Null: planned numbers only; `remedy` says how to get the compiler. */
  measured: MeasuredSizesSchema.nullable(),
  remedy: z.string().nullable(),
  layers: z.array(LayerReportSchema),
  removedChannels: z.array(RemovedChannelsSchema),
  accumulators: z.array(AccumulatorSchema),
  arena: z.array(ArenaBufferSchema),
  /** From sound to the input; absent where the network does not hear. Working memory may be the arena's. */
  frontEnd: z.strictObject({ description: z.string(), tableBytes: bytes, scratchBytes: bytes }).optional(),
  macs: z.array(MacsSchema),
  cost: z.strictObject({ dense: CostSchema, sparse: CostSchema }),
  /** Activations as the golden samples have them. Null: the bundle does not say. */
  sparsity: SparsityReportSchema.nullable(),
  golden: GoldenReportSchema.nullable(),
  /** Of the last `bitsmith verify`; never in the bundle itself. */
  verification: ReportVerificationSchema.nullable(),
});
export type BundleReport = z.output<typeof BundleReportSchema>;
