import type { TF, Tensor } from '../base/tensorflow.ts';

/**
 * Discrete weights in a few bits each. A kernel whose values are always among `states` equally spaced ones in [−1, 1] is
 * kept as words of 24 bits, the whole numbers that a float32 holds exactly: ⌊24/b⌋ weights in a word, b = ⌈log2 states⌉.
 * So ternary weights take 2.67 bits each on the back end instead of 32, and only float arithmetic is needed to read
 * them, which every back end has.
 */
const WORD_BITS = 24;

function layout(states: number): { bits: number; perWord: number; step: number } {
  const bits = Math.ceil(Math.log2(states));
  return { bits, perWord: Math.floor(WORD_BITS / bits), step: 2 / (states - 1) };
}

/** Words that `count` weights take. */
export function packedLength(count: number, states: number): number {
  return Math.ceil(count / layout(states).perWord);
}

/** A kernel of any shape as words, [packedLength]. */
export function packTensor(tf: TF, kernel: Tensor, states: number): Tensor {
  const { bits, perWord, step } = layout(states);
  return tf.tidy(() => {
    const words = packedLength(kernel.size, states);
    const indices = tf.floor(tf.add(tf.div(tf.add(tf.reshape(kernel, [-1]), 1), step), 0.5));
    const padded = tf.pad(indices, [[0, words * perWord - kernel.size]]);
    const weights = tf.tensor1d(Array.from({ length: perWord }, (_, i) => 2 ** (bits * i)));
    return tf.sum(tf.mul(tf.reshape(padded, [words, perWord]), weights), 1);
  });
}

/** The kernel that `packTensor` has packed. */
export function unpackTensor(tf: TF, words: Tensor, shape: readonly number[], states: number): Tensor {
  const { bits, perWord, step } = layout(states);
  return tf.tidy(() => {
    const count = shape.reduce((product, extent) => product * extent, 1);
    const divisors = tf.tensor1d(Array.from({ length: perWord }, (_, i) => 2 ** -(bits * i)));
    const quotients = tf.floor(tf.mul(tf.reshape(words, [-1, 1]), divisors));
    const digits = tf.sub(quotients, tf.mul(tf.floor(tf.mul(quotients, 2 ** -bits)), 2 ** bits));
    const values = tf.sub(tf.mul(tf.reshape(digits, [-1]), step), 1);
    return tf.reshape(tf.slice(values, [0], [count]), [...shape]);
  });
}

/** Indices 0 … states − 1 of the states, as they are stored in checkpoints: one byte each. */
export function stateIndices(kernel: Float32Array, states: number): Int8Array {
  const { step } = layout(states);
  // 129 states or more would not fit a signed byte; they are stored shifted.
  return Int8Array.from(kernel, (w) => Math.round((w + 1) / step) - shift(states));
}

/** The kernel of stored state indices. */
export function fromStateIndices(indices: Int8Array, states: number): Float32Array {
  const { step } = layout(states);
  return Float32Array.from(indices, (index) => (index + shift(states)) * step - 1);
}

function shift(states: number): number {
  return Math.floor(states / 2);
}
