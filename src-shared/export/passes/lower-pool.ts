import { ACCUMULATOR_LIMIT } from '../arithmetic/fixed-point.ts';
import { averageOf, directionOf } from '../arithmetic/value.ts';
import {
  channelsOf,
  mapShape,
  type IntegerNode,
  type Interval,
  type PoolNode,
  type ValueType,
} from '../ir/graph.ts';
import type { TrainedGlobalPool, TrainedPool } from '../trained-graph.ts';
import { combineTerms } from './combine-terms.ts';
import { lookUp } from './look-up.ts';
import { hull, type Pending, type Term } from './pending.ts';
import { refuse } from './refuse.ts';

const NONE = { top: 0, left: 0, bottom: 0, right: 0 };

interface Lowered {
  nodes: IntegerNode[];
  value: Pending;
}

/**
 * Max-pooling pools the integers: everything pending must not fall as they grow, then it commutes with the maximum
 * (rounding is monotone, too). Codes of several terms are pooled by their index, which orders them by their real value.
 *
 * @param limit largest magnitude of the integers where several terms are combined (`poolSumLimits`)
 */
export function lowerMaxPool(layer: TrainedPool, input: Pending, limit: number): Lowered {
  if (input.index) {
    const { index } = input;
    const range = { low: index.low, high: index.low + (index.tables[0]?.length ?? 1) - 1 };
    const node = poolNode(layer, layer.id, index.node, 'i8', range);
    const { nodes, value } = lookUp(layer, { ...index, node: layer.id }, input.terms);
    return { nodes: [node, ...nodes], value };
  }
  const combined = combineTerms(layer.id, input, limit);
  const { value } = combined;
  const [term] = value.terms;
  if (!term) refuse(layer.id, 'its input is no value');
  for (let channel = 0; channel < term.ranges.length; channel++) {
    if (directionOf(value, channel) < 0) {
      refuse(
        layer.id,
        `the batch normalisation before it has a negative factor in channel ${channel} and no activation follows at once`,
      );
    }
  }
  const range = term.type === 'u8' ? { low: 0, high: 255 } : hull(term.ranges);
  const node = poolNode(layer, layer.id, term.node, term.type, range);
  const terms = [{ ...term, node: layer.id }];
  return { nodes: [...combined.nodes, node], value: { ...value, terms, shape: layer.shape } };
}

function poolNode(layer: TrainedPool, id: string, input: string, type: ValueType, range: Interval): PoolNode {
  const { size, strides, padding, shape } = layer;
  return { kind: 'max-pool', id, inputs: [input], shape, type, range, kernel: size, strides, padding };
}

/**
 * Average pooling sums the integers; the division goes into the scale. Over codes the value is defined as
 * sum · fl(scale / count); over anything else the steps are folded first (`averageOf`).
 */
export function lowerAveragePool(layer: TrainedPool | TrainedGlobalPool, input: Pending): Lowered {
  const [height, width, channels] = mapShape(input.shape);
  const global = layer.kind === 'global-average-pool';
  const kernel = global ? ([height, width] as const) : layer.size;
  const strides = global ? ([1, 1] as const) : layer.strides;
  const padding = global ? NONE : layer.padding;
  if (!global && Object.values(padding).some((rows) => rows > 0)) {
    if (!layer.countPadding)
      refuse(
        layer.id,
        'average pooling with padding divides by another number at the border; use padding "valid", or let padded zeros count',
      );
    if (!input.codes)
      refuse(
        layer.id,
        'padded zeros count in the average of values that are no codes; put an activation in front',
      );
  }
  if (channelsOf(layer.shape) !== channels) refuse(layer.id, 'its shape does not keep the channels');
  const count = kernel[0] * kernel[1];
  const nodes: IntegerNode[] = [];
  const outputShape = global ? [1, 1, channels] : layer.shape;
  const average = averageOf(input, count);
  const terms = average.terms.map((term, index): Term => {
    if (term.type === 'u8')
      refuse(layer.id, 'average pooling of raw input; start with a convolution or dense layer');
    // Zeros are among the elements where padding counts.
    const padded = padding !== NONE && Object.values(padding).some((rows) => rows > 0);
    const ranges = term.ranges.map((range): Interval => ({
      low: count * (padded ? Math.min(range.low, 0) : range.low),
      high: count * (padded ? Math.max(range.high, 0) : range.high),
    }));
    const range = hull(ranges);
    const largest = Math.max(-range.low, range.high);
    if (largest > ACCUMULATOR_LIMIT)
      refuse(layer.id, `the sum over ${count} elements can reach ±${largest}, which 32 bits do not hold`);
    const type = term.type === 'i8' && range.low >= -128 && range.high <= 127 ? 'i8' : 'i32';
    const id = average.terms.length === 1 ? layer.id : `${layer.id}.term${index}`;
    nodes.push({
      kind: 'sum-pool',
      id,
      inputs: [term.node],
      shape: outputShape,
      type,
      range,
      kernel,
      strides,
      padding,
    });
    return { ...term, node: flattened(nodes, id, type, range, layer.shape), type, ranges };
  });
  return { nodes, value: { ...average, terms, shape: layer.shape } };
}

/** A global pooling's [1, 1, channels] as the vector that the trained layer yields. */
function flattened(
  nodes: IntegerNode[],
  id: string,
  type: 'i8' | 'i32',
  range: Interval,
  shape: readonly number[],
): string {
  if (shape.length === 3) return id;
  const vector = `${id}.vector`;
  nodes.push({ kind: 'flatten', id: vector, inputs: [id], shape, type, range });
  return vector;
}
