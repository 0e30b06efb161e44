import { z } from 'zod';
import { DATASET_NAME } from './name.ts';
import { NORMALIZATION_KINDS } from './normalization.ts';

/** What a run says about its data. */
export const DatasetChoiceSchema = z.strictObject({
  /** Name of an installed data set. */
  name: z.string().regex(DATASET_NAME, 'must be lower-case letters, digits and hyphens'),
  /** Share of the training samples that is held back for validation. */
  validation: z.number().min(0).max(0.5).default(0.1),
  normalization: z.enum(NORMALIZATION_KINDS).default('centered'),
  augmentation: z
    .strictObject({
      /** Pixels added on each side before cropping at a random place to the old size. */
      pad: z.int().min(0).max(16).default(0),
      /** Mirrors left and right with probability one half. */
      flip: z.boolean().default(false),
    })
    .prefault({}),
  /** Takes a fixed subset, the same whatever the seed: for quick trials. */
  limit: z
    .strictObject({
      train: z.int().min(1).optional(),
      test: z.int().min(1).optional(),
    })
    .optional(),
});
export type DatasetChoice = z.output<typeof DatasetChoiceSchema>;
