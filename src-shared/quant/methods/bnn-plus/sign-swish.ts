import type { TF, Tensor } from '../../../base/tensorflow.ts';

/**
 * SS_b'(x) = b·(2 − b·x·tanh(b·x/2))/(1 + cosh(b·x)), the derivative of SS_b(x) = 2σ(bx)·[1 + bx·(1 − σ(bx))] − 1.
 * Written with e = exp(−b|x|), so that nothing overflows: tanh(u/2) = (1 − e)/(1 + e), 1/(1 + cosh u) = 2e/(1 + e)².
 */
export function signSwishSlope(x: number, b: number): number {
  const u = b * Math.abs(x);
  const e = Math.exp(-u);
  return ((2 * b * e) / (1 + e) ** 2) * (2 - (u * (1 - e)) / (1 + e));
}

/** The same for a tensor. */
export function signSwishSlopeTensor(tf: TF, x: Tensor, b: number): Tensor {
  const u = tf.mul(tf.abs(x), b);
  const e = tf.exp(tf.neg(u));
  const sum = tf.add(e, 1);
  const bracket = tf.sub(2, tf.mul(u, tf.div(tf.sub(1, e), sum)));
  return tf.mul(tf.div(tf.mul(e, 2 * b), tf.square(sum)), bracket);
}
