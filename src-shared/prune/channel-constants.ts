import type { Padding, TrainedGraph, TrainedNode } from '../export/trained-graph.ts';
import { activationMethod } from '../quant/registry.ts';
import type { ResolvedModel } from '../model/resolve.ts';
import { deployedValue, staircaseValue } from './deployed-values.ts';

/** What a feature is whatever the sample is; `exact` is false where padding makes it another number at the border. */
export interface Constant {
  value: number;
  exact: boolean;
}

/** Constants per feature (last axis) of each node's value; null: depends on the sample. */
export type ChannelConstants = Map<string, readonly (Constant | null)[]>;

/**
 * Follows the constants that masked filters give (their bias, or zero) through batch norm, activation, pooling, depthwise
 * convolution and adds, in float32 as evaluation does.
 *
 * @param isMasked whether all weights of a layer's filter are masked
 */
export function channelConstants(
  model: ResolvedModel,
  graph: TrainedGraph,
  isMasked: (layer: string, filter: number) => boolean,
): ChannelConstants {
  const constants: ChannelConstants = new Map([
    ['input', new Array<null>(graph.input.shape.at(-1) ?? 1).fill(null)],
  ]);
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((name) => constants.get(name) ?? []);
    const features = node.shape.at(-1) ?? 1;
    const scalar = scalarFunction(node, model);
    constants.set(
      node.id,
      Array.from({ length: features }, (_, c): Constant | null => {
        const first = inputs[0]?.[c % (inputs[0].length || 1)] ?? null;
        switch (node.kind) {
          case 'conv2d':
          case 'dense':
            return isMasked(node.id, c) ? { value: node.bias?.[c] ?? 0, exact: true } : null;
          case 'depthwise-conv2d':
            return isMasked(node.id, c)
              ? { value: node.bias?.[c] ?? 0, exact: true }
              : depthwise(node, first, c);
          case 'average-pool':
            return (
              first && {
                ...first,
                exact: first.exact && (first.value === 0 || !node.countPadding || !pads(node.padding)),
              }
            );
          case 'add':
            return sum(inputs.map((values) => values[c] ?? null));
          case 'shortcut-a':
            return null;
          default:
            return first && { value: scalar(first.value, c), exact: first.exact };
        }
      }),
    );
  }
  return constants;
}

/** What a node that works on each number by itself makes of it. */
function scalarFunction(node: TrainedNode, model: ResolvedModel): (x: number, c: number) => number {
  if (node.kind === 'batch-norm') {
    return (x, c) => Math.fround(Math.fround(x * (node.factor[c] ?? 0)) + (node.offset[c] ?? 0));
  }
  if (node.kind !== 'activation') return (x) => x;
  const { staircase } = node;
  if (staircase) return (x) => staircaseValue(staircase, x);
  const choice = model.layers.find(({ spec }) => spec.id === node.id)?.activation;
  if (!choice) throw new RangeError(`layer ${node.id} has no activation method`);
  const { curve } = activationMethod(choice);
  return (x) => Math.fround(curve.value(x, choice));
}

function depthwise(
  { kernel, weights, bias, padding, outside = 0, shape }: Extract<TrainedNode, { kind: 'depthwise-conv2d' }>,
  input: Constant | null,
  channel: number,
): Constant | null {
  if (!input) return null;
  const channels = shape[2] ?? 1;
  let total = 0;
  for (let position = 0; position < kernel[0] * kernel[1]; position++) {
    total += deployedValue(weights, position * channels + channel, channel);
  }
  const value = Math.fround(Math.fround(total * input.value) + (bias?.[channel] ?? 0));
  return { value, exact: input.exact && (input.value === outside || !pads(padding)) };
}

function sum(parts: readonly (Constant | null)[]): Constant | null {
  return parts.reduce((total, part) =>
    total && part ? { value: Math.fround(total.value + part.value), exact: total.exact && part.exact } : null,
  );
}

export function pads({ top, left, bottom, right }: Padding): boolean {
  return top + left + bottom + right > 0;
}
