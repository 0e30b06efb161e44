import type { Staircase } from '../types.ts';

/** One term of an activation Σ scale·bit: a real factor (of either sign) and its bit, −1 or +1, on each step. */
export interface BinaryTerm {
  factor: number;
  bits: readonly number[];
}

/**
 * The staircase of a sum of binary terms over inclusive thresholds. Scales are the magnitudes of the factors, in float32;
 * the sign of a factor goes into the codes of its term.
 */
export function binaryTermStaircase(thresholds: readonly number[], terms: readonly BinaryTerm[]): Staircase {
  const [first, ...more] = terms.map(({ factor, bits }) => ({
    scale: Math.abs(Math.fround(factor)),
    codes: factor < 0 ? bits.map((bit) => -bit) : bits,
  }));
  if (!first) throw new RangeError('a staircase needs at least one term');
  return {
    thresholds,
    inclusive: thresholds.map(() => true),
    ...first,
    ...(more.length > 0 ? { more } : {}),
  };
}
