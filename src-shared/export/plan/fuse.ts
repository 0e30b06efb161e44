import {
  valueOf,
  type CombineNode,
  type ConvNode,
  type IntegerGraph,
  type IntegerNode,
  type PoolNode,
  type ThresholdNode,
} from '../ir/graph.ts';
import { consumersOf } from '../passes/consumers.ts';

/** Nodes that one kernel computes. The group's value is its last node's; the others' are never stored. */
export interface Group {
  nodes: readonly IntegerNode[];
  /** The convolutions of several levels, and what adds them. */
  levels?: { convs: readonly ConvNode[]; combine: CombineNode };
  pool?: PoolNode;
  threshold?: ThresholdNode;
}

/**
 * A convolution takes along the max-pooling (without padding) and the thresholds behind it, where nothing else reads
 * what lies between: the int32 sums then exist one filter at a time. So do several convolutions of one geometry whose
 * sums are combined.
 *
 * @param others ids of nodes that are left out: somebody else computes them
 */
export function fuse(graph: IntegerGraph, others: ReadonlySet<string> = new Set()): Group[] {
  const consumers = consumersOf(graph);
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const only = (id: string): IntegerNode | undefined => {
    const readers = consumers.get(id) ?? [];
    const [reader = ''] = readers;
    return readers.length === 1 && !others.has(reader) ? byId.get(reader) : undefined;
  };
  const levelsOf = (combine: IntegerNode | undefined): Group['levels'] => {
    if (combine?.kind !== 'combine') return undefined;
    const convs = combine.inputs.map((name) => byId.get(name)).filter((node) => node !== undefined);
    const [first] = convs;
    const same = convs.every(
      (node): node is ConvNode =>
        isConv(node) &&
        isConv(first) &&
        only(node.id) === combine &&
        geometryOf(node) === geometryOf(first) &&
        typeOfInput(graph, node) === typeOfInput(graph, first),
    );
    return same && new Set(convs).size === combine.inputs.length ? { convs, combine } : undefined;
  };
  const taken = new Set<string>(others);
  const groups: Group[] = [];
  for (const node of graph.nodes) {
    if (taken.has(node.id)) continue;
    // The group of several convolutions stands where they are combined: all their inputs exist there.
    if (isConv(node) && levelsOf(only(node.id))) continue;
    const levels = levelsOf(node);
    if (!isConv(node) && !levels) {
      groups.push({ nodes: [node] });
      continue;
    }
    const next = only(node.id);
    const pool = next?.kind === 'max-pool' && unpadded(next) ? next : undefined;
    const after = pool ? only(pool.id) : next;
    const threshold = after?.kind === 'threshold' ? after : undefined;
    const nodes = [...(levels?.convs ?? []), node, pool, threshold].filter((part) => part !== undefined);
    nodes.forEach((part) => taken.add(part.id));
    groups.push({
      nodes,
      ...(levels ? { levels } : {}),
      ...(pool ? { pool } : {}),
      ...(threshold ? { threshold } : {}),
    });
  }
  return groups;
}

function isConv(node: IntegerNode | undefined): node is ConvNode {
  return node?.kind === 'conv2d' || node?.kind === 'depthwise-conv2d';
}

function geometryOf({ kind, shape, kernel, strides, dilation, padding, outside = 0 }: ConvNode): string {
  const { top, left, bottom, right } = padding;
  return JSON.stringify([kind, shape, kernel, strides, dilation, top, left, bottom, right, outside]);
}

function typeOfInput(graph: IntegerGraph, node: ConvNode): string {
  return valueOf(graph, node.inputs[0] ?? '').type;
}

function unpadded(pool: PoolNode): boolean {
  return Object.values(pool.padding).every((rows) => rows === 0);
}
