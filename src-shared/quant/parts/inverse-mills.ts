import type { TF, Tensor } from '../../base/tensorflow.ts';

/**
 * The inverse Mills ratio λ(z) = φ(z)/(1 − Φ(z)) of the standard normal distribution: the mean of what lies beyond z.
 *
 * A polynomial in u = (z − 2)/2 on 0 ≤ z ≤ 4 (Chebyshev interpolation of degree 12, error below 2e-9), because
 * 1 − Φ from an error function in float32 loses its digits in the tail. Its slope is λ(λ − z).
 */
const COEFFICIENTS = [
  2.3732155330512, 1.7714418158735, 0.11871170011234, -0.052563123094494, 0.019399687145203,
  -0.0054869910389239, 0.00078833232861583, 0.00029281061268646, -0.00031497029898438, 0.00018229831527059,
  -6.4062516078252e-5, -5.5175031947047e-6, 9.6326040900325e-6,
];

/** Largest z that the polynomial covers. */
export const MILLS_LIMIT = 4;

/** λ(z) for 0 ≤ z ≤ 4. */
export function inverseMills(z: number): number {
  return COEFFICIENTS.reduceRight((sum, coefficient) => sum * ((z - 2) / 2) + coefficient, 0);
}

/** λ(z) of a tensor with values in [0, 4]. */
export function inverseMillsTensor(tf: TF, z: Tensor): Tensor {
  const u = tf.sub(tf.mul(z, 0.5), 1);
  const [first = 0, ...rest] = COEFFICIENTS.toReversed();
  const start: Tensor = tf.fill(z.shape, first);
  return rest.reduce((sum, coefficient) => tf.add(tf.mul(sum, u), coefficient), start);
}
