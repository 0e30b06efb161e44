import { channelsOf, isLinear, type IntegerGraph, type IntegerNode } from '../ir/graph.ts';
import { consumersOf } from './consumers.ts';

/**
 * A threshold node directly behind a linear node: negates the filters of falling channels, so that every channel there
 * rises and the firmware needs no direction. Behind a pooling the direction stays.
 */
export function foldDirection(graph: IntegerGraph): IntegerGraph {
  const nodes = new Map<string, IntegerNode>(graph.nodes.map((node) => [node.id, node]));
  const consumers = consumersOf(graph);
  for (const threshold of graph.nodes) {
    if (threshold.kind !== 'threshold' || threshold.direction.every((sign) => sign > 0)) continue;
    const linear = nodes.get(threshold.inputs[0] ?? '');
    if (!linear || !isLinear(linear) || consumers.get(linear.id)?.length !== 1) continue;
    if (linear.weights.filters !== channelsOf(threshold.shape)) continue;
    const { taps } = linear.weights;
    const codes = linear.weights.codes.map((code, index) =>
      (threshold.direction[Math.floor(index / taps)] ?? 1) < 0 ? -code : code,
    );
    const { low, high } = linear.range;
    const range = { low: Math.min(low, -high), high: Math.max(high, -low) };
    nodes.set(linear.id, { ...linear, weights: { ...linear.weights, codes }, range });
    nodes.set(threshold.id, { ...threshold, direction: threshold.direction.map(() => 1) });
  }
  return { ...graph, nodes: graph.nodes.map((node) => nodes.get(node.id) ?? node) };
}
