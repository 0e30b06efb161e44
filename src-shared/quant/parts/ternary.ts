import type { TF, Tensor } from '../../base/tensorflow.ts';

/** T = 1[x > Δ] − 1[x < −Δ]: strict, so 0 at the thresholds themselves. */
export function ternaryTensor(tf: TF, x: Tensor, delta: Tensor | number): Tensor {
  return tf.sub(tf.step(tf.sub(x, delta)), tf.step(tf.sub(tf.neg(x), delta)));
}

/** The same for a number. */
export function ternaryCode(x: number, delta: number): -1 | 0 | 1 {
  return x > delta ? 1 : x < -delta ? -1 : 0;
}

/** T = 1[x ≥ Δ] − 1[x ≤ −Δ]: the thresholds included; 0 at x = 0, whatever Δ is. */
export function ternaryInclusiveTensor(tf: TF, x: Tensor, delta: Tensor): Tensor {
  return tf.sub(tf.step(tf.add(x, delta)), tf.step(tf.sub(delta, x)));
}

/** The same for a number. */
export function ternaryInclusiveCode(x: number, delta: number): -1 | 0 | 1 {
  return x === 0 ? 0 : x >= delta ? 1 : x <= -delta ? -1 : 0;
}

/** Mean of |x| where the code is not zero, over `axes` with kept dimensions; 0 where no code is set. */
export function meanKeptTensor(tf: TF, x: Tensor, codes: Tensor, axes: number[]): Tensor {
  const kept = tf.maximum(tf.sum(tf.abs(codes), axes, true), 1);
  return tf.div(tf.sum(tf.mul(x, codes), axes, true), kept);
}

/** The same over the elements at `members`. */
export function meanKept(
  x: ArrayLike<number>,
  codes: ArrayLike<number>,
  members: ArrayLike<number> & Iterable<number>,
): number {
  let kept = 0;
  let total = 0;
  for (const i of members) {
    const code = codes[i] ?? 0;
    if (code === 0) continue;
    kept++;
    total += code * (x[i] ?? 0);
  }
  return total / Math.max(kept, 1);
}
