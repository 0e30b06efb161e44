import { sign } from '../../parts/sign.ts';
import { firstFloat32, LARGEST_FLOAT32, rankOf, float32OfRank } from '../../parts/float32-steps.ts';

/** Initial scale of level l of M (from 1): (M − l + 1)/(M(M + 1)/2), so that they fall and add up to 1. */
export function initialGamma(level: number, levels: number): number {
  return (levels - level + 1) / ((levels * (levels + 1)) / 2);
}

/** The residual of each level at x, in float32 as the tensor form computes it: r_1 = x, r_{l+1} = r_l − g_l·sgn(r_l). */
export function residuals(x: number, scales: readonly number[]): number[] {
  let residual = Math.fround(x);
  return scales.map((scale) => {
    const here = residual;
    residual = Math.fround(residual - Math.fround(scale) * sign(residual));
    return here;
  });
}

/** The residual that is left after the levels whose bits are given; it never falls as x grows. */
function residualAfter(x: number, scales: readonly number[], bits: readonly number[]): number {
  return bits.reduce((r, bit, l) => Math.fround(r - Math.fround(scales[l] ?? 0) * bit), x);
}

/**
 * The steps of the nested levels: each interval of inputs on which all bits of the levels so far are constant is split
 * where the next residual becomes ≥ 0. Exact for every float32 input, whatever the scales are.
 *
 * @returns thresholds (inclusive, ascending) and per step the bits of all levels
 */
export function nestedSteps(scales: readonly number[]): { thresholds: number[]; bits: number[][] } {
  interface Interval {
    low: number;
    high: number;
    bits: number[];
  }
  let intervals: Interval[] = [{ low: -LARGEST_FLOAT32, high: LARGEST_FLOAT32, bits: [] }];
  scales.forEach(() => {
    intervals = intervals.flatMap(({ low, high, bits }): Interval[] => {
      const split = firstFloat32((x) => residualAfter(x, scales, bits) >= 0, low, high);
      if (split === null) return [{ low, high, bits: [...bits, -1] }];
      const upper = { low: split, high, bits: [...bits, 1] };
      if (rankOf(split) === rankOf(low)) return [upper];
      return [{ low, high: float32OfRank(rankOf(split) - 1), bits: [...bits, -1] }, upper];
    });
  });
  return {
    thresholds: intervals.slice(1).map(({ low }) => low),
    bits: intervals.map(({ bits }) => bits),
  };
}
