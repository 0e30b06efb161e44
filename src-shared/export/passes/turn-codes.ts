import {
  channelsOf,
  isLinear,
  type IntegerGraph,
  type IntegerNode,
  type ThresholdNode,
} from '../ir/graph.ts';
import { consumersOf } from './consumers.ts';

/** Channels whose codes are stored with the other sign. */
export interface TurnedCodes {
  node: string;
  channels: number[];
  /** All channels that the node has at this point. */
  of: number;
}

/**
 * Thresholds behind a pooling that fall with their sums (batch norm with a negative factor behind max-pooling, where no
 * weights can be negated): the codes of such a channel, symmetric around 0, get the other sign, so that they rise, and
 * whoever reads them negates its weights or multipliers. code(−x ≥ t) falls; −code rises with thresholds 1 − t. Kernels
 * that take a pooling behind the thresholds need channels that rise.
 *
 * @returns the graph, and the channels whose codes are now the negatives of training's
 */
export function turnCodes(graph: IntegerGraph): { graph: IntegerGraph; turned: TurnedCodes[] } {
  const turned: TurnedCodes[] = [];
  let nodes = new Map<string, IntegerNode>(graph.nodes.map((node) => [node.id, node]));
  const readers = readersOf(graph);
  for (const { id } of graph.nodes) {
    const node = nodes.get(id);
    if (node?.kind !== 'threshold' || !isSymmetric(node)) continue;
    const channels = [...node.direction.keys()].filter((channel) => (node.direction[channel] ?? 1) < 0);
    if (channels.length === 0) continue;
    const changed = new Map(nodes);
    changed.set(id, rise(node, new Set(channels)));
    if (!negateReaders(changed, readers, id, new Set(channels), channelsOf(node.shape), graph)) continue;
    nodes = changed;
    turned.push({ node: id, channels, of: channelsOf(node.shape) });
  }
  return { graph: { ...graph, nodes: graph.nodes.map((node) => nodes.get(node.id) ?? node) }, turned };
}

/** codes[i] = −codes[steps − i], ascending. */
function isSymmetric({ codes, steps }: ThresholdNode): boolean {
  return codes.every((code, i) => code + (codes[steps - i] ?? NaN) === 0 && code >= (codes[i - 1] ?? code));
}

function rise(node: ThresholdNode, falls: ReadonlySet<number>): ThresholdNode {
  const { steps } = node;
  const values = node.values.slice();
  for (const channel of falls) {
    const own = node.values.subarray(channel * steps, (channel + 1) * steps);
    values.set([...own].map((value) => 1 - value).toReversed(), channel * steps);
  }
  return { ...node, values, direction: node.direction.map(() => 1) };
}

/** @returns false where a reader cannot take the other sign */
function negateReaders(
  nodes: Map<string, IntegerNode>,
  readers: ReadonlyMap<string, readonly string[]>,
  value: string,
  turned: ReadonlySet<number>,
  channels: number,
  graph: IntegerGraph,
): boolean {
  if (value === graph.output) return false;
  return (readers.get(value) ?? []).every((id) => {
    const reader = nodes.get(id);
    if (!reader) return false;
    if (reader.kind === 'flatten' || reader.kind === 'sum-pool') {
      nodes.set(id, { ...reader, range: mirrored(reader) });
      return negateReaders(nodes, readers, id, turned, channels, graph);
    }
    const negated = negate(reader, value, (channel) => turned.has(channel % channels));
    if (negated) nodes.set(id, negated);
    return negated !== undefined;
  });
}

/** The reader with the sign of some channels of one input turned. */
function negate(
  reader: IntegerNode,
  value: string,
  turns: (channel: number) => boolean,
): IntegerNode | undefined {
  if (isLinear(reader)) {
    if ('outside' in reader && reader.outside) return undefined;
    const { weights } = reader;
    const depthwise = reader.kind === 'depthwise-conv2d';
    if (weights.codes.includes(-128)) return undefined;
    const codes = weights.codes.map((code, at) => {
      const channel = depthwise ? Math.floor(at / weights.taps) : at % weights.taps;
      return turns(channel) ? 0 - code : code;
    });
    return { ...reader, weights: { ...weights, codes }, range: mirrored(reader) };
  }
  if (reader.kind !== 'combine' && reader.kind !== 'affine') return undefined;
  const multipliers = reader.multipliers.map((row, input) =>
    reader.inputs[input] === value ? row.map((one, channel) => (turns(channel) ? 0 - one : one)) : row,
  );
  return { ...reader, multipliers };
}

/** Holds a value's integers and their negatives. */
function mirrored({ range: { low, high } }: IntegerNode): { low: number; high: number } {
  return { low: Math.min(low, -high), high: Math.max(high, -low) };
}

function readersOf(graph: IntegerGraph): Map<string, string[]> {
  return new Map(
    [...consumersOf(graph)].map(([id, all]) => [id, [...new Set(all)].filter((one) => one !== '')]),
  );
}
