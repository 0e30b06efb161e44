import { channelsOf, mapShape, type IntegerNode, type Interval } from '../ir/graph.ts';
import type { TrainedGlobalPool, TrainedPool } from '../trained-graph.ts';
import { ACCUMULATOR_LIMIT } from './accumulator-range.ts';
import { directionOf, hull, type Pending, type Term } from './pending.ts';
import { refuse } from './refuse.ts';

interface Lowered {
  nodes: IntegerNode[];
  value: Pending;
}

/**
 * Max-pooling pools the integers: everything pending must not fall as they grow, then it commutes with the maximum
 * (rounding is monotone, too).
 */
export function lowerMaxPool(layer: TrainedPool, input: Pending): Lowered {
  const [term] = input.terms;
  if (!term || input.terms.length !== 1) {
    refuse(layer.id, 'the maximum of a sum of several weight levels is no maximum of integers');
  }
  for (let channel = 0; channel < term.ranges.length; channel++) {
    if (directionOf(input, channel) < 0) {
      refuse(
        layer.id,
        `the batch normalisation before it has a negative factor in channel ${channel} and no activation follows at once`,
      );
    }
  }
  const { size, strides, padding } = layer;
  const node: IntegerNode = {
    kind: 'max-pool',
    id: layer.id,
    inputs: [term.node],
    shape: layer.shape,
    type: term.type,
    range: term.type === 'u8' ? { low: 0, high: 255 } : hull(term.ranges),
    kernel: size,
    strides,
    padding,
  };
  return { nodes: [node], value: { ...input, terms: [{ ...term, node: layer.id }], shape: layer.shape } };
}

/**
 * Average pooling sums the integers; the division goes into the scale. Over codes the value is defined as
 * sum · fl(scale / count). Over floating-point sums it stays linear, but is exact no more: good for logits alone.
 */
export function lowerAveragePool(layer: TrainedPool | TrainedGlobalPool, input: Pending): Lowered {
  const [height, width, channels] = mapShape(input.shape);
  const global = layer.kind === 'global-average-pool';
  const kernel = global ? ([height, width] as const) : layer.size;
  const strides = global ? ([1, 1] as const) : layer.strides;
  if (!global && Object.values(layer.padding).some((rows) => rows > 0)) {
    refuse(
      layer.id,
      'average pooling with padding divides by another number at the border; use padding "valid"',
    );
  }
  const count = kernel[0] * kernel[1];
  const nodes: IntegerNode[] = [];
  const outputShape = global ? [1, 1, channels] : layer.shape;
  const terms = input.terms.map((term, index): Term => {
    if (term.type === 'u8')
      refuse(layer.id, 'average pooling of raw input; start with a convolution or dense layer');
    const ranges = term.ranges.map((range): Interval => ({
      low: range.low * count,
      high: range.high * count,
    }));
    const range = hull(ranges);
    if (Math.max(-range.low, range.high) > ACCUMULATOR_LIMIT) {
      refuse(
        layer.id,
        `the sum over ${count} elements can reach ±${Math.max(-range.low, range.high)}, which 32 bits do not hold`,
      );
    }
    const type = term.type === 'i8' && range.low >= -128 && range.high <= 127 ? 'i8' : 'i32';
    const id = input.terms.length === 1 ? layer.id : `${layer.id}.level${index}`;
    nodes.push({
      kind: 'sum-pool',
      id,
      inputs: [term.node],
      shape: outputShape,
      type,
      range,
      kernel,
      strides,
      padding: { top: 0, left: 0, bottom: 0, right: 0 },
    });
    const scale = term.scale.map((value) =>
      input.codes === null ? value / count : Math.fround(value / count),
    );
    const last = flattened(nodes, id, type, range, layer.shape);
    return { node: last, type, scale, ranges };
  });
  const codes = input.codes === null ? null : Math.fround(input.codes / count);
  const value: Pending = { ...input, terms, shape: layer.shape, codes, exact: input.exact && codes !== null };
  if (channelsOf(layer.shape) !== channels) refuse(layer.id, 'its shape does not keep the channels');
  return { nodes, value };
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
