import { mapShape, type ConvNode, type IntegerGraph, type IntegerWeights } from '../ir/graph.ts';
import {
  pairedWeights,
  quadWeights,
  tripleWeights,
  type SwarTables,
  type SwarWindow,
} from './packing/swar-tables.ts';

/** Levels that a SWAR kernel adds (`BS_SWAR_LEVELS`), and the largest sum of one of them. */
export const MOST_LEVELS = 8;
const LARGEST_SUM = 32_767;

/** A convolution whose sums may leave 16 bits as several, each with a share of the taps, whose sums do not. */
export function narrowParts(graph: IntegerGraph, conv: ConvNode): ConvNode[] {
  if (Math.max(-conv.range.low, conv.range.high) <= LARGEST_SUM) return [conv];
  const { filters, taps, codes } = conv.weights;
  const each = Math.floor(LARGEST_SUM / largestInput(graph, conv.inputs[0] ?? ''));
  const count = Math.ceil(taps / Math.max(1, each));
  const share = Math.ceil(taps / count);
  return Array.from({ length: count }, (_, part) => {
    const kept = codes.map((code, at) => (Math.floor((at % taps) / share) === part ? code : 0));
    const bound = share * largestInput(graph, conv.inputs[0] ?? '');
    return { ...conv, weights: { filters, taps, codes: kept }, range: { low: -bound, high: bound } };
  });
}

function largestInput(graph: IntegerGraph, name: string): number {
  const { zero } = graph.input;
  const node = graph.nodes.find(({ id }) => id === name);
  if (!node || node.type === 'u8') return Math.max(...zero, ...zero.map((value) => 255 - value));
  return Math.max(1, -node.range.low, node.range.high);
}

/** Channels of a convolution's input. */
export function channelsUnder({ kind, weights, kernel }: ConvNode): number {
  return kind === 'conv2d' ? weights.taps / (kernel[0] * kernel[1]) : weights.filters;
}

/** Weights as a SWAR kernel with these tables gets them; undefined where the tables cannot hold them. */
export function swarWeights(conv: ConvNode, tables: SwarTables): IntegerWeights | undefined {
  const channels = conv.kind === 'conv2d' ? channelsUnder(conv) : 1;
  switch (tables) {
    case 'single':
      return conv.weights;
    case 'pairs':
      return channels > 1 ? conv.weights : undefined;
    case 'paired':
      return channels > 1 ? pairedWeights(conv.weights, channels) : undefined;
    case 'triples':
      return channels > 2 ? tripleWeights(conv.weights, channels) : undefined;
    case 'quads':
      return channels > 2 && !conv.weights.codes.includes(0)
        ? quadWeights(conv.weights, channels)
        : undefined;
  }
}

/** @param gapless whether input and output have no border */
export function swarWindowOf(conv: ConvNode, gapless: boolean): SwarWindow {
  const { kernel, strides, dilation, padding, shape } = conv;
  const [height, width] = mapShape(shape);
  const pointwise = [...kernel, ...strides].every((one) => one === 1);
  const padded = Object.values(padding).some((rows) => rows > 0);
  return {
    height,
    width,
    channels: channelsUnder(conv),
    kernel,
    strides,
    dilation,
    flat: gapless && pointwise && !padded,
  };
}
