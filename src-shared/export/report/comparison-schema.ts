import { z } from 'zod';

const number = z.number().nullable();

/** A number in both bundles; the difference is b − a. Null: not known. */
export const PairSchema = z.strictObject({ a: number, b: number, difference: number });
export type Pair = z.output<typeof PairSchema>;

const TextPairSchema = z.strictObject({ a: z.string().nullable(), b: z.string().nullable() });

export const LayerComparisonSchema = z.strictObject({
  id: z.string(),
  kind: TextPairSchema,
  shape: TextPairSchema,
  kernel: TextPairSchema,
  packing: TextPairSchema,
  weightBytes: PairSchema,
  thresholdBytes: PairSchema,
  activationBytes: PairSchema,
  macs: PairSchema,
  nonzeros: PairSchema,
  estimatedInstructions: PairSchema,
  measuredInstructions: PairSchema,
  /** Whether anything above differs. */
  differs: z.boolean(),
});
export type LayerComparison = z.output<typeof LayerComparisonSchema>;

const SideSchema = z.strictObject({
  name: z.string(),
  target: z.string(),
  format: z.string(),
  version: z.string(),
  compiler: z.string().nullable(),
});

/** Two bundles side by side: `bitsmith report A B`. */
export const BundleComparisonSchema = z.strictObject({
  a: SideSchema,
  b: SideSchema,
  /** Flash and RAM under the names of ST's model zoo. */
  columns: z.record(z.string(), PairSchema),
  /** Sections of the linked images. */
  sections: z.array(z.strictObject({ name: z.string(), bytes: PairSchema })),
  /** Code of each kernel. */
  kernels: z.array(z.strictObject({ name: z.string(), bytes: PairSchema })),
  totals: z.strictObject({ macs: PairSchema, nonzeros: PairSchema, bitOperations: PairSchema }),
  /** In both, in the order of b. */
  layers: z.array(LayerComparisonSchema),
  /** Only in b, and only in a. */
  added: z.array(z.string()),
  removed: z.array(z.string()),
  /** Null where a bundle has no vectors in its report. */
  vectors: z
    .strictObject({
      /** Samples of both, in their order, with the same bytes. */
      sameInputs: z.int(),
      count: z.strictObject({ a: z.int(), b: z.int() }),
      /** Of the common samples, those with equal logits. */
      sameLogits: z.int(),
      /** Null: nothing differs where inputs are the same. */
      firstDifference: z
        .strictObject({
          sample: z.int(),
          /** The first layer in both whose value differs, by its CRC-32; null: only the logits do. */
          layer: z.string().nullable(),
          logits: z.strictObject({ a: z.array(z.int()), b: z.array(z.int()) }),
        })
        .nullable(),
    })
    .nullable(),
  /** Instructions of one inference by core, where either bundle was verified on it. */
  instructions: z.array(z.strictObject({ core: z.string(), count: PairSchema })),
  accuracy: PairSchema,
  /** Options and origins that differ; null: a bundle does not say. */
  options: z.array(z.strictObject({ field: z.string(), a: z.string().nullable(), b: z.string().nullable() })),
  provenance: z.array(
    z.strictObject({ field: z.string(), a: z.string().nullable(), b: z.string().nullable() }),
  ),
});
export type BundleComparison = z.output<typeof BundleComparisonSchema>;
