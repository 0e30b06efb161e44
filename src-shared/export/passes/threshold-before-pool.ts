import { isLinear, type IntegerGraph, type IntegerNode, type ThresholdNode } from '../ir/graph.ts';
import { consumersOf } from './consumers.ts';

type Chosen = (threshold: ThresholdNode) => boolean;
const ALL: Chosen = () => true;

/**
 * Sums → max-pooling → thresholds becomes sums → thresholds → max-pooling: codes take less room than sums, and codes in
 * bit planes are pooled by OR and AND. Exact where every channel rises (direction 1, codes that never fall), because a
 * monotone map commutes with the maximum: code(max S) = max code(S).
 *
 * Done where the pooling alone reads the sums of a linear or combining node, and the thresholds alone read the pooling.
 * The two exchange names: readers of the thresholds' id find the same value under it.
 *
 * @param chosen which thresholds to move; all by default
 */
export function thresholdBeforePool(graph: IntegerGraph, chosen = ALL): IntegerGraph {
  return exchange(graph, (source, pool, threshold) => {
    if (pool.kind !== 'max-pool' || threshold.kind !== 'threshold') return undefined;
    if (!isLinear(source) && source.kind !== 'combine') return undefined;
    if (!rises(threshold) || !chosen(threshold)) return undefined;
    const { type, range } = threshold;
    return [
      { ...threshold, id: pool.id, inputs: pool.inputs, shape: source.shape },
      { ...pool, id: threshold.id, inputs: [pool.id], type, range },
    ];
  });
}

/**
 * The reverse: sums → thresholds → max-pooling becomes sums → max-pooling → thresholds, so that a kernel that pools its
 * own sums compares fewer of them.
 *
 * @param chosen which thresholds to move, by their node before the move; all by default
 */
export function poolBeforeThreshold(graph: IntegerGraph, chosen = ALL): IntegerGraph {
  return exchange(graph, (source, threshold, pool) => {
    if (pool.kind !== 'max-pool' || threshold.kind !== 'threshold') return undefined;
    if (!isLinear(source) && source.kind !== 'combine') return undefined;
    if (!rises(threshold) || !chosen(threshold)) return undefined;
    const { type, range } = source;
    return [
      { ...pool, id: threshold.id, inputs: threshold.inputs, type, range },
      { ...threshold, id: pool.id, inputs: [threshold.id], shape: pool.shape },
    ];
  });
}

/** Replaces source → first → second, where nothing else reads source and first, by source and what `swapped` makes. */
function exchange(
  graph: IntegerGraph,
  swapped: (
    source: IntegerNode,
    first: IntegerNode,
    second: IntegerNode,
  ) => [IntegerNode, IntegerNode] | undefined,
): IntegerGraph {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const consumers = consumersOf(graph);
  const onlyReader = (id: string) => {
    const readers = consumers.get(id) ?? [];
    return readers.length === 1 ? nodes.get(readers[0] ?? '') : undefined;
  };
  for (const source of graph.nodes) {
    const first = onlyReader(source.id);
    const second = first && onlyReader(first.id);
    const pair = first && second && swapped(source, first, second);
    for (const node of pair ?? []) nodes.set(node.id, node);
  }
  return { ...graph, nodes: graph.nodes.map((node) => nodes.get(node.id) ?? node) };
}

function rises({ direction, codes }: ThresholdNode): boolean {
  const ascend = codes.every((code, index) => index === 0 || code >= (codes[index - 1] ?? code));
  return ascend && direction.every((sign) => sign > 0);
}
