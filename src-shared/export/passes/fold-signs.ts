import { channelsOf, elementsOf } from '../ir/graph.ts';
import type { TrainedGraph, TrainedNode } from '../trained-graph.ts';
import { consumersOf } from './consumers.ts';
import { negateCodes } from './weights.ts';

/**
 * Batch normalisation with a negative factor directly after a linear layer: negates that filter's codes and bias, and
 * the factor. Exact, because floating point is symmetric: fl(fl(S·s) + b) · f = fl(fl(−S·s) − b) · −f. Afterwards a
 * max-pooling behind the normalisation commutes with it.
 */
export function foldSigns(graph: TrainedGraph): TrainedGraph {
  const nodes = new Map<string, TrainedNode>(graph.nodes.map((node) => [node.id, node]));
  const consumers = consumersOf(graph);
  for (const norm of graph.nodes) {
    if (norm.kind !== 'batch-norm' || norm.factor.every((factor) => factor >= 0)) continue;
    const linear = nodes.get(norm.inputs[0] ?? '');
    if (!linear || consumers.get(linear.id)?.length !== 1) continue;
    if (linear.kind !== 'conv2d' && linear.kind !== 'depthwise-conv2d' && linear.kind !== 'dense') continue;
    const filters = linear.kind === 'dense' ? elementsOf(linear.shape) : channelsOf(linear.shape);
    const negative = (filter: number) => (norm.factor[filter] ?? 0) < 0;
    const levels = linear.weights.levels.map((level) => negateCodes(level, filters, negative));
    const bias = linear.bias?.map((value, filter) => (negative(filter) ? -value : value));
    nodes.set(linear.id, { ...linear, weights: { levels }, ...(bias ? { bias } : {}) });
    nodes.set(norm.id, { ...norm, factor: norm.factor.map(Math.abs) });
  }
  return { ...graph, nodes: graph.nodes.map((node) => nodes.get(node.id) ?? node) };
}
