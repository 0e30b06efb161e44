import { z } from 'zod';
import type { TF, Tensor } from '../../../base/tensorflow.ts';

/** Thresholds below it count as this much where a window is as wide as they are. */
const SMALLEST_THRESHOLD = 1e-6;

export const thresholdWindow = z
  .number()
  .positive()
  .max(10)
  .default(1)
  .describe(
    'trained thresholds only: a residual moves its threshold where it is nearer to it than this multiple of the threshold',
  );

/**
 * The derivative of T = 1[r > Δ] − 1[r < −Δ] with respect to Δ, each step replaced by a rectangle of unit area and half
 * width a = ratio · Δ around it: −sgn(r)/(2a) where ||r| − Δ| ≤ a, else 0.
 */
export function thresholdSlope(tf: TF, residual: Tensor, delta: Tensor, ratio: number): Tensor {
  const half = tf.mul(tf.maximum(delta, SMALLEST_THRESHOLD), ratio);
  const distance = tf.abs(tf.sub(tf.abs(residual), delta));
  const inside = tf.sub(1, tf.step(tf.sub(distance, half)));
  return tf.div(tf.mul(inside, tf.neg(tf.sign(residual))), tf.mul(half, 2));
}
