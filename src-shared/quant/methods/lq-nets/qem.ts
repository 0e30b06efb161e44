import type { TF, Tensor } from '../../../base/tensorflow.ts';
import { masked, meanRemaining } from '../../parts/masks.ts';
import { codebookTensor, type Alphabet } from './codebook.ts';
import { solveTensor } from './solve.ts';

/**
 * Quantizes with the current basis and fits the basis to the data once (the QEM algorithm: codes fixed, then the basis
 * by least squares). Both need the codes only through how many values lie in each cell and what they sum up to.
 *
 * @param x [n, filters]
 * @param basis [filters, K]
 * @param ridge weight of the old basis, as a share of the number of values
 * @param mask [n, filters], 1 for the values that the fit looks at, 0 for others, which are 0; absent: all
 * @returns the quantized values [n, filters], the least-squares basis [filters, K], and the highest level [1, filters]
 */
export function qem(
  tf: TF,
  x: Tensor,
  basis: Tensor,
  alphabet: Alphabet,
  ridge: number,
  mask?: Tensor,
): { value: Tensor; fitted: Tensor; highest: Tensor } {
  const [filters = 1, K = 1] = basis.shape;
  const { levels, thresholds, codes } = codebookTensor(tf, basis, alphabet);
  const [lowest] = levels;
  const highest = levels.at(-1);
  if (!lowest || !highest) throw new RangeError('a codebook has at least two levels');
  let value = lowest;
  // Shares of the values above each threshold, and means over all n of those values.
  const shares: Tensor[] = [tf.ones([1, filters])];
  const means: Tensor[] = [meanRemaining(tf, x, [0], mask)];
  thresholds.forEach((threshold, i) => {
    const above = tf.step(tf.sub(x, threshold));
    value = tf.add(value, tf.mul(above, tf.sub(levels[i + 1] ?? lowest, levels[i] ?? lowest)));
    shares.push(meanRemaining(tf, masked(tf, above, mask), [0], mask));
    means.push(meanRemaining(tf, tf.mul(above, x), [0], mask));
  });
  const share = perCell(tf, shares, filters);
  const mean = perCell(tf, means, filters);
  const matrix = tf.add(tf.matMul(codes, tf.mul(codes, share), true), tf.mul(tf.eye(K), ridge));
  const right = tf.add(tf.matMul(codes, mean, true), tf.mul(tf.reshape(basis, [filters, K, 1]), ridge));
  const fitted = solveTensor(tf, matrix, right);
  return { value, fitted, highest };
}

/** What lies above each threshold as what lies in each cell: [filters, cells, 1]. */
function perCell(tf: TF, above: readonly Tensor[], filters: number): Tensor {
  const all = tf.concat([...above, tf.zeros([1, filters])], 0);
  const cells = above.length;
  const inside = tf.sub(tf.slice(all, [0, 0], [cells, filters]), tf.slice(all, [1, 0], [cells, filters]));
  return tf.reshape(tf.transpose(inside), [filters, cells, 1]);
}
