import {
  channelsOf,
  isLinear,
  type IntegerGraph,
  type IntegerNode,
  type ThresholdNode,
} from '../ir/graph.ts';
import { consumersOf } from './consumers.ts';

/**
 * A threshold node directly behind a linear or combining node: negates the filters, or the multipliers, of falling channels,
 * so that every channel there rises and the firmware needs no direction. Behind a pooling the direction stays.
 */
export function foldDirection(graph: IntegerGraph): IntegerGraph {
  const nodes = new Map<string, IntegerNode>(graph.nodes.map((node) => [node.id, node]));
  const consumers = consumersOf(graph);
  for (const threshold of graph.nodes) {
    if (threshold.kind !== 'threshold' || threshold.direction.every((sign) => sign > 0)) continue;
    const source = nodes.get(threshold.inputs[0] ?? '');
    if (!source || consumers.get(source.id)?.length !== 1) continue;
    const negated = negateChannels(source, threshold);
    if (!negated) continue;
    nodes.set(source.id, negated);
    nodes.set(threshold.id, { ...threshold, direction: threshold.direction.map(() => 1) });
  }
  return { ...graph, nodes: graph.nodes.map((node) => nodes.get(node.id) ?? node) };
}

/** The node with the channels negated that fall at the thresholds; undefined where it has no weights to negate. */
function negateChannels(source: IntegerNode, threshold: ThresholdNode): IntegerNode | undefined {
  const falls = (channel: number) => (threshold.direction[channel] ?? 1) < 0;
  const { low, high } = source.range;
  const range = { low: Math.min(low, -high), high: Math.max(high, -low) };
  // 0 − x: the negative of 0 is no −0.
  const negate = (value: number, channel: number) => (falls(channel) ? 0 - value : value);
  if (source.kind === 'combine') {
    return {
      ...source,
      range,
      multipliers: source.multipliers.map((row) => row.map(negate)),
      bias: source.bias.map(negate),
    };
  }
  if (!isLinear(source) || source.weights.filters !== channelsOf(threshold.shape)) return undefined;
  const { taps } = source.weights;
  const codes = source.weights.codes.map((code, index) => negate(code, Math.floor(index / taps)));
  return { ...source, range, weights: { ...source.weights, codes } };
}
