import type { TF, Tensor } from '../../base/tensorflow.ts';
import type { WeightLevel, WeightShape } from '../types.ts';
import { groups, statisticAxes, type Granularity } from './scales.ts';
import { meanKept, meanKeptTensor, ternaryInclusiveCode, ternaryInclusiveTensor } from './ternary.ts';

/**
 * Ternary weights with a threshold relative to the largest weight and the statistical scale (He, Gong, Fan, WACV 2019):
 * Δ = factor · max|W|; T = +1 where W ≥ Δ, −1 where W ≤ −Δ, else 0; α = mean of |W| where T ≠ 0; the value is α·T.
 */
export function ternaryMaxTensor(
  tf: TF,
  w: Tensor,
  shape: WeightShape,
  factor: number,
  granularity: Granularity,
): Tensor {
  const axes = statisticAxes(shape, granularity);
  const delta = tf.mul(tf.max(tf.abs(w), axes, true), factor);
  const codes = ternaryInclusiveTensor(tf, w, delta);
  return tf.mul(meanKeptTensor(tf, w, codes, axes), codes);
}

/** The same from plain numbers; the threshold is the very float32 product of the tensor form. */
export function ternaryMaxLevel(
  latent: Float32Array,
  shape: WeightShape,
  factor: number,
  granularity: Granularity,
): WeightLevel {
  const codes = new Int8Array(latent.length);
  const scale = groups(shape, granularity).map((members) => {
    const delta = maxThreshold(latent, members, factor);
    for (const i of members) codes[i] = ternaryInclusiveCode(latent[i] ?? 0, delta);
    return meanKept(latent, codes, members);
  });
  return { codes, scale: Float32Array.from(scale) };
}

/** factor · max|W| over the members, multiplied as float32. */
export function maxThreshold(latent: Float32Array, members: Iterable<number>, factor: number): number {
  let largest = 0;
  for (const i of members) largest = Math.max(largest, Math.abs(latent[i] ?? 0));
  return Math.fround(Math.fround(factor) * largest);
}
