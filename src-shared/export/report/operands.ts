import { isLinear, type IntegerGraph, type LinearNode } from '../ir/graph.ts';
import { consumersOf } from '../passes/consumers.ts';

/**
 * One set of weights and the activations that it meets, as trained: L levels of weights over T terms of activations are
 * L · T linear nodes of the graph, whose sums are combined.
 */
export interface Operand {
  /** The first of its nodes: they have one geometry. */
  node: LinearNode;
  nodes: readonly LinearNode[];
  /** Codes of each level, [filters, taps]. */
  levels: readonly Int8Array[];
  /** The value of each term. */
  inputs: readonly string[];
}

/** Levels over terms as one operand where every term has the same levels; any other node by itself. */
export function operandsOfGraph(graph: IntegerGraph): Operand[] {
  const consumers = consumersOf(graph);
  const groups = new Map<string, LinearNode[]>();
  for (const node of graph.nodes.filter(isLinear)) {
    const readers = consumers.get(node.id) ?? [];
    const reader = graph.nodes.find((candidate) => candidate.id === readers[0]);
    const combined = readers.length === 1 && (reader?.kind === 'combine' || reader?.kind === 'affine');
    const key = combined ? `${reader.id} ${geometryOf(node)}` : ` ${node.id}`;
    groups.set(key, [...(groups.get(key) ?? []), node]);
  }
  return [...groups.values()].flatMap((nodes) => {
    const whole = asOne(nodes);
    return whole ? [whole] : nodes.flatMap((node) => asOne([node]) ?? []);
  });
}

function asOne(nodes: readonly LinearNode[]): Operand | undefined {
  const [node] = nodes;
  if (!node) return undefined;
  const byInput = Map.groupBy(nodes, ({ inputs }) => inputs[0] ?? '');
  const terms = [...byInput.values()];
  const levels = (terms[0] ?? []).map(({ weights }) => weights.codes);
  const grid = terms.every(
    (term) =>
      term.length === levels.length &&
      term.every(({ weights }, level) => sameCodes(weights.codes, levels[level] ?? new Int8Array())),
  );
  return grid ? { node, nodes, levels, inputs: [...byInput.keys()] } : undefined;
}

function sameCodes(a: Int8Array, b: Int8Array): boolean {
  return a.length === b.length && a.every((code, index) => code === b[index]);
}

function geometryOf(node: LinearNode): string {
  const { filters, taps } = node.weights;
  if (node.kind === 'dense') return JSON.stringify([node.kind, filters, taps]);
  const { kind, shape, kernel, strides, dilation, padding } = node;
  return JSON.stringify([kind, filters, taps, shape, kernel, strides, dilation, padding]);
}
