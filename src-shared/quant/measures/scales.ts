import type { DeployedWeights } from '../types.ts';

/** Smallest, mean and largest of some numbers. */
export interface Spread {
  low: number;
  mean: number;
  high: number;
}

/** @returns null for no numbers */
export function spreadOf(values: ArrayLike<number>): Spread | null {
  if (values.length === 0) return null;
  let low = Infinity;
  let high = -Infinity;
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    if (value < low) low = value;
    if (value > high) high = value;
    sum += value;
  }
  return { low, mean: sum / values.length, high };
}

/** Scales of each level over its filters; empty for floating-point weights. */
export function scalesOf({ levels }: DeployedWeights): Spread[] {
  return levels.flatMap(({ scale }) => spreadOf(scale) ?? []);
}

/** Share of each code in one level, e.g. `{ '-1': 0.3, '0': 0.4, '1': 0.3 }`. */
export function codeShares(codes: ArrayLike<number>): Record<string, number> {
  const counts = new Map<number, number>();
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] ?? 0;
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].map(([code, count]) => [String(code), count / codes.length]));
}
