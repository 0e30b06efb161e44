import type { TF, Tensor } from '../../../base/tensorflow.ts';

/** Codes of the basis vectors: ±1 for weights, 0 or 1 for activations. */
export type Alphabet = 'signs' | 'bits';

/** All 2^K combinations of codes, [2^K][K], in binary order. */
export function combinations(alphabet: Alphabet, K: number): number[][] {
  return Array.from({ length: 2 ** K }, (_, index) =>
    Array.from({ length: K }, (_, k) => ((index >> k) & 1 ? 1 : alphabet === 'signs' ? -1 : 0)),
  );
}

/** The cells of one quantizer, or of one per filter: levels ascending, thresholds midway between them. */
export interface Codebook {
  levels: number[];
  thresholds: number[];
  /** Codes of each level, [2^K][K]. */
  codes: number[][];
}

/** The codebook of a basis in float32, term by term as the tensor form adds it. */
export function codebook(basis: readonly number[], alphabet: Alphabet): Codebook {
  const cells = combinations(alphabet, basis.length)
    .map((codes) => ({
      codes,
      level: basis.reduce((sum, v, k) => Math.fround(sum + Math.fround(v * (codes[k] ?? 0))), 0),
    }))
    .sort((a, b) => a.level - b.level);
  const levels = cells.map(({ level }) => level);
  const thresholds = levels
    .slice(1)
    .map((level, i) => Math.fround(Math.fround((levels[i] ?? 0) + level) * 0.5));
  return { levels, thresholds, codes: cells.map(({ codes }) => codes) };
}

/**
 * The same for a tensor of bases.
 *
 * @param basis [filters, K]
 * @returns levels and thresholds as one [1, filters] tensor each, in ascending order; codes [filters, 2^K, K]
 */
export function codebookTensor(
  tf: TF,
  basis: Tensor,
  alphabet: Alphabet,
): { levels: Tensor[]; thresholds: Tensor[]; codes: Tensor } {
  const [filters = 1, K = 1] = basis.shape;
  const table = combinations(alphabet, K);
  const terms = Array.from({ length: K }, (_, k) =>
    tf.mul(tf.slice(basis, [0, k], [filters, 1]), [table.map((codes) => codes[k] ?? 0)]),
  );
  const unsorted = terms.reduce((sum, term) => tf.add(sum, term));
  const { values, indices } = tf.topk(tf.neg(unsorted), table.length, true);
  const sorted = tf.neg(values);
  const levels = table.map((_, i) => tf.reshape(tf.slice(sorted, [0, i], [filters, 1]), [1, filters]));
  const thresholds = levels.slice(1).map((level, i) => tf.mul(tf.add(levels[i] ?? level, level), 0.5));
  return { levels, thresholds, codes: tf.gather(tf.tensor2d(table), indices) };
}
