import type { TF, Tensor } from '../../base/tensorflow.ts';

/**
 * Elementwise functions for large tensors, made of the kernels that are fast everywhere: the wasm back end computes `sign`,
 * `minimum`, `maximum` and `tanh` tens of times slower than sums, products and `step`.
 */

/** −1, 0 or +1. */
export function signOrZero(tf: TF, x: Tensor): Tensor {
  return tf.sub(tf.step(x), tf.step(tf.neg(x)));
}

/** The smaller of two finite tensors, element by element; exact, since each term is a number or 0. */
export function smallerOf(tf: TF, a: Tensor, b: Tensor): Tensor {
  const beyond = tf.step(tf.sub(a, b));
  return tf.add(tf.mul(a, tf.sub(1, beyond)), tf.mul(b, beyond));
}

/** The larger of two finite tensors, likewise. */
export function largerOf(tf: TF, a: Tensor, b: Tensor): Tensor {
  const below = tf.step(tf.sub(b, a));
  return tf.add(tf.mul(a, tf.sub(1, below)), tf.mul(b, below));
}

/** tanh x = 2 · sigmoid(2x) − 1, to within 2⁻²³. */
export function tanhFromSigmoid(tf: TF, x: Tensor): Tensor {
  return tf.sub(tf.mul(tf.sigmoid(tf.mul(x, 2)), 2), 1);
}
