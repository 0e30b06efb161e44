import { z } from 'zod';
import { DATASET_NAME } from './name.ts';
import { NORMALIZATION_KINDS } from './normalization.ts';

/** What a run says about its data. */
export const DatasetChoiceSchema = z.strictObject({
  /** Name of an installed data set. */
  name: z.string().regex(DATASET_NAME, 'must be lower-case letters, digits and hyphens'),
  validation: z
    .number()
    .min(0)
    .max(0.5)
    .default(0.1)
    .describe('share of the training samples that is held back'),
  normalization: z.enum(NORMALIZATION_KINDS).default('centered'),
  augmentation: z
    .strictObject({
      pad: z
        .int()
        .min(0)
        .max(16)
        .default(0)
        .meta({ unit: 'px', description: 'added on each side before a random crop to the old size' }),
      flip: z.boolean().default(false).describe('mirrors every second sample, by chance, left and right'),
    })
    .prefault({}),
  /** Takes a fixed subset, the same whatever the seed: for quick trials. */
  limit: z
    .strictObject({
      train: z.int().min(1).optional().meta({ description: 'samples of a fixed subset', absent: 'all' }),
      test: z.int().min(1).optional().meta({ description: 'samples of a fixed subset', absent: 'all' }),
    })
    .optional(),
});
export type DatasetChoice = z.output<typeof DatasetChoiceSchema>;
