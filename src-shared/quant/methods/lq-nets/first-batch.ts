import { cellOf } from '../../parts/level-steps.ts';
import { NUMBERS, solve } from '../../parts/solve.ts';
import { codebook } from './codebook.ts';

/** Rounds after which the fit to one batch has settled. */
const ROUNDS = 20;

/**
 * The basis of an activation quantizer fitted to the values of one batch: QEM (codes, then the basis by least squares)
 * round by round, without a running average.
 *
 * @param values not below 0
 * @param start basis to begin with
 * @param ridge pull towards the basis of the round before, as a share of the number of values
 */
export function fitBasis(values: Float32Array, start: readonly number[], ridge: number): number[] {
  let basis = [...start];
  for (let round = 0; round < ROUNDS; round++) {
    const { thresholds, codes } = codebook(basis, 'bits');
    const counts = codes.map(() => 0);
    const sums = codes.map(() => 0);
    for (const value of values) {
      const cell = cellOf(value, thresholds);
      counts[cell] = (counts[cell] ?? 0) + 1;
      sums[cell] = (sums[cell] ?? 0) + value;
    }
    const pull = ridge * Math.max(values.length, 1);
    const product = (i: number, j: number) =>
      codes.reduce((sum, code, cell) => sum + (counts[cell] ?? 0) * (code[i] ?? 0) * (code[j] ?? 0), 0);
    const matrix = basis.map((_, i) => basis.map((__, j) => product(i, j) + (i === j ? pull : 0)));
    const right = basis.map(
      (v, i) => codes.reduce((sum, code, cell) => sum + (sums[cell] ?? 0) * (code[i] ?? 0), 0) + pull * v,
    );
    basis = solve(NUMBERS, matrix, right).map(Math.fround);
  }
  return basis;
}
