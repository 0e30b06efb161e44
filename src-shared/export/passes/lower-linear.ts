import { channelsOf, elementsOf, type IntegerNode, type IntegerWeights, type Interval } from '../ir/graph.ts';
import type { TrainedNode } from '../trained-graph.ts';
import { accumulatorRanges } from './accumulator-range.ts';
import { tapsOf } from './check-trained.ts';
import { mergeLevels } from './merge-levels.ts';
import { hull, type Pending, type Term } from './pending.ts';
import { refuse } from './refuse.ts';
import { filterMajor, scalePerFilter } from './weights.ts';

type Linear = Extract<TrainedNode, { weights: unknown }>;

/** Convolution, depthwise convolution, dense: integer sums, with scale and bias pending. One node for each level. */
export function lowerLinear(layer: Linear, input: Pending): { nodes: IntegerNode[]; value: Pending } {
  const [source] = input.terms;
  if (input.codes === null || !source || input.terms.length !== 1) {
    refuse(layer.id, 'it is fed by floating-point values; put a quantized activation in front of it');
  }
  const raw = source.type === 'u8';
  const filters = layer.kind === 'dense' ? elementsOf(layer.shape) : channelsOf(layer.shape);
  const taps = tapsOf(layer, input.shape);
  const largestInput = Math.max(
    ...source.ranges.map((range) => Math.max(Math.abs(range.low), Math.abs(range.high))),
  );
  const inputScale = input.codes;
  // As training does it: fl(scale · scale of the input), which is the scale itself where the codes are the values.
  const levels = layer.weights.levels.map((level) => ({
    codes: filterMajor(level.codes, filters),
    scale: Float64Array.from(scalePerFilter(level, filters), (scale) => Math.fround(scale * inputScale)),
  }));
  const merged = mergeLevels(levels, filters, largestInput);
  const nodes: IntegerNode[] = [];
  const terms = (merged ? [merged] : levels).map((level, index): Term => {
    const id = merged ? layer.id : `${layer.id}.level${index}`;
    const weights: IntegerWeights = { filters, taps, codes: level.codes };
    const ranges = accumulatorRanges(layer.id, {
      ...weights,
      rangeOf: (filter, tap) => source.ranges[channelAt(layer, source.ranges.length, filter, tap)] ?? noRange,
      magnitudeOf: (filter, tap) => {
        const range = source.ranges[channelAt(layer, source.ranges.length, filter, tap)] ?? noRange;
        const zero = raw ? -range.low : 0;
        return raw ? 255 + zero : Math.max(Math.abs(range.low), Math.abs(range.high));
      },
      padded: layer.kind !== 'dense' && Object.values(layer.padding).some((rows) => rows > 0),
    });
    nodes.push(linearNode(layer, id, source.node, weights, hull(ranges)));
    return { node: id, type: 'i32', scale: level.scale, ranges };
  });
  const value: Pending = {
    terms,
    steps: layer.bias ? [{ kind: 'bias', values: layer.bias }] : [],
    shape: layer.shape,
    codes: null,
    exact: input.exact,
  };
  return { nodes, value };
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
  const { kernel, strides, dilation, padding } = layer;
  return { ...base, kind: layer.kind, kernel, strides, dilation, padding };
}
