import type { AffineNode, CombineNode, IntegerGraph, Interval } from '../ir/graph.ts';
import { channelRanges } from './channel-ranges.ts';

/**
 * A term of a `combine` or `affine` node that is one number for every sample, in every channel that has a multiplier for
 * it, goes into the bias: m · k + b. One term always stays. Exact, and within 32 bits, because |b + m · k| is no larger
 * than the |b| + |m · k| that was proven.
 */
export function foldConstantTerms(graph: IntegerGraph): IntegerGraph {
  const ranges = channelRanges(graph);
  const nodes = graph.nodes.map((node) =>
    node.kind === 'combine' || node.kind === 'affine' ? foldTerms(node, ranges) : node,
  );
  return nodes.every((node, i) => node === graph.nodes[i]) ? graph : { ...graph, nodes };
}

function foldTerms<N extends CombineNode | AffineNode>(
  node: N,
  ranges: ReadonlyMap<string, readonly Interval[]>,
): N {
  const terms = node.inputs.map((name, input) => {
    const row = node.multipliers[input] ?? new Int32Array();
    const range = (channel: number) => ranges.get(name)?.[channel] ?? { low: 0, high: 1 };
    const constant = row.every((multiplier, channel) => {
      const { low, high } = range(channel);
      return multiplier === 0 || low === high;
    });
    return { name, row, constant, valueOf: (channel: number) => range(channel).low };
  });
  const varying = terms.filter((term) => !term.constant);
  const kept = varying.length > 0 ? varying : terms.slice(0, 1);
  const folded = terms.filter((term) => !kept.includes(term));
  if (folded.length === 0) return node;
  const bias = node.bias.map((value, channel) =>
    folded.reduce((sum, { row, valueOf }) => sum + (row[channel] ?? 0) * valueOf(channel), value),
  );
  return { ...node, inputs: kept.map(({ name }) => name), multipliers: kept.map(({ row }) => row), bias };
}
