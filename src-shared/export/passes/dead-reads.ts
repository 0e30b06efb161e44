import {
  channelsOf,
  mapShape,
  type ConvNode,
  type DenseNode,
  type IntegerGraph,
  type Interval,
} from '../ir/graph.ts';
import { obstacleBehind, type Obstacle } from './absorb-offsets.ts';

/** Why a channel need not be computed. */
export type Needless =
  /** Every weight that reads it is 0. */
  | 'unread'
  /** It is 0 for every sample. */
  | 'zero'
  /** It is one number for every sample, which goes into the constants behind the sums that it enters. */
  | 'constant';

/** What a channel of its input is to a layer whose weights read it. */
export type Read =
  | {
      needless: Needless;
      /** What it adds to each filter's sum, wherever the filter stands. */ offsets?: Float64Array;
    }
  | { constant: number; obstacle: Obstacle }
  /** It matters. */
  | undefined;

/**
 * How a convolution or dense layer reads the channels of its input.
 *
 * @param shape of the input
 * @param ranges proven intervals of the input's channels
 * @returns what a channel of the input is
 */
export function readsOf(
  graph: IntegerGraph,
  node: ConvNode | DenseNode,
  shape: readonly number[],
  ranges: readonly Interval[],
): (channel: number) => Read {
  const { filters, taps, codes } = node.weights;
  const channels = channelsOf(shape);
  const read = new Uint8Array(channels);
  codes.forEach((code, i) => {
    if (code !== 0) read[(i % taps) % channels] = 1;
  });
  const inPadding = paddingTaps(node, shape);
  const outside = node.kind === 'dense' ? 0 : (node.outside ?? 0);
  const obstacle = memo(() => obstacleBehind(graph, node.id));
  return (channel) => {
    if (read[channel] === 0) return { needless: 'unread' };
    const { low, high } = ranges[channel] ?? { low: 0, high: 1 };
    if (low !== high) return undefined;
    const offsets = new Float64Array(filters);
    for (let i = channel; i < codes.length; i += channels) {
      const code = codes[i] ?? 0;
      if (code !== 0 && low !== outside && inPadding(Math.floor((i % taps) / channels))) {
        return { constant: low, obstacle: `the padding of ${node.id} holds ${outside}` };
      }
      offsets[Math.floor(i / taps)] = (offsets[Math.floor(i / taps)] ?? 0) + code * low;
    }
    if (offsets.every((offset) => offset === 0)) return { needless: low === 0 ? 'zero' : 'constant' };
    const found = obstacle();
    return found === undefined ? { needless: 'constant', offsets } : { constant: low, obstacle: found };
  };
}

/** Whether a tap of the kernel (row-major, without channels) lies in the padding for some output. */
function paddingTaps(node: ConvNode | DenseNode, shape: readonly number[]): (tap: number) => boolean {
  if (node.kind === 'dense') return () => false;
  const { kernel, strides, dilation, padding } = node;
  const [height, width] = mapShape(shape);
  const [rows, columns] = mapShape(node.shape);
  const leaves = (
    tap: number,
    dilated: number,
    before: number,
    stride: number,
    count: number,
    length: number,
  ) => tap * dilated - before < 0 || (count - 1) * stride + tap * dilated - before >= length;
  return (tap) =>
    leaves(Math.floor(tap / kernel[1]), dilation[0], padding.top, strides[0], rows, height) ||
    leaves(tap % kernel[1], dilation[1], padding.left, strides[1], columns, width);
}

function memo<T>(compute: () => T): () => T {
  let known: { value: T } | undefined;
  return () => (known ??= { value: compute() }).value;
}
