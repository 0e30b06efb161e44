import type { TF, Tensor } from '../../../base/tensorflow.ts';
import { signOrZero, smallerOf, tanhFromSigmoid } from '../../parts/fast-elementwise.ts';
import { sign } from '../../parts/sign.ts';

/**
 * The discrete space of S equally spaced states from −1 to 1; the paper's Z_N has S = 2^N + 1, and 2 for N = 0. A state is
 * an integer code times a unit: −(S−1)/2 … (S−1)/2 times 2/(S−1) where S is odd, so that 0 is a state; the odd numbers from
 * −(S−1) to S−1 times 1/(S−1) where S is even. Ternary: −1, 0, 1 times 1; binary: −1, 1 times 1.
 */
export interface Space {
  /** Value of the code 1. */
  unit: number;
  /** Difference of neighbouring codes: 1 or 2. */
  stride: 1 | 2;
  /** Largest code. */
  largest: number;
}

/** The number of states where it is given by itself, else that of the paper's Z_N. */
export function stateCount({ states, order }: { states: number | 'auto'; order: number }): number {
  if (states !== 'auto') return states;
  return order === 0 ? 2 : 2 ** order + 1;
}

export function spaceOf(states: number): Space {
  return states % 2 === 1
    ? { unit: 2 / (states - 1), stride: 1, largest: (states - 1) / 2 }
    : { unit: 1 / (states - 1), stride: 2, largest: states - 1 };
}

/** Distance of neighbouring states. */
export function stateStep(states: number): number {
  return 2 / (states - 1);
}

/** Bits that so many states take. */
export function stateBits(states: number): number {
  return Math.ceil(Math.log2(states));
}

/** Code of the state next to w; halfway between two states the upper one. */
export function nearestCode(w: number, states: number): number {
  const { unit, stride, largest } = spaceOf(states);
  const steps = Math.fround(w / Math.fround(unit * stride));
  const code = stride === 1 ? Math.floor(Math.fround(steps + 0.5)) : 2 * Math.floor(steps) + 1;
  return Math.min(largest, Math.max(-largest, code));
}

/** The state next to w, in float32. */
export function nearestState(w: number, states: number): number {
  return Math.fround(nearestCode(w, states) * Math.fround(spaceOf(states).unit));
}

/** The codes of a tensor. */
export function nearestCodeTensor(tf: TF, w: Tensor, states: number): Tensor {
  const { unit, stride, largest } = spaceOf(states);
  const steps = unit * stride === 1 ? w : tf.div(w, unit * stride);
  const code = stride === 1 ? tf.floor(tf.add(steps, 0.5)) : tf.add(tf.mul(tf.floor(steps), 2), 1);
  return tf.clipByValue(code, -largest, largest);
}

/** The states of a tensor. */
export function nearestStateTensor(tf: TF, w: Tensor, states: number): Tensor {
  return statesOfCodes(tf, nearestCodeTensor(tf, w, states), states);
}

function statesOfCodes(tf: TF, codes: Tensor, states: number): Tensor {
  const { unit } = spaceOf(states);
  return unit === 1 ? codes : tf.mul(codes, unit);
}

/** A move between states: the whole steps that are taken for sure, as a difference, and the probability of one more. */
export interface Transition {
  sure: number;
  probability: number;
}

/**
 * Discrete state transition from the state w for the wanted change dW: ρ = dW restricted to the space, κ its whole
 * steps, ν the rest; the state moves by κ steps and, with probability tanh(m · |ν|/step), by one more in its direction.
 */
export function transition(w: number, change: number, states: number, steepness: number): Transition {
  const { stride, largest } = spaceOf(states);
  const direction = sign(change);
  const room = (largest - direction * nearestCode(w, states)) / stride;
  const steps = Math.min(Math.abs(change) / stateStep(states), room);
  const whole = Math.floor(steps);
  return {
    sure: direction * whole * stateStep(states),
    probability: Math.tanh(steepness * (steps - whole)),
  };
}

/** The states after a transition, for noise uniform in [0, 1): the additional step is taken where noise < probability. */
export function movedTensor(
  tf: TF,
  before: Tensor,
  proposed: Tensor,
  noise: Tensor,
  states: number,
  steepness: number,
): Tensor {
  const { stride, largest } = spaceOf(states);
  const codes = nearestCodeTensor(tf, before, states);
  const change = tf.sub(proposed, statesOfCodes(tf, codes, states));
  const direction = signOrZero(tf, change);
  // Counted in codes, the room up to the end of the space is a whole number of steps.
  const room = tf.sub(largest, tf.mul(direction, codes));
  const wanted = tf.mul(tf.abs(change), 1 / stateStep(states));
  const steps = smallerOf(tf, wanted, stride === 1 ? room : tf.mul(room, 1 / stride));
  const whole = tf.floor(steps);
  const probability = tanhFromSigmoid(tf, tf.mul(tf.sub(steps, whole), steepness));
  const taken = tf.mul(tf.add(whole, tf.step(tf.sub(probability, noise))), direction);
  const moved = tf.add(codes, stride === 1 ? taken : tf.mul(taken, stride));
  return statesOfCodes(tf, tf.clipByValue(moved, -largest, largest), states);
}
