import { RandomStream } from '../base/random.ts';
import type { TF, Tensor } from '../base/tensorflow.ts';
import type { Augmentation } from '../dataset/augmentation.ts';
import { assembleBatch } from '../dataset/batch.ts';
import type { Normalization, Samples } from '../dataset/types.ts';
import type { ResolvedModel } from '../model/resolve.ts';
import type { Moment, PlanUses } from './moment.ts';
import { noiseShapes } from './noise.ts';
import { optimizerScalars } from './optimizers/index.ts';
import type { TrainingPlan } from './plan.ts';
import type { StepInput } from './step.ts';

interface Source {
  tf: TF;
  model: ResolvedModel;
  plan: TrainingPlan;
  uses: PlanUses;
  seed: number;
  samples: Samples;
  normalization: Normalization;
  augmentation: Augmentation | null;
}

/** Everything that enters a step, on the back end. The caller disposes it. */
export function stepInput(
  source: Source,
  indices: Uint32Array,
  at: { epoch: number; step: number },
  moment: Moment,
): StepInput {
  const { tf, model, plan, normalization, augmentation, samples, seed } = source;
  const batch = indices.length;
  const size = samples.shape.reduce((product, extent) => product * extent, 1);
  const pixels = new Float32Array(batch * size);
  const labels = new Int32Array(batch);
  assembleBatch(samples, indices, normalization, augmentation, seed, at.epoch, pixels, labels);
  const scalars = {
    ...optimizerScalars(plan.optimizer, moment.learningRate, at.step),
    ...momentScalars(source.uses, moment),
  };
  return {
    x: tf.tensor(pixels, [batch, ...samples.shape], 'float32'),
    targets: oneHot(tf, labels, model.outputs),
    scalars: Object.fromEntries(Object.entries(scalars).map(([name, value]) => [name, tf.scalar(value)])),
    noise: noiseTensors(tf, model, seed, batch, at.step),
  };
}

/** The numbers of a moment that the plan makes use of; the others do not enter the step. */
export function momentScalars(uses: PlanUses, moment: Moment): Record<string, number> {
  return {
    ...(uses.weightBlend ? { weightQuantization: moment.weightQuantization } : {}),
    ...(uses.activationBlend ? { activationQuantization: moment.activationQuantization } : {}),
    ...(uses.regularization ? { regularization: moment.regularization } : {}),
    ...(uses.freezeBatchNorm ? { freezeBatchNorm: Number(moment.freezeBatchNorm) } : {}),
    ...(uses.freezeQuantizer ? { freezeQuantizer: Number(moment.freezeQuantizer) } : {}),
  };
}

/** Uniform noise for the layers and methods that ask for it, keyed by (seed, name, step). */
export function noiseTensors(
  tf: TF,
  model: ResolvedModel,
  seed: number,
  batch: number,
  step: number,
): Record<string, Tensor> {
  const noise: Record<string, Tensor> = {};
  for (const [name, shape] of noiseShapes(model, batch)) {
    const random = new RandomStream(seed, `noise:${name}`, step);
    const count = shape.reduce((product, extent) => product * extent, 1);
    noise[name] = tf.tensor(random.uniforms(count), shape, 'float32');
  }
  return noise;
}

function oneHot(tf: TF, labels: Int32Array, classes: number): Tensor {
  const values = new Float32Array(labels.length * classes);
  labels.forEach((label, i) => {
    values[i * classes + label] = 1;
  });
  return tf.tensor(values, [labels.length, classes], 'float32');
}
