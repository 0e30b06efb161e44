import type { TF, Tensor } from '../../../base/tensorflow.ts';
import { masked, meanRemaining } from '../../parts/masks.ts';
import { statisticAxes, type Granularity } from '../../parts/scales.ts';
import type { WeightShape } from '../../types.ts';

/** Shifts of the bases in standard deviations: u_i = −1 + 2(i − 1)/(M − 1); 0 where M = 1. */
export function shifts(count: number): number[] {
  return Array.from({ length: count }, (_, i) => (count === 1 ? 0 : -1 + (2 * i) / (count - 1)));
}

/**
 * The bases B_i = sgn(W − t_i) with t_i = mean − u_i·std, and the α that minimise ‖W − Σ α_i B_i‖².
 *
 * The bases are nested steps, so Σ α_i B_i takes one value per cell between neighbouring thresholds, any value but that
 * it is −c below all and +c above all of them, c = Σ α_i. Least squares then needs no linear system: an inner cell takes
 * the mean of its weights, c is the mean of |·| over both outer cells with their signs, and α_i is half the rise at t_i.
 *
 * All tensors broadcast against the kernel. Order: base 1 has the smallest shift, so the highest threshold.
 */
export interface Fit {
  thresholds: Tensor[];
  alphas: Tensor[];
  /** Σ α_i B_i, of the kernel's shape. */
  value: Tensor;
  /** Σ α_i. */
  total: Tensor;
}

export function fitTensor(
  tf: TF,
  w: Tensor,
  shape: WeightShape,
  count: number,
  granularity: Granularity,
  mask?: Tensor,
): Fit {
  const axes = statisticAxes(shape, granularity);
  const mean = meanRemaining(tf, w, axes, mask);
  const squares = tf.square(masked(tf, tf.sub(w, mean), mask));
  const deviation = tf.sqrt(meanRemaining(tf, squares, axes, mask));
  const thresholds = shifts(count).map((u) => tf.sub(mean, tf.mul(deviation, u)));
  const above = thresholds.map((threshold) => tf.sub(1, tf.step(tf.sub(threshold, w))));
  // Cells from the top down: above t_1, between t_2 and t_1, …, below t_M.
  const cells = [...above, null].map((upTo, k) => {
    const before = above[k - 1];
    const inside = upTo === null ? tf.sub(1, before as Tensor) : before ? tf.sub(upTo, before) : upTo;
    return {
      inside,
      size: tf.sum(masked(tf, inside, mask), axes, true),
      sum: tf.sum(tf.mul(w, inside), axes, true),
    };
  });
  const top = cells[0] as (typeof cells)[number];
  const bottom = cells[count] as (typeof cells)[number];
  const total = tf.div(tf.sub(top.sum, bottom.sum), tf.maximum(tf.add(top.size, bottom.size), 1));
  const levels = cells.map(({ size, sum }, k) =>
    k === 0 ? total : k === count ? tf.neg(total) : tf.div(sum, tf.maximum(size, 1)),
  );
  const value = cells
    .map(({ inside }, k) => tf.mul(inside, levels[k] as Tensor))
    .reduce((sum, term) => tf.add(sum, term));
  const alphas = thresholds.map((_, i) => tf.mul(tf.sub(levels[i] as Tensor, levels[i + 1] as Tensor), 0.5));
  return { thresholds, alphas, value, total };
}

/** Thresholds (float32) and α of one group of plain weights, by the same rule. */
export function fitNumbers(
  latent: Float32Array,
  members: Uint32Array,
  count: number,
): { thresholds: number[]; alphas: number[] } {
  let sum = 0;
  for (const i of members) sum += latent[i] ?? 0;
  const size = Math.max(members.length, 1);
  const mean = sum / size;
  let squares = 0;
  for (const i of members) squares += ((latent[i] ?? 0) - mean) ** 2;
  const deviation = Math.sqrt(squares / size);
  const thresholds = shifts(count).map((u) => Math.fround(mean - u * deviation));
  const sizes = new Array<number>(count + 1).fill(0);
  const sums = new Array<number>(count + 1).fill(0);
  for (const i of members) {
    const w = latent[i] ?? 0;
    const cell = thresholds.findIndex((threshold) => w >= threshold);
    const k = cell < 0 ? count : cell;
    sizes[k] = (sizes[k] ?? 0) + 1;
    sums[k] = (sums[k] ?? 0) + w;
  }
  const at = (list: readonly number[], k: number) => list[k] ?? 0;
  const total = (at(sums, 0) - at(sums, count)) / Math.max(at(sizes, 0) + at(sizes, count), 1);
  const level = (k: number) =>
    k === 0 ? total : k === count ? -total : at(sums, k) / Math.max(at(sizes, k), 1);
  return { thresholds, alphas: thresholds.map((_, i) => (level(i) - level(i + 1)) / 2) };
}
