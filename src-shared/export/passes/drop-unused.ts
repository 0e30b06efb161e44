/** Removes nodes whose value the output does not depend on, of a trained or of an integer graph. */
export function dropUnused<N extends { id: string; inputs: readonly string[] }, G extends Graph<N>>(
  graph: G,
): G {
  const used = new Set([graph.output]);
  for (const node of graph.nodes.toReversed()) {
    if (used.has(node.id)) node.inputs.forEach((name) => used.add(name));
  }
  return { ...graph, nodes: graph.nodes.filter((node) => used.has(node.id)) };
}

interface Graph<N> {
  nodes: readonly N[];
  output: string;
}
