import { isLinear, type IntegerGraph, type IntegerNode, type Interval } from '../export/ir/graph.ts';
import { programOf } from './program.ts';

/** How large the sums of a node can be, and how large they were. */
export interface DataRange {
  node: string;
  /** For every sample there is: the interval that lowering has proven. */
  proven: Interval;
  /** Over the given samples; within the proven one. */
  observed: Interval;
  samples: number;
}

/** Collects ranges from values that are there anyway. */
export interface RangeMeter {
  /** @param values of one sample: those of every node */
  add(values: ReadonlyMap<string, ArrayLike<number>>): void;
  /** Every node that sums, after at least one sample. */
  report(): DataRange[];
}

export function rangeMeter(graph: IntegerGraph): RangeMeter {
  const found = graph.nodes
    .filter(sums)
    .map(({ id, range }) => ({ id, proven: range, observed: { low: Infinity, high: -Infinity } }));
  let count = 0;
  return {
    add(values) {
      count++;
      for (const { id, observed } of found) {
        const value = values.get(id) ?? [];
        for (let i = 0; i < value.length; i++) {
          const one = value[i] ?? 0;
          if (one < observed.low) observed.low = one;
          if (one > observed.high) observed.high = one;
        }
      }
    },
    report() {
      if (count === 0) throw new RangeError('ranges from data need a sample');
      return found.map(({ id, proven, observed }) => ({ node: id, proven, observed, samples: count }));
    },
  };
}

/**
 * Smallest and largest sum of every node that sums (convolution, dense, sum-pooling, combination, logits) over samples,
 * beside the proven worst case. What a kernel may rely on is the proven interval alone; the observed one says how much of
 * it the data use.
 *
 * @param samples at least one
 */
export function dataRanges(graph: IntegerGraph, samples: Iterable<Uint8Array>): DataRange[] {
  const program = programOf(graph);
  const meter = rangeMeter(graph);
  for (const sample of samples) {
    program.run(sample);
    meter.add(program.values);
  }
  return meter.report();
}

/** Whether a node has sums, whose size an accumulator must hold. */
export function sums(node: IntegerNode): boolean {
  return isLinear(node) || node.kind === 'sum-pool' || node.kind === 'combine' || node.kind === 'affine';
}

/** Bits of the smallest two's complement number that holds every integer of an interval. */
export function bitsOf({ low, high }: Interval): number {
  let bits = 1;
  while (low < -(2 ** (bits - 1)) || high > 2 ** (bits - 1) - 1) bits++;
  return bits;
}

/** One sentence for a report: how wide the accumulator has to be, who says so, and what the data used of it. */
export function accumulatorStatement({ node, proven, observed, samples }: DataRange): string {
  const width = (range: Interval) => `[${range.low}, ${range.high}], ${plural(bitsOf(range), 'bit')}`;
  const holds = bitsOf(proven) <= 16 ? '16 bits hold every one' : '16 bits do not hold every one';
  return (
    `${node}: all possible sums lie in ${width(proven)}, proven, so ${holds}; ` +
    `those of ${plural(samples, 'sample')} lie in ${width(observed)}`
  );
}

function plural(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
