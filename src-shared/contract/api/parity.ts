import { z } from 'zod';
import { SoundFeaturesSchema } from '../../dataset/sound/spec.ts';
import { InputFeatureSchema } from './dataset.ts';

/** Which sample a parity run is about. */
export const ParitySampleSchema = z.discriminatedUnion('by', [
  /** Of the test samples. */
  z.strictObject({ by: z.literal('index'), index: z.int().min(0) }),
  /** The occurrence-th test sample of a class, from 0. */
  z.strictObject({
    by: z.literal('class'),
    label: z.int().min(0),
    occurrence: z.int().min(0).default(0),
  }),
  /** The first test sample from `from` on that the network takes for another class. */
  z.strictObject({ by: z.literal('wrong'), from: z.int().min(0).default(0) }),
  /** One of the extremes, patterns and inputs that hit thresholds exactly, as verification uses them. */
  z.strictObject({ by: z.literal('adversarial'), index: z.int().min(0) }),
]);
export type ParitySample = z.output<typeof ParitySampleSchema>;

const extent = { low: z.number(), high: z.number() };
export const CoveredLayerSchema = z.strictObject({ id: z.string(), kind: z.string() });
/** `ParityRow` of `src-shared/verify/parity/parity.ts`, where its fields are described. */
export const ParityRowSchema = z.strictObject({
  id: z.string(),
  kind: z.string(),
  shape: z.array(z.int()),
  step: z.string(),
  form: z.string(),
  kernel: z.string(),
  standsFor: z.string().nullable(),
  covers: z.array(CoveredLayerSchema),
  reference: z.strictObject(extent),
  firmware: z
    .strictObject({
      ...extent,
      differing: z.int(),
      largest: z.number(),
      first: z.strictObject({ index: z.int(), expected: z.number(), got: z.number() }).nullable(),
    })
    .nullable(),
  float: z
    .strictObject({
      ...extent,
      compared: z.int(),
      largest: z.number(),
      mean: z.number(),
      codes: z.int().nullable(),
      first: z.int().nullable(),
    })
    .nullable(),
});

/** What one sample becomes in the float network, the integer reference and the compiled firmware. */
export const ParityResultSchema = z.strictObject({
  /** By which `parityLayer` finds the values; the host keeps the last few. */
  id: z.string(),
  bundle: z.string(),
  sample: z.strictObject({
    /** Where it comes from, and its number there. */
    source: z.enum(['test', 'random', 'adversarial']),
    index: z.int(),
    /** How many there are of that source. */
    of: z.int(),
    label: z.int().nullable(),
    shape: z.array(z.int()),
    /** Raw bytes, base64. */
    pixels: z.string(),
    /** What the columns of a table are, and the front end of sound: how the sample is drawn. Absent for pictures. */
    features: z.array(InputFeatureSchema).optional(),
    sound: SoundFeaturesSchema.optional(),
  }),
  /** Class names in label order; empty when unknown. */
  classes: z.array(z.string()),
  /** Compiler of the firmware; null where it could not run, and why. */
  runner: z.string().nullable(),
  firmwareReason: z.string().nullable(),
  /** Why there is no float network; null where there is one. */
  floatReason: z.string().nullable(),
  rows: z.array(ParityRowSchema),
  logits: z.array(
    z.strictObject({
      class: z.int(),
      float: z.number().nullable(),
      reference: z.number(),
      real: z.number(),
      firmware: z.number().nullable(),
    }),
  ),
  predicted: z.strictObject({
    float: z.int().nullable(),
    reference: z.int(),
    firmware: z.int().nullable(),
  }),
  firstDifference: z.string().nullable(),
  firstRounding: z.string().nullable(),
  gone: z.array(CoveredLayerSchema),
});
export type ParityResult = z.output<typeof ParityResultSchema>;

/** The values of one row, some channels of them. */
export const ParityValuesSchema = z.strictObject({
  /** Height, width and channels: a vector is one channel of one row. */
  shape: z.tuple([z.int(), z.int(), z.int()]),
  from: z.int(),
  /** Channel by channel, row-major within one. */
  channels: z.array(
    z.strictObject({
      reference: z.array(z.number()),
      firmware: z.array(z.number()).nullable(),
      /** Real numbers of the float network, and those that the reference's integers stand for. */
      float: z.array(z.number()).nullable(),
      real: z.array(z.number()).nullable(),
      /** The real difference of neighbouring integers. */
      unit: z.number().nullable(),
    }),
  ),
});
export type ParityValues = z.output<typeof ParityValuesSchema>;

/** What a board printed, against the reference. */
export const BoardCheckSchema = z.strictObject({
  /** Logits that were read, by class. */
  logits: z.array(z.number()).nullable(),
  /** `PASS`, or where the self test says that it failed. */
  selfTest: z
    .strictObject({ passed: z.boolean(), layer: z.string().nullable(), table: z.string().nullable() })
    .nullable(),
  /** What the logits were compared with, and how. */
  compared: z
    .strictObject({
      with: z.string(),
      expected: z.array(z.number()),
      differing: z.array(z.int()),
      predicted: z.int(),
      expectedClass: z.int(),
    })
    .nullable(),
  agrees: z.boolean(),
});
export type BoardCheck = z.output<typeof BoardCheckSchema>;
