import type { TF, Tensor } from '../../../base/tensorflow.ts';

/**
 * The discrete space Z_N = {n/2^(N−1) − 1 : n = 0 … 2^N}: 2^N + 1 states with step 1/2^(N−1). N = 0 is binary,
 * {−1, 1} with step 2; N = 1 is ternary.
 */
export function stateStep(order: number): number {
  return order === 0 ? 2 : 2 ** (1 - order);
}

/** Bits that 2^N + 1 states (two for N = 0) take. */
export function stateBits(order: number): number {
  return order + 1;
}

/** The state next to w; halfway between two states the upper one. */
export function nearestState(w: number, order: number): number {
  if (order === 0) return w < 0 ? -1 : 1;
  const step = stateStep(order);
  return Math.min(1, Math.max(-1, Math.floor(Math.fround(w / step + 0.5)) * step));
}

/** The same for a tensor. */
export function nearestStateTensor(tf: TF, w: Tensor, order: number): Tensor {
  if (order === 0) return tf.sub(1, tf.mul(2, tf.step(tf.neg(w))));
  const step = stateStep(order);
  return tf.clipByValue(tf.mul(tf.floor(tf.add(tf.div(w, step), 0.5)), step), -1, 1);
}

/** A move between states: the whole steps that are taken for sure, and the probability of one more. */
export interface Transition {
  sure: number;
  probability: number;
}

/**
 * Discrete state transition from the state w for the wanted change dW: ρ = dW restricted to the space, κ its whole
 * steps, ν the rest; the state moves by κ steps and, with probability tanh(m · |ν|/step), by one more in its direction.
 */
export function transition(w: number, change: number, order: number, steepness: number): Transition {
  const step = stateStep(order);
  const wanted = Math.min(1 - w, Math.max(-1 - w, change));
  const whole = Math.trunc(wanted / step);
  const rest = Math.abs(wanted - whole * step);
  return { sure: whole * step, probability: Math.tanh((steepness * rest) / step) };
}

/** The state after a transition, for noise uniform in [0, 1): the additional step is taken where noise < probability. */
export function movedTensor(
  tf: TF,
  before: Tensor,
  proposed: Tensor,
  noise: Tensor,
  order: number,
  steepness: number,
): Tensor {
  const step = stateStep(order);
  const change = tf.sub(proposed, before);
  const wanted = tf.minimum(tf.maximum(change, tf.sub(-1, before)), tf.sub(1, before));
  const steps = tf.div(tf.abs(wanted), step);
  const whole = tf.floor(steps);
  const probability = tf.tanh(tf.mul(tf.sub(steps, whole), steepness));
  const taken = tf.add(whole, tf.step(tf.sub(probability, noise)));
  return tf.clipByValue(tf.add(before, tf.mul(tf.mul(tf.sign(wanted), taken), step)), -1, 1);
}
