import type { TF, Tensor } from '../../base/tensorflow.ts';

/** The sign that is never zero: sgn(0) = +1. */
export function sign(x: number): 1 | -1 {
  return x < 0 ? -1 : 1;
}

/**
 * sgn with sgn(0) = +1, as a tensor. Written with `step` (1 where its argument is positive), the cheapest comparison of
 * the wasm back end.
 */
export function signTensor(tf: TF, x: Tensor): Tensor {
  return tf.sub(1, tf.mul(2, tf.step(tf.neg(x))));
}

/** 1 where |x| ≤ bound, else 0. */
export function insideMask(tf: TF, x: Tensor, bound: number): Tensor {
  return tf.sub(1, tf.step(tf.sub(tf.abs(x), bound)));
}
