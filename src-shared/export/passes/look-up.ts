import type { IntegerNode } from '../ir/graph.ts';
import type { Index, Pending, Term } from './pending.ts';

/**
 * Codes of several terms from their common index: one looking-up node for each term. Those that nobody reads are dropped
 * later (`drop-unused`).
 *
 * @param terms numbers of the terms; their nodes, types and ranges are replaced
 */
export function lookUp(
  layer: { id: string; shape: readonly number[] },
  index: Index,
  terms: readonly Pick<Term, 'scale' | 'limits'>[],
): { nodes: IntegerNode[]; value: Pending } {
  const nodes: IntegerNode[] = [];
  const found = terms.map(({ scale, limits }, i): Term => {
    const codes = index.tables[i] ?? [];
    const range = { low: Math.min(...codes), high: Math.max(...codes) };
    const id = `${layer.id}.term${i}`;
    nodes.push({
      kind: 'lookup',
      id,
      inputs: [index.node],
      shape: layer.shape,
      type: 'i8',
      range,
      low: index.low,
      codes,
    });
    return { node: id, type: 'i8', scale, limits, ranges: Array.from(scale, () => range) };
  });
  return { nodes, value: { terms: found, steps: [], shape: layer.shape, codes: true, index } };
}
