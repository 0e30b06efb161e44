import { z } from 'zod';
import { call, type Feature } from '../api.ts';
import { HELD_OUT } from '../../train/predictions/types.ts';

/** A checkpoint of a run, and which of the samples that the run was not trained on. */
export const ConfusionKeySchema = z.strictObject({
  run: z.string().min(1),
  checkpoint: z.string().min(1),
  split: z.enum(HELD_OUT),
});
export type ConfusionKey = z.output<typeof ConfusionKeySchema>;

/** What a checkpoint's network takes each class for, in its deployment form. */
export const ConfusionSchema = z.strictObject({
  ...ConfusionKeySchema.shape,
  /** Names of the classes. */
  classes: z.array(z.string()),
  /** `counts[truth · classes + predicted]`. */
  counts: z.array(z.int().nonnegative()),
  /** The data set, and the part of it that the samples are of. */
  dataset: z.string(),
  part: z.enum(['train', 'test']),
  /** False: the data set that was looked at is not the one that is installed now, so its samples cannot be shown. */
  current: z.boolean(),
  /** Back end that computed it. */
  device: z.string(),
});
export type Confusion = z.output<typeof ConfusionSchema>;

/** Most examples in one answer. */
export const MOST_EXAMPLES = 200;

export const ExampleRequestSchema = z.strictObject({
  ...ConfusionKeySchema.shape,
  /** Of this class, and taken for this one; null: any. */
  truth: z.int().nonnegative().nullable().default(null),
  predicted: z.int().nonnegative().nullable().default(null),
  mistakes: z.boolean().default(false),
  order: z.enum(['sure', 'unsure']).default('sure'),
  offset: z.int().nonnegative().default(0),
  count: z.int().min(1).max(MOST_EXAMPLES).default(24),
});

export const ExamplesSchema = z.strictObject({
  /** All that fit, of which some are listed. */
  total: z.int().nonnegative(),
  samples: z.array(
    z.strictObject({
      /** In its part of the data set. */
      index: z.int().nonnegative(),
      truth: z.int().nonnegative(),
      predicted: z.int().nonnegative(),
      /** Softmax of the logits: of the predicted class, and of the true one. */
      probability: z.number(),
      truthProbability: z.number(),
    }),
  ),
});
export type Examples = z.output<typeof ExamplesSchema>;

/** Which classes the network of a checkpoint confuses, and the samples that it does so with. */
export const confusionApi = {
  /** What is kept; null: not computed yet. */
  get: call(ConfusionKeySchema, ConfusionSchema.nullable()),
  /** Starts a task (label `confusion`: run/checkpoint/split) that computes and keeps it; its result is the Confusion. */
  measure: call(ConfusionKeySchema, z.strictObject({ task: z.string() })),
  /** Samples of what is kept. */
  examples: call(ExampleRequestSchema, ExamplesSchema),
} satisfies Feature;

/** The label of the task that computes this. */
export function confusionLabel({ run, checkpoint, split }: ConfusionKey): string {
  return `${run}/${checkpoint}/${split}`;
}
