import type { TF, Tensor } from '../../base/tensorflow.ts';

export const WINDOWS = ['rectangular', 'triangular'] as const;
export type Window = (typeof WINDOWS)[number];

/**
 * Pulse of unit area and half-width `a` around 0, the derivative that stands in for a step (Deng et al. 2018):
 * rectangular 1/(2a) on |u| ≤ a; triangular (a − |u|)/a² on |u| ≤ a.
 */
export function windowValue(kind: Window, u: number, a: number): number {
  const distance = Math.abs(u);
  if (distance > a) return 0;
  return kind === 'rectangular' ? 1 / (2 * a) : (a - distance) / (a * a);
}

/** The same for a tensor u. */
export function windowTensor(tf: TF, kind: Window, u: Tensor, a: number): Tensor {
  const distance = tf.abs(u);
  if (kind === 'triangular') return tf.div(tf.relu(tf.sub(a, distance)), a * a);
  return tf.mul(tf.sub(1, tf.step(tf.sub(distance, a))), 1 / (2 * a));
}
