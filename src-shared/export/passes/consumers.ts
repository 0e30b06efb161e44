/** Which nodes read each value; the output is read by the outside, too. */
export function consumersOf(graph: {
  nodes: readonly { id: string; inputs: readonly string[] }[];
  output: string;
}): Map<string, string[]> {
  const consumers = new Map<string, string[]>([[graph.output, ['']]]);
  for (const node of graph.nodes) {
    for (const name of node.inputs) consumers.set(name, [...(consumers.get(name) ?? []), node.id]);
  }
  return consumers;
}
