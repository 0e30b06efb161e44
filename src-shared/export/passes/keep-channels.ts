import { channelsOf, type IntegerGraph, type IntegerNode } from '../ir/graph.ts';

/** One number for each channel of a value: 1 where it stays. */
export type ChannelMask = Uint8Array;

/**
 * The graph with nothing but the given channels of each value: shapes, filters, taps, thresholds, multipliers. Whether the
 * others may go is the caller's business; ranges stay as they are.
 *
 * @param masks by value; all channels of an absent value stay
 */
export function keepChannels(graph: IntegerGraph, masks: ReadonlyMap<string, ChannelMask>): IntegerGraph {
  const shapes = new Map([
    ['input', graph.input.shape],
    ...graph.nodes.map((node) => [node.id, node.shape] as const),
  ]);
  const maskOf = (value: string): ChannelMask =>
    masks.get(value) ?? new Uint8Array(channelsOf(shapes.get(value) ?? [])).fill(1);
  const nodes = graph.nodes.map((node) =>
    [node.id, ...node.inputs].some((value) => masks.has(value))
      ? narrowed(node, maskOf(node.id), maskOf(node.inputs[0] ?? ''))
      : node,
  );
  return { ...graph, nodes };
}

/** @param own channels of the node @param read channels of its first input */
function narrowed(node: IntegerNode, own: ChannelMask, read: ChannelMask): IntegerNode {
  const shape = [...node.shape.slice(0, -1), own.reduce((count, stays) => count + stays, 0)];
  const stays = (channel: number) => own[channel] === 1;
  switch (node.kind) {
    case 'conv2d':
    case 'depthwise-conv2d':
    case 'dense': {
      // Channels are the fastest index of the taps. A depthwise filter sees one channel alone, and keeps all its taps.
      const { taps } = node.weights;
      const seen = (tap: number) => node.kind === 'depthwise-conv2d' || read[tap % read.length] === 1;
      const codes = node.weights.codes.filter((_, i) => stays(Math.floor(i / taps)) && seen(i % taps));
      const filters = shape.at(-1) ?? 0;
      return { ...node, shape, weights: { filters, taps: codes.length / filters, codes } };
    }
    case 'threshold':
      return {
        ...node,
        shape,
        values: node.values.filter((_, i) => stays(Math.floor(i / node.steps))),
        direction: node.direction.filter((_, channel) => stays(channel)),
      };
    case 'combine':
      return {
        ...node,
        shape,
        bias: node.bias.filter((_, channel) => stays(channel)),
        multipliers: node.multipliers.map((row) => row.filter((_, channel) => stays(channel))),
      };
    default:
      return { ...node, shape };
  }
}
