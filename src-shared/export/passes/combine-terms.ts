import { ACCUMULATOR_LIMIT } from '../arithmetic/fixed-point.ts';
import { isSingle, summedTerm, sumOfTerms } from '../arithmetic/value.ts';
import { channelsOf, elementsOf, type CombineNode, type IntegerNode, type Interval } from '../ir/graph.ts';
import { hull, type Pending, type Term } from './pending.ts';
import { refuse } from './refuse.ts';

/**
 * The value as one integer per element, on which thresholds and pooling work: itself where it has one term, else a node
 * that adds its terms, each times its rounded scale (`fixedPoint`). Terms that the rounding leaves without weight drop out.
 */
export function combineTerms(
  layer: string,
  value: Pending,
  limit = ACCUMULATOR_LIMIT,
): { nodes: IntegerNode[]; value: Pending } {
  if (isSingle(value)) return { nodes: [], value };
  if (value.terms.some(({ type }) => type === 'u8'))
    refuse(layer, 'the raw input enters a sum; put a convolution in front of it');
  const sum = sumOfTerms(value, limit);
  const multipliers = value.terms.map((_, term) => sum.multipliers[term] ?? new Int32Array());
  const ranges = combinedRanges(value.terms, multipliers, sum.bias);
  const kept = value.terms.flatMap((term, i) => {
    const row = multipliers[i];
    return row?.some((multiplier) => multiplier !== 0) || (i === 0 && allZero(multipliers))
      ? [{ node: term.node, row: row ?? new Int32Array() }]
      : [];
  });
  const id = `${layer}.sum`;
  const node = combineNode(id, kept, sum.bias, value.shape, ranges);
  const term: Term = { node: id, type: 'i32', ranges, ...summedTerm(sum) };
  return { nodes: [node], value: { terms: [term], steps: value.steps, shape: value.shape, codes: false } };
}

/** The interval of every channel's bias + Σ multiplier · x. */
export function combinedRanges(
  terms: readonly Term[],
  multipliers: readonly Int32Array[],
  bias: Int32Array,
): Interval[] {
  return Array.from(bias, (offset, channel) =>
    terms.reduce<Interval>(
      (range, term, i) => {
        const multiplier = multipliers[i]?.[channel] ?? 0;
        const { low, high } = term.ranges[channel] ?? { low: 0, high: 0 };
        return {
          low: range.low + Math.min(multiplier * low, multiplier * high),
          high: range.high + Math.max(multiplier * low, multiplier * high),
        };
      },
      { low: offset, high: offset },
    ),
  );
}

/** The sum of two integers of one scale where 8 bits do not hold it. */
export function wideSum(id: string, a: Term, b: Term, shape: readonly number[]): CombineNode {
  const channels = shape.length === 1 ? elementsOf(shape) : channelsOf(shape);
  const ones = () => new Int32Array(channels).fill(1);
  const bias = new Int32Array(channels);
  const ranges = combinedRanges([a, b], [ones(), ones()], bias);
  const inputs = [a, b].map(({ node }) => ({ node, row: ones() }));
  return combineNode(id, inputs, bias, shape, ranges);
}

function combineNode(
  id: string,
  inputs: readonly { node: string; row: Int32Array }[],
  bias: Int32Array,
  shape: readonly number[],
  ranges: readonly Interval[],
): CombineNode {
  return {
    kind: 'combine',
    id,
    inputs: inputs.map(({ node }) => node),
    shape,
    type: 'i32',
    range: hull(ranges),
    multipliers: inputs.map(({ row }) => row),
    bias,
  };
}

function allZero(rows: readonly Int32Array[]): boolean {
  return rows.every((row) => row.every((multiplier) => multiplier === 0));
}
