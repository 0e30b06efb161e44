import { channelsOf, type IntegerGraph, type IntegerNode } from '../ir/graph.ts';
import { passedBy } from '../passes/channel-ranges.ts';
import { isJoin, joinContext, joined, SMALL_CODES } from './join-context.ts';

/** Two values of codes in {−1, 0, 1} and what thresholds make of their sum, channel by channel. */
export interface JoinTable {
  /** Ids of the two values. */
  inputs: readonly [string, string];
  /** The nodes between the two values and the given one, which the table replaces. */
  between: readonly IntegerNode[];
  /** Per channel: bits 2 · (3 · (a + 1) + (b + 1)) and the next hold the code + 1 for the pair of codes (a, b). */
  tables: Uint32Array;
}

/**
 * The table of a threshold node of codes in {−1, 0, 1} behind a `combine` or `add`, which nothing else reads, of two values
 * of such codes; or of such an `add` or `combine` whose own values are such codes. Undefined for anything else. Pairs of
 * codes that no sample can give have code 0 where their sum is none of the codes.
 */
export function joinTable(node: IntegerNode, graph: IntegerGraph): JoinTable | undefined {
  const context = joinContext(graph);
  const threshold = node.kind === 'threshold' ? node : undefined;
  const join = threshold ? context.producer(threshold.inputs[0], threshold.id) : node;
  if (!join || !isJoin(join)) return undefined;
  const [a = '', b = ''] = join.inputs;
  if (![a, b, node.id].every((id) => context.smallCodes(id))) return undefined;
  const tables = new Uint32Array(channelsOf(node.shape));
  for (let channel = 0; channel < tables.length; channel++) {
    for (const x of SMALL_CODES) {
      for (const y of SMALL_CODES) {
        const sum = joined(join, channel, 0, x, y);
        const found = threshold ? (threshold.codes[passedBy(threshold, channel, sum)] ?? 0) : sum;
        const code = Math.abs(found) <= 1 ? found : 0;
        tables[channel] = (tables[channel] ?? 0) | ((code + 1) << (2 * (3 * (x + 1) + (y + 1))));
      }
    }
  }
  return { inputs: [a, b], between: threshold ? [join] : [], tables };
}
