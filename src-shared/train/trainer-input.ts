import { BitsmithError } from '../base/errors.ts';
import type { TF } from '../base/tensorflow.ts';
import type { Augmentation } from '../dataset/augmentation.ts';
import type { Normalization, Samples } from '../dataset/types.ts';
import type { ResolvedModel } from '../model/resolve.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { Command } from './events.ts';
import type { TrainingPlan } from './plan.ts';

/** Everything that training needs; see `Trainer`. */
export interface TrainerInput {
  tf: TF;
  model: ResolvedModel;
  plan: TrainingPlan;
  seed: number;
  configHash: string;
  normalization: Normalization;
  augmentation: Augmentation;
  /** Training samples, of which `split.train` is trained on and `split.validation` held back. */
  samples: Samples;
  test: Samples;
  split: { train: Uint32Array; validation: Uint32Array; test: Uint32Array };
  /** Goes on from here; absent: from the start. */
  resume?: Checkpoint;
  /** Another run's numbers to start from instead of random ones: variables by name, where their shapes agree. */
  initial?: Pick<Checkpoint, 'tensors'>;
  /** Pauses exactly at the end of this epoch. */
  untilEpoch?: number;
  /** The next command of a person, if any; asked between two steps. */
  command(): Command | null;
  /** Lets messages in and out; awaited between two steps. */
  breathe(): Promise<void>;
  /** Seconds, monotonic. */
  now(): number;
  /** Bytes of memory that the process has taken; absent: not recorded. */
  memory?(): number;
}

/**
 * Whole batches of an epoch.
 *
 * @throws BitsmithError `invalid-input` when there are fewer training samples than one batch, or nothing to judge pruning
 *   rounds by
 */
export function stepsPerEpoch({ plan, split }: Pick<TrainerInput, 'plan' | 'split'>): number {
  const steps = Math.floor(split.train.length / plan.batchSize);
  if (steps === 0) {
    throw new BitsmithError(
      'invalid-input',
      `"training.batchSize" is ${plan.batchSize}, but there are only ${split.train.length} training samples`,
    );
  }
  if (plan.pruning?.rounds && split.validation.length === 0) {
    throw new BitsmithError(
      'invalid-input',
      '"dataset.validation" is 0, but pruning rounds are judged by the accuracy on a validation split',
    );
  }
  return steps;
}
