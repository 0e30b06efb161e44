import { studentQuantile } from './student-t.ts';

/** What a band around a line shows. */
export const BANDS = ['none', 'min-max', 'sd', 'se', 'ci95'] as const;
export type BandKind = (typeof BANDS)[number];
export const CENTRES = ['mean', 'median'] as const;
export type Centre = (typeof CENTRES)[number];

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? NaN) + upper) / 2;
}

/** Standard deviation of a sample: divided by n − 1; NaN for a single value. */
export function deviation(values: readonly number[]): number {
  const centre = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : NaN;
}

const quantiles = new Map<number, number>();

/** Half the length of a two-sided 95 % interval, in standard errors. */
export function t95(freedom: number): number {
  const known = quantiles.get(freedom);
  if (known !== undefined) return known;
  const found = studentQuantile(0.975, freedom);
  // Whole numbers come again and again while a band is drawn; Welch's fractions hardly ever.
  if (Number.isInteger(freedom)) quantiles.set(freedom, found);
  return found;
}

/**
 * Lower and upper edge of a band: all values; the mean ± one standard deviation or standard error; or the 95 % confidence
 * interval of the mean by Student's t. NaN where one value is not enough.
 */
export function bandOf(values: readonly number[], kind: BandKind): [low: number, high: number] {
  if (kind === 'none' || values.length === 0) return [NaN, NaN];
  if (kind === 'min-max') return [Math.min(...values), Math.max(...values)];
  const n = values.length;
  const spread = deviation(values);
  const error = spread / Math.sqrt(n);
  const half = kind === 'sd' ? spread : kind === 'se' ? error : error * (n > 1 ? t95(n - 1) : NaN);
  const centre = mean(values);
  return [centre - half, centre + half];
}

/** The difference of two means, with a 95 % interval that does not suppose equal variances (Welch). */
export interface Difference {
  /** Mean of `a` minus mean of `b`. */
  value: number;
  low: number;
  high: number;
  /** Welch and Satterthwaite's degrees of freedom. */
  freedom: number;
  /** Whether the interval leaves out 0. */
  distinguishable: boolean;
}

/** @returns null where a group has fewer than two values: nothing is known of its spread then */
export function welchDifference(a: readonly number[], b: readonly number[]): Difference | null {
  if (a.length < 2 || b.length < 2) return null;
  const value = mean(a) - mean(b);
  const [va, vb] = [deviation(a) ** 2 / a.length, deviation(b) ** 2 / b.length];
  // Groups without any spread: the difference is exact.
  if (va + vb === 0) {
    return { value, low: value, high: value, freedom: a.length + b.length - 2, distinguishable: value !== 0 };
  }
  const freedom = (va + vb) ** 2 / (va ** 2 / (a.length - 1) + vb ** 2 / (b.length - 1));
  const half = t95(freedom) * Math.sqrt(va + vb);
  const [low, high] = [value - half, value + half];
  return { value, low, high, freedom, distinguishable: low > 0 || high < 0 };
}
