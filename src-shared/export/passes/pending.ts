import type { Interval, ValueType } from '../ir/graph.ts';
import type { TermNumbers, Value } from '../arithmetic/value.ts';

/**
 * A trained value while it is lowered: integers that nodes of the graph compute, and the floating-point arithmetic that
 * training applies to them and that has not been folded yet.
 */
export interface Pending extends Value<Term> {
  shape: readonly number[];
  /** Present for codes of several terms: the node that holds their common index, and the codes of each term by index. */
  index?: Index;
}
export interface Term extends TermNumbers {
  node: string;
  type: ValueType;
  /** Proven interval per channel. For raw bytes: of p − zero. */
  ranges: readonly Interval[];
}
export interface Index {
  node: string;
  low: number;
  /** Per term: the code of each index from `low` on. */
  tables: readonly (readonly number[])[];
}

/** The interval that holds all the given ones. */
export function hull(ranges: readonly Interval[]): Interval {
  return {
    low: ranges.reduce((low, range) => Math.min(low, range.low), Infinity),
    high: ranges.reduce((high, range) => Math.max(high, range.high), -Infinity),
  };
}
