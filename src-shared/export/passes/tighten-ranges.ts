import type { IntegerGraph } from '../ir/graph.ts';
import { channelRanges, rangeOfNode } from './channel-ranges.ts';

/**
 * States for every node the interval that is proven for all samples there are (`channelRanges`): thresholds yield only
 * codes that their sums can reach, and sums are those of the codes that come. Narrow sums need narrow accumulators.
 */
export function tightenRanges(graph: IntegerGraph): IntegerGraph {
  const ranges = channelRanges(graph);
  const nodes = graph.nodes.map((node) => ({ ...node, range: rangeOfNode(node, ranges.get(node.id) ?? []) }));
  return { ...graph, nodes };
}
