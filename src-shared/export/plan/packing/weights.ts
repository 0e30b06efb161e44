import { nonzerosOf, type IntegerWeights } from '../../ir/graph.ts';
import { MAX_TAPS } from './types.ts';

/** Whether all codes are -1, 0 or +1 and a tap's number fits 16 bits. */
export function isTernary({ taps, codes }: IntegerWeights): boolean {
  return taps <= MAX_TAPS && codes.every((code) => code >= -1 && code <= 1);
}

/** Whether all codes are -1 or +1. */
export function isBinary(weights: IntegerWeights): boolean {
  return isTernary(weights) && !weights.codes.includes(0);
}

/** What the laws of decoding cost are made of: filters, all weights, and nonzero ones. */
export function countsOf(weights: IntegerWeights): { filters: number; weights: number; nonzeros: number } {
  return { filters: weights.filters, weights: weights.codes.length, nonzeros: nonzerosOf(weights) };
}
