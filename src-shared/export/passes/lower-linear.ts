import { linearParts, type LinearPart } from '../arithmetic/linear-parts.ts';
import type { Step } from '../arithmetic/value.ts';
import { channelsOf, elementsOf, type IntegerNode, type IntegerWeights, type Interval } from '../ir/graph.ts';
import type { TrainedNode } from '../trained-graph.ts';
import { accumulatorRanges } from './accumulator-range.ts';
import { tapsOf } from './check-trained.ts';
import { hull, type Pending, type Term } from './pending.ts';
import { refuse } from './refuse.ts';
import { filterMajor } from './weights.ts';

type Linear = Extract<TrainedNode, { weights: unknown }>;

/**
 * Convolution, depthwise convolution, dense: integer sums, with scales and bias pending. One node for each pair of a weight
 * level and a term of the input, unless levels or terms have a common unit (`linearParts`).
 */
export function lowerLinear(layer: Linear, input: Pending): { nodes: IntegerNode[]; value: Pending } {
  if (!input.codes || input.terms.length === 0)
    refuse(layer.id, 'it is fed by floating-point values; put a quantized activation in front of it');
  const filters = layer.kind === 'dense' ? elementsOf(layer.shape) : channelsOf(layer.shape);
  const taps = tapsOf(layer, input.shape);
  const parts = linearParts(layer.weights.levels, filters, input);
  const nodes: IntegerNode[] = [];
  const terms = parts.flatMap((part): Term[] => {
    const source = input.terms[part.term];
    if (!source) return [];
    const weights: IntegerWeights = { filters, taps, codes: filterMajor(part.codes, filters) };
    const rangeOf = (filter: number, tap: number) =>
      source.ranges[channelAt(layer, source.ranges.length, filter, tap)] ?? noRange;
    const ranges = accumulatorRanges(layer.id, {
      ...weights,
      rangeOf,
      magnitudeOf: (filter, tap) => {
        const range = rangeOf(filter, tap);
        return source.type === 'u8' ? 255 - range.low : Math.max(Math.abs(range.low), Math.abs(range.high));
      },
      padded: layer.kind !== 'dense' && Object.values(layer.padding).some((rows) => rows > 0),
      outside: layer.kind === 'dense' ? undefined : layer.outside,
    });
    const id = partId(layer.id, part, parts);
    nodes.push(linearNode(layer, id, source.node, weights, hull(ranges)));
    return [{ node: id, type: 'i32', scale: part.scale, limits: part.limits, ranges }];
  });
  const steps: Step[] = layer.bias ? [{ kind: 'bias', values: layer.bias }] : [];
  return { nodes, value: { terms, steps, shape: layer.shape, codes: false } };
}

/** The layer's own id where it is one node; else it names level and term, where there are several. */
function partId(layer: string, part: LinearPart, parts: readonly LinearPart[]): string {
  const level = parts.some((other) => other.level !== part.level) ? `.level${part.level ?? 's'}` : '';
  const term = parts.some((other) => other.term !== part.term) ? `.term${part.term}` : '';
  return layer + level + term;
}

const noRange: Interval = { low: 0, high: 0 };

/** The channel of the input that a tap reads. */
function channelAt(layer: Linear, channels: number, filter: number, tap: number): number {
  return layer.kind === 'depthwise-conv2d' ? filter : tap % channels;
}

function linearNode(
  layer: Linear,
  id: string,
  input: string,
  weights: IntegerWeights,
  range: Interval,
): IntegerNode {
  const base = { id, inputs: [input], shape: layer.shape, type: 'i32' as const, range, weights };
  if (layer.kind === 'dense') return { ...base, kind: 'dense' };
  const { kernel, strides, dilation, padding, outside } = layer;
  const window = { kernel, strides, dilation, padding, ...(outside ? { outside } : {}) };
  return { ...base, kind: layer.kind, ...window };
}
