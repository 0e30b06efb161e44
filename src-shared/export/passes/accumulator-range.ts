import { ACCUMULATOR_LIMIT } from '../arithmetic/fixed-point.ts';
import type { Interval } from '../ir/graph.ts';
import { refuse } from './refuse.ts';

export interface Taps {
  filters: number;
  taps: number;
  /** [filters, taps] */
  codes: Int8Array;
  /** Proven interval of the input under a tap of a filter. */
  rangeOf(filter: number, tap: number): Interval;
  /** Largest magnitude that the kernel itself adds for that tap (raw bytes: 255, before their zero point). */
  magnitudeOf(filter: number, tap: number): number;
  /** Taps may fall into the padding and then read `outside`, or contribute nothing where that is absent. */
  padded: boolean;
  outside?: 0 | -1 | undefined;
}

/**
 * The worst-case interval of every filter's sum. Proves also that no partial sum in any order leaves 32 bits.
 *
 * @throws BitsmithError `unsupported` when an accumulator could overflow
 */
export function accumulatorRanges(layer: string, weights: Taps): Interval[] {
  return Array.from({ length: weights.filters }, (_, filter) => {
    let low = 0;
    let high = 0;
    let magnitude = 0;
    for (let tap = 0; tap < weights.taps; tap++) {
      const code = weights.codes[filter * weights.taps + tap] ?? 0;
      if (code === 0) continue;
      const range = weights.rangeOf(filter, tap);
      const smallest = Math.min(code * range.low, code * range.high);
      const largest = Math.max(code * range.low, code * range.high);
      const outside = code * (weights.outside ?? 0);
      low += weights.padded ? Math.min(smallest, outside) : smallest;
      high += weights.padded ? Math.max(largest, outside) : largest;
      magnitude += Math.max(Math.abs(code) * weights.magnitudeOf(filter, tap), Math.abs(outside));
    }
    if (magnitude > ACCUMULATOR_LIMIT) {
      refuse(layer, `the sum of filter ${filter} can reach ±${magnitude}, which 32 bits do not hold`);
    }
    return { low, high };
  });
}
