import type { TF, Tensor } from '../../base/tensorflow.ts';

/** 1 where |x| < bound, else 0: the clipped window without its edges. */
export function openMask(tf: TF, x: Tensor, bound: number): Tensor {
  return tf.step(tf.sub(bound, tf.abs(x)));
}
