import type { TF, Tensor } from '../../../base/tensorflow.ts';

/**
 * Solves A·v = b for one symmetric positive definite K×K system per filter, by elimination written out in tensor
 * operations (K ≤ 4). No pivoting: the pivots of such a matrix are positive.
 *
 * @param matrix [filters, K, K]
 * @param right [filters, K, 1]
 * @returns [filters, K]
 */
export function solveTensor(tf: TF, matrix: Tensor, right: Tensor): Tensor {
  const [filters = 1, K = 1] = matrix.shape;
  // Rows of the matrix with the right side as their last entry, [filters, K + 1] each.
  const extended = tf.concat([matrix, right], 2);
  const rows = Array.from({ length: K }, (_, j) =>
    tf.reshape(tf.slice(extended, [0, j, 0], [filters, 1, K + 1]), [filters, K + 1]),
  );
  const entry = (row: Tensor, k: number) => tf.slice(row, [0, k], [filters, 1]);
  for (let pivot = 0; pivot < K; pivot++) {
    const current = rows[pivot] as Tensor;
    const normal = tf.div(current, entry(current, pivot));
    rows.forEach((row, j) => {
      rows[j] = j === pivot ? normal : tf.sub(row, tf.mul(normal, entry(row, pivot)));
    });
  }
  return tf.concat(
    rows.map((row) => entry(row, K)),
    1,
  );
}
