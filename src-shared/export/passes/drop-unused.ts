import type { TrainedGraph } from '../trained-graph.ts';

/** Removes nodes whose value the output does not depend on. */
export function dropUnused(graph: TrainedGraph): TrainedGraph {
  const used = new Set([graph.output]);
  for (const node of graph.nodes.toReversed()) {
    if (used.has(node.id)) node.inputs.forEach((name) => used.add(name));
  }
  return { ...graph, nodes: graph.nodes.filter((node) => used.has(node.id)) };
}
