import type { IntegerGraph, IntegerNode } from '../ir/graph.ts';

/**
 * The nodes that each observed layer computes: all that its value is made of, back to earlier layers. A node that two
 * layers need belongs to the first.
 *
 * @param ids observed layers in the order of the firmware
 */
export function nodesOfLayers(graph: IntegerGraph, ids: readonly string[]): Map<string, IntegerNode[]> {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const layers = new Set(ids);
  const taken = new Set<string>();
  const result = new Map<string, IntegerNode[]>();
  for (const id of ids) {
    const mine = new Set<string>();
    const visit = (name: string): void => {
      const node = byId.get(name);
      if (!node || taken.has(name) || (name !== id && layers.has(name))) return;
      taken.add(name);
      mine.add(name);
      node.inputs.forEach(visit);
    };
    visit(id);
    result.set(
      id,
      graph.nodes.filter((node) => mine.has(node.id)),
    );
  }
  return result;
}
