import type { TF, Tensor } from '../../base/tensorflow.ts';

/**
 * Statistics of a pruned kernel are those of the weights that remain. The kernel arrives with zeros at the others, so sums
 * and maxima are right already; what changes is the number that a mean divides by.
 */

/** How many elements `mask` (1 or 0) keeps, over `axes` with kept dimensions; at least 1, so that it can divide. */
export function remaining(tf: TF, mask: Tensor, axes: number[]): Tensor {
  return tf.maximum(tf.sum(mask, axes, true), 1);
}

/** Mean over `axes`, with kept dimensions, of the elements that remain; `x` is 0 at all others. Without a mask: of all. */
export function meanRemaining(tf: TF, x: Tensor, axes: number[], mask: Tensor | undefined): Tensor {
  return mask ? tf.div(tf.sum(x, axes, true), remaining(tf, mask, axes)) : tf.mean(x, axes, true);
}

/** `x` with zeros where the mask has them. */
export function masked(tf: TF, x: Tensor, mask: Tensor | undefined): Tensor {
  return mask ? tf.mul(x, mask) : x;
}

/** Whether element `i` remains. */
export function remains(mask: Float32Array | undefined, i: number): boolean {
  return mask === undefined || mask[i] !== 0;
}
