import type { z } from 'zod';
import { elementsOf, macsOf, nonzerosOf, type IntegerGraph, type LinearNode } from '../ir/graph.ts';
import { typeOfCodes, typeOfInterval, typeOfValue } from './number-types.ts';
import type { CostSchema, MacsSchema } from './schema.ts';

export type Macs = z.output<typeof MacsSchema>;

/** Multiply-accumulates by the types of both operands; padding counts as computed. Widest operands first. */
export function macsByType(graph: IntegerGraph, nodes: readonly LinearNode[]): Macs[] {
  const groups = new Map<string, Macs>();
  for (const node of nodes) {
    const weights = typeOfCodes(node.weights.codes);
    const activations = typeOfValue(graph, node.inputs[0] ?? '');
    const key = `${weights.name} ${activations.name}`;
    const group = groups.get(key) ?? {
      weights: weights.name,
      weightBits: weights.bits,
      activations: activations.name,
      activationBits: activations.bits,
      macs: 0,
    };
    groups.set(key, { ...group, macs: group.macs + macsOf(node) });
  }
  const width = ({ weightBits, activationBits }: Macs) => weightBits * 1000 + activationBits;
  return [...groups.values()].sort((a, b) => width(b) - width(a) || (a.weights < b.weights ? -1 : 1));
}

/**
 * The accounting of QONNX: multiply-accumulates, weights and outputs of every type, bit operations (bits of one operand ·
 * bits of the other · multiply-accumulates). Outputs are the sums before thresholds.
 *
 * @param discountSparsity count only weights that are not zero, and what they multiply
 */
export function qonnxCost(
  graph: IntegerGraph,
  nodes: readonly LinearNode[],
  discountSparsity: boolean,
): z.output<typeof CostSchema> {
  const counts = new Map<string, number>();
  const add = (key: string, count: number) => counts.set(key, (counts.get(key) ?? 0) + count);
  for (const node of nodes) {
    const weights = typeOfCodes(node.weights.codes);
    const activations = typeOfValue(graph, node.inputs[0] ?? '');
    const outputs = typeOfInterval(node.range);
    const size = node.weights.codes.length;
    const stored = discountSparsity ? nonzerosOf(node.weights) : size;
    const macs = size === 0 ? 0 : (macsOf(node) / size) * stored;
    add(`op_mac_${activations.name}_${weights.name}`, macs);
    add(`mem_w_${weights.name}`, stored);
    add(`mem_o_${outputs.name}`, elementsOf(node.shape));
    add('total_bops', macs * weights.bits * activations.bits);
    add('total_macs', macs);
    add('total_mem_w_bits', stored * weights.bits);
    add('total_mem_w_elems', stored);
    add('total_mem_o_bits', elementsOf(node.shape) * outputs.bits);
    add('total_mem_o_elems', elementsOf(node.shape));
  }
  const sorted = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  return { ...Object.fromEntries(sorted), discount_sparsity: discountSparsity };
}
