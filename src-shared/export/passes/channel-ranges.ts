import {
  elementsOf,
  isLinear,
  type IntegerGraph,
  type IntegerNode,
  type Interval,
  type LinearNode,
  type PoolNode,
  type ThresholdNode,
} from '../ir/graph.ts';
import { accumulatorRanges } from './accumulator-range.ts';
import { hull } from './pending.ts';

/**
 * The proven interval of every channel of every value, by interval arithmetic from the raw bytes on: so it holds for
 * every sample that there is. "The channels" are the last axis. A raw value's are those of p − zero.
 *
 * @returns by node id, and for `input`
 * @throws BitsmithError `unsupported` when an accumulator could leave 32 bits
 */
export function channelRanges(graph: IntegerGraph): ReadonlyMap<string, readonly Interval[]> {
  const { zero } = graph.input;
  const raw = zero.map((value): Interval => ({ low: 0 - value, high: 255 - value }));
  const ranges = new Map<string, readonly Interval[]>([['input', raw]]);
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((name) => ranges.get(name) ?? []);
    ranges.set(node.id, rangesOf(node, inputs, rawMagnitudes(graph, node)));
  }
  return ranges;
}

/** Range of every channel of a node's value from those of its inputs. */
function rangesOf(
  node: IntegerNode,
  inputs: readonly (readonly Interval[])[],
  magnitude: ((channel: number) => number) | undefined,
): readonly Interval[] {
  const first = inputs[0] ?? [];
  switch (node.kind) {
    case 'conv2d':
    case 'depthwise-conv2d':
    case 'dense':
      return linearRanges(node, first, magnitude);
    case 'max-pool':
      return first;
    case 'sum-pool':
      return first.map((range) => pooledSum(node, range));
    case 'add':
      return first.map((range, channel) => {
        const other = at(inputs[1] ?? [], channel);
        return { low: range.low + other.low, high: range.high + other.high };
      });
    case 'threshold':
      return first.map((range, channel) => codesWithin(node, channel, range));
    case 'combine':
    case 'affine':
      return Array.from(node.bias, (bias, channel) =>
        node.multipliers.reduce<Interval>(
          (sum, row, input) => plus(sum, times(row[channel] ?? 0, at(inputs[input] ?? [], channel))),
          { low: bias, high: bias },
        ),
      );
    case 'lookup':
      return first.map(({ low, high }) => hullOf(node.codes.slice(low - node.low, high - node.low + 1)));
    case 'flatten':
      return Array.from({ length: elementsOf(node.shape) }, (_, i) => at(first, i));
  }
}

function linearRanges(
  node: LinearNode,
  input: readonly Interval[],
  magnitude: ((channel: number) => number) | undefined,
): Interval[] {
  const channelAt = (filter: number, tap: number) =>
    (node.kind === 'depthwise-conv2d' ? filter : tap) % input.length;
  const rangeOf = (filter: number, tap: number) => at(input, channelAt(filter, tap));
  return accumulatorRanges(node.id, {
    ...node.weights,
    rangeOf,
    magnitudeOf: (filter, tap) => {
      const { low, high } = rangeOf(filter, tap);
      return magnitude?.(channelAt(filter, tap)) ?? Math.max(Math.abs(low), Math.abs(high));
    },
    padded: node.kind !== 'dense' && isPadded(node.padding),
    outside: node.kind === 'dense' ? undefined : node.outside,
  });
}

/** Codes of the steps that a channel's sums can stand on. */
function codesWithin(node: ThresholdNode, channel: number, range: Interval): Interval {
  const passed = [range.low, range.high].map((value) => passedBy(node, channel, value)).sort((a, b) => a - b);
  return hullOf(node.codes.slice(passed[0] ?? 0, (passed[1] ?? node.steps) + 1));
}

/** Number of thresholds of a channel that an integer passes. */
export function passedBy(node: ThresholdNode, channel: number, value: number): number {
  const directed = value * (node.direction[channel] ?? 1);
  let passed = 0;
  while (passed < node.steps && directed >= (node.values[channel * node.steps + passed] ?? Infinity))
    passed++;
  return passed;
}

/** Windows over the border hold fewer elements. */
function pooledSum(node: PoolNode, { low, high }: Interval): Interval {
  const count = node.kernel[0] * node.kernel[1];
  const fewer = isPadded(node.padding);
  return {
    low: count * (fewer ? Math.min(low, 0) : low),
    high: count * (fewer ? Math.max(high, 0) : high),
  };
}

/** What the kernels add for a raw byte before its zero point is taken off; undefined where the node reads no bytes. */
function rawMagnitudes(graph: IntegerGraph, node: IntegerNode): ((channel: number) => number) | undefined {
  const [name = ''] = node.inputs;
  const raw = name === 'input' || graph.nodes.find(({ id }) => id === name)?.type === 'u8';
  const { zero } = graph.input;
  return raw && isLinear(node) ? (channel) => 255 + (zero[channel % zero.length] ?? 0) : undefined;
}

export function isPadded(padding: { top: number; left: number; bottom: number; right: number }): boolean {
  return padding.top + padding.left + padding.bottom + padding.right > 0;
}

/** The range of the whole value as its node states it: raw bytes themselves are 0 to 255. */
export function rangeOfNode(node: IntegerNode, ranges: readonly Interval[]): Interval {
  return node.type === 'u8' ? { low: 0, high: 255 } : hull(ranges);
}

/** Interval of the channel that element i of a value belongs to. */
function at(ranges: readonly Interval[], i: number): Interval {
  return ranges[i % ranges.length] ?? { low: 0, high: 0 };
}

function plus(a: Interval, b: Interval): Interval {
  return { low: a.low + b.low, high: a.high + b.high };
}

function times(factor: number, { low, high }: Interval): Interval {
  // + 0: no −0.
  return { low: Math.min(factor * low, factor * high) + 0, high: Math.max(factor * low, factor * high) + 0 };
}

function hullOf(values: readonly number[]): Interval {
  return { low: Math.min(...values), high: Math.max(...values) };
}
