import type { TF, Tensor } from '../../../base/tensorflow.ts';
import { SMALLEST_STEP, uniformCodes } from '../../parts/uniform.ts';

/**
 * The k-bit gradient of DoReFa: g' = g/(2M) + ½ + (noise − ½)/n, g_q = 2M · (round(n · clip(g', 0, 1))/n − ½), with M
 * the largest |g| of each sample (first axis) and n = 2^k − 1. The expectation over the noise is g itself wherever no
 * clipping occurs.
 *
 * @param noise uniform in [0, 1), of g's shape
 */
export function quantizedGradient(tf: TF, g: Tensor, noise: Tensor, bits: number): Tensor {
  const n = 2 ** bits - 1;
  const axes = g.shape.map((_, axis) => axis).slice(1);
  const largest = tf.max(tf.abs(g), axes, true);
  const safe = tf.maximum(tf.mul(largest, 2), TINY);
  const dithered = tf.add(tf.add(tf.div(g, safe), 0.5), tf.mul(tf.sub(noise, 0.5), 1 / n));
  const codes = uniformCodes(tf, tf.clipByValue(dithered, 0, 1), Math.fround(1 / n), 0, n);
  return tf.mul(tf.sub(tf.mul(codes, 2), n), tf.mul(largest, 1 / n));
}

/** Gradients are small: the divisor is held above a number far below any of them. */
const TINY = SMALLEST_STEP ** 2;
