import type { Interval, ValueType } from '../ir/graph.ts';

/**
 * A trained value while it is lowered: integers that the graph computes, and the floating-point arithmetic that
 * training applies to them and that has not been folded yet.
 */
export interface Pending {
  /** The real value is the sum of the terms (in order), then the steps. One term, unless levels could not be merged. */
  terms: readonly Term[];
  steps: readonly Step[];
  shape: readonly number[];
  /**
   * Real value = scale · code, for all channels: this can feed a linear layer. Null for sums, which need an activation
   * first.
   */
  codes: number | null;
  /** False where training's arithmetic is no function of the integers (an average of floating-point values). */
  exact: boolean;
}
export interface Term {
  node: string;
  type: ValueType;
  /** Per channel. Representable in float32 while the value is exact. */
  scale: Float64Array;
  /** Proven interval per channel. For raw bytes: of p − zero. */
  ranges: readonly Interval[];
}
export type Step =
  { kind: 'bias'; values: Float32Array } | { kind: 'batch-norm'; factor: Float32Array; offset: Float32Array };

/** Training's arithmetic on one sum of one channel: float32, one rounding per operation, in order. */
export function evaluate(pending: Pick<Pending, 'steps'>, term: Term, channel: number, sum: number): number {
  let value = Math.fround(Math.fround(sum) * (term.scale[channel] ?? 0));
  for (const step of pending.steps) {
    value =
      step.kind === 'bias'
        ? Math.fround(value + (step.values[channel] ?? 0))
        : Math.fround(Math.fround(value * (step.factor[channel] ?? 0)) + (step.offset[channel] ?? 0));
  }
  return value;
}

/** +1 where a larger sum means a larger (or the same) real value, −1 where it means a smaller one. */
export function directionOf(pending: Pick<Pending, 'steps'>, channel: number): 1 | -1 {
  let direction: 1 | -1 = 1;
  for (const step of pending.steps) {
    if (step.kind !== 'batch-norm') continue;
    const factor = step.factor[channel] ?? 0;
    if (factor === 0) return 1;
    if (factor < 0) direction = direction === 1 ? -1 : 1;
  }
  return direction;
}

/** The interval that holds all the given ones. */
export function hull(ranges: readonly Interval[]): Interval {
  return {
    low: ranges.reduce((low, range) => Math.min(low, range.low), Infinity),
    high: ranges.reduce((high, range) => Math.max(high, range.high), -Infinity),
  };
}
