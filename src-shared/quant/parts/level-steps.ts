import type { TF, Tensor } from '../../base/tensorflow.ts';

/**
 * The level of the cell that x lies in: levels[0] up to and including the first threshold, and one level more above each
 * threshold (strict). For quantizers with few, unevenly spaced levels.
 *
 * @param thresholds ascending, one fewer than levels; tensors broadcast against x
 */
export function levelTensor(
  tf: TF,
  x: Tensor,
  thresholds: readonly (number | Tensor)[],
  levels: readonly number[],
): Tensor {
  const terms = thresholds.map((threshold, i) =>
    tf.mul(tf.step(tf.sub(x, threshold)), (levels[i + 1] ?? 0) - (levels[i] ?? 0)),
  );
  const sum = terms.reduce((total, term) => tf.add(total, term));
  return levels[0] === 0 ? sum : tf.add(sum, levels[0] ?? 0);
}

/** Index of the cell that the number x lies in: how many thresholds are below it (strict). */
export function cellOf(x: number, thresholds: ArrayLike<number>): number {
  let cell = 0;
  while (cell < thresholds.length && x > (thresholds[cell] ?? Infinity)) cell++;
  return cell;
}
