import { z } from 'zod';
import type { TF, Tensor } from '../../base/tensorflow.ts';

const beta = z.number().min(0).lt(1);
const decay = z.number().min(0).max(1);

export const OptimizerSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('sgd'),
    momentum: beta.default(0.9),
    nesterov: z.boolean().default(false),
    weightDecay: decay.default(0),
  }),
  z.strictObject({
    kind: z.literal('adam'),
    beta1: beta.default(0.9),
    beta2: beta.default(0.999),
    epsilon: z.number().positive().default(1e-8),
    weightDecay: decay.default(0),
  }),
  z.strictObject({
    kind: z.literal('adamw'),
    beta1: beta.default(0.9),
    beta2: beta.default(0.999),
    epsilon: z.number().positive().default(1e-8),
    weightDecay: decay.default(0.01),
  }),
]);
export type Optimizer = z.output<typeof OptimizerSchema>;

/** Names of the slots that the optimizer keeps per trainable variable, each of the variable's shape, zero at first. */
export function slotNames(optimizer: Optimizer): string[] {
  return optimizer.kind === 'sgd' ? (optimizer.momentum > 0 ? ['momentum'] : []) : ['m', 'v'];
}

/**
 * The numbers that change from step to step; they enter the step as scalar tensors.
 *
 * @param step steps completed before this one, ≥ 0
 */
export function optimizerScalars(
  optimizer: Optimizer,
  learningRate: number,
  step: number,
): Record<string, number> {
  if (optimizer.kind === 'sgd') return { learningRate };
  return {
    learningRate,
    mCorrection: 1 / (1 - optimizer.beta1 ** (step + 1)),
    vCorrection: 1 / (1 - optimizer.beta2 ** (step + 1)),
  };
}

export interface UpdateInput {
  value: Tensor;
  gradient: Tensor;
  slots: Record<string, Tensor>;
  scalars: Record<string, Tensor>;
  /** Whether weight decay applies to this variable. */
  decay: boolean;
}

/**
 * One update, pure: new value and new slots from old ones.
 *   sgd    g += wd·w; m ← μ·m + g; w ← w − lr·m  (Nesterov: w ← w − lr·(g + μ·m))
 *   adam   g += wd·w; m, v moments; w ← w − lr · m̂/(√v̂ + ε)      (Kingma, Ba, arXiv 1412.6980)
 *   adamw  as adam without L2, then w ← w − lr·wd·w              (Loshchilov, Hutter, arXiv 1711.05101)
 */
export function updateTensors(
  tf: TF,
  optimizer: Optimizer,
  { value, gradient, slots, scalars, decay: decays }: UpdateInput,
): { value: Tensor; slots: Record<string, Tensor> } {
  const rate = scalars.learningRate;
  if (!rate) throw new RangeError('the learning rate must enter the step as a tensor');
  const decayed = decays && optimizer.weightDecay > 0;
  const g =
    decayed && optimizer.kind !== 'adamw' ? tf.add(gradient, tf.mul(value, optimizer.weightDecay)) : gradient;
  if (optimizer.kind === 'sgd') {
    if (!slots.momentum) return { value: tf.sub(value, tf.mul(g, rate)), slots: {} };
    const momentum = tf.add(tf.mul(slots.momentum, optimizer.momentum), g);
    const move = optimizer.nesterov ? tf.add(g, tf.mul(momentum, optimizer.momentum)) : momentum;
    return { value: tf.sub(value, tf.mul(move, rate)), slots: { momentum } };
  }
  const { mCorrection, vCorrection } = scalars;
  if (!slots.m || !slots.v || !mCorrection || !vCorrection)
    throw new RangeError('Adam lacks a slot or a scalar');
  const m = tf.add(tf.mul(slots.m, optimizer.beta1), tf.mul(g, 1 - optimizer.beta1));
  const v = tf.add(tf.mul(slots.v, optimizer.beta2), tf.mul(tf.square(g), 1 - optimizer.beta2));
  const move = tf.div(tf.mul(m, mCorrection), tf.add(tf.sqrt(tf.mul(v, vCorrection)), optimizer.epsilon));
  const moved = tf.sub(value, tf.mul(move, rate));
  const result =
    decayed && optimizer.kind === 'adamw'
      ? tf.sub(moved, tf.mul(value, tf.mul(rate, optimizer.weightDecay)))
      : moved;
  return { value: result, slots: { m, v } };
}
