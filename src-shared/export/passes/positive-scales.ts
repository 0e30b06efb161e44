import { channelsOf, elementsOf } from '../ir/graph.ts';
import { scalePerFilter } from '../arithmetic/levels.ts';
import type { TrainedGraph } from '../trained-graph.ts';
import { negateCodes } from './weights.ts';

/**
 * Moves the sign of every weight scale into the codes. Exact: fl(S · s) = fl(−S · −s). Afterwards a larger sum always
 * means a larger real value before batch normalisation.
 */
export function positiveScales(graph: TrainedGraph): TrainedGraph {
  return {
    ...graph,
    nodes: graph.nodes.map((node) => {
      if (node.kind !== 'conv2d' && node.kind !== 'depthwise-conv2d' && node.kind !== 'dense') return node;
      const filters = node.kind === 'dense' ? elementsOf(node.shape) : channelsOf(node.shape);
      const levels = node.weights.levels.map((level) => {
        const scale = scalePerFilter(level, filters);
        if (scale.every((value) => value >= 0)) return { codes: level.codes, scale };
        const negated = negateCodes(level, filters, (filter) => (scale[filter] ?? 0) < 0);
        return { codes: negated.codes, scale: scale.map(Math.abs) };
      });
      return { ...node, weights: { levels } };
    }),
  };
}
