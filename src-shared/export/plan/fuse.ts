import type { ConvNode, IntegerGraph, IntegerNode, PoolNode, ThresholdNode } from '../ir/graph.ts';
import { consumersOf } from '../passes/consumers.ts';

/** Nodes that one kernel computes. The group's value is its last node's; the others' are never stored. */
export interface Group {
  nodes: readonly IntegerNode[];
  conv?: ConvNode;
  pool?: PoolNode;
  threshold?: ThresholdNode;
}

/**
 * A convolution takes along the max-pooling (without padding) and the thresholds behind it, where nothing else reads
 * what lies between: the int32 sums then exist one filter at a time.
 */
export function fuse(graph: IntegerGraph): Group[] {
  const consumers = consumersOf(graph);
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const only = (id: string): IntegerNode | undefined => {
    const readers = consumers.get(id) ?? [];
    return readers.length === 1 ? byId.get(readers[0] ?? '') : undefined;
  };
  const taken = new Set<string>();
  const groups: Group[] = [];
  for (const node of graph.nodes) {
    if (taken.has(node.id)) continue;
    if (node.kind !== 'conv2d' && node.kind !== 'depthwise-conv2d') {
      groups.push({ nodes: [node] });
      continue;
    }
    const next = only(node.id);
    const pool = next?.kind === 'max-pool' && unpadded(next) ? next : undefined;
    const after = pool ? only(pool.id) : next;
    const threshold = after?.kind === 'threshold' ? after : undefined;
    const nodes = [node, pool, threshold].filter((part) => part !== undefined);
    nodes.forEach((part) => taken.add(part.id));
    groups.push({ nodes, conv: node, ...(pool ? { pool } : {}), ...(threshold ? { threshold } : {}) });
  }
  return groups;
}

function unpadded(pool: PoolNode): boolean {
  return Object.values(pool.padding).every((rows) => rows === 0);
}
