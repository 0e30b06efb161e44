import type { LinearNode } from './operands.ts';

/** How often each tap of a kernel read an activation that is not zero, and how many effectual planes it read. */
export interface TapReads {
  words: Float64Array;
  bits: Float64Array;
}

/**
 * Adds what the taps of a layer read of one sample: at each place of the window, each position and input channel. Taps
 * that lie in padding read nothing.
 *
 * @param planes effectual planes of each element of the layer's input, row-major
 */
export function addReads(
  { words, bits }: TapReads,
  node: LinearNode,
  inputShape: readonly number[],
  planes: Uint8Array,
): void {
  if (node.kind === 'dense') {
    planes.forEach((count, i) => add(words, bits, i, count));
    return;
  }
  const [height = 1, width = 1, channels = 1] = inputShape;
  const [rows = 1, columns = 1] = node.shape;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      for (let position = 0; position < node.kernel[0] * node.kernel[1]; position++) {
        const y =
          row * node.strides[0] + Math.floor(position / node.kernel[1]) * node.dilation[0] - node.padding.top;
        const x =
          column * node.strides[1] + (position % node.kernel[1]) * node.dilation[1] - node.padding.left;
        if (y < 0 || x < 0 || y >= height || x >= width) continue;
        const from = (y * width + x) * channels;
        for (let c = 0; c < channels; c++) add(words, bits, position * channels + c, planes[from + c] ?? 0);
      }
    }
  }
}

function add(words: Float64Array, bits: Float64Array, tap: number, planes: number): void {
  if (planes === 0) return;
  words[tap] = (words[tap] ?? 0) + 1;
  bits[tap] = (bits[tap] ?? 0) + planes;
}

/** Places of the window: how often each tap is read per sample, padding included. */
export function placesOf(node: LinearNode): number {
  return node.kind === 'dense' ? 1 : (node.shape[0] ?? 1) * (node.shape[1] ?? 1);
}
