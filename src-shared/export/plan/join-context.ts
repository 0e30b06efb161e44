import type { Interval, IntegerGraph, IntegerNode } from '../ir/graph.ts';
import { channelRanges } from '../passes/channel-ranges.ts';
import { consumersOf } from '../passes/consumers.ts';

/** The codes that bit planes can hold. */
export const SMALL_CODES = [-1, 0, 1] as const;

/** A node that makes one value of two, element by element. */
export type JoinNode = Extract<IntegerNode, { kind: 'combine' | 'add' }>;

export function isJoin(node: IntegerNode): node is JoinNode {
  return (node.kind === 'combine' || node.kind === 'add') && node.inputs.length === 2;
}

/** Value of a joining node from an own value y and a skip value x. */
export function joined(join: JoinNode, channel: number, own: number, y: number, x: number): number {
  const bias = join.kind === 'combine' ? (join.bias[channel] ?? 0) : 0;
  return bias + multiplierOf(join, own, channel) * y + multiplierOf(join, 1 - own, channel) * x;
}

export function multiplierOf(join: JoinNode, input: number, channel: number): number {
  return join.kind === 'combine' ? (join.multipliers[input]?.[channel] ?? 0) : 1;
}

/** What fusing needs to know about a graph. */
export interface JoinContext {
  /** The node of that id, if `reader` alone reads it. */
  producer(id: string | undefined, reader: string): IntegerNode | undefined;
  position(id: string | undefined): number;
  /** Proven ranges of a node's channels. */
  ranges(id: string): readonly Interval[];
  /** The codes that a value can have, ascending, if they lie within −1 … 1. */
  smallCodes(id: string): readonly number[] | undefined;
}

const contexts = new WeakMap<IntegerGraph, JoinContext>();

/** Prepared once for each graph object. */
export function joinContext(graph: IntegerGraph): JoinContext {
  const known = contexts.get(graph);
  if (known) return known;
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const order = new Map(graph.nodes.map((node, index) => [node.id, index]));
  const consumers = consumersOf(graph);
  const ranges = channelRanges(graph);
  const smallCodes = (id: string): readonly number[] | undefined => {
    const node = byId.get(id);
    if (!node || node.type === 'u8') return undefined;
    const possible =
      node.kind === 'threshold' || node.kind === 'lookup'
        ? [...new Set(node.codes)].sort((a, b) => a - b)
        : node.kind === 'max-pool' || node.kind === 'flatten'
          ? smallCodes(node.inputs[0] ?? '')
          : SMALL_CODES;
    const own = ranges.get(id) ?? [];
    const low = Math.min(...own.map((range) => range.low));
    const high = Math.max(...own.map((range) => range.high));
    if (low < -1 || high > 1) return undefined;
    return possible?.filter((code) => code >= low && code <= high);
  };
  const context: JoinContext = {
    producer: (id = '', reader) => {
      const readers = consumers.get(id) ?? [];
      return readers.length === 1 && readers[0] === reader ? byId.get(id) : undefined;
    },
    position: (id = '') => order.get(id) ?? -1,
    ranges: (id) => ranges.get(id) ?? [],
    smallCodes,
  };
  contexts.set(graph, context);
  return context;
}
