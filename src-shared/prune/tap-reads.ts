/** What of a layer says which inputs a tap reads where: a trained layer, or a node of the integer graph. */
export type TapWindow =
  | { kind: 'dense'; shape: readonly number[] }
  | {
      kind: 'conv2d' | 'depthwise-conv2d';
      shape: readonly number[];
      kernel: readonly [number, number];
      strides: readonly [number, number];
      dilation: readonly [number, number];
      padding: { readonly top: number; readonly left: number };
      /** Code of the padding where it is not 0. */
      outside?: 0 | -1;
    };

/** How often each tap of a kernel read an activation that is not zero, and how many effectual planes it read. */
export interface TapReads {
  words: Float64Array;
  bits: Float64Array;
}

/**
 * Adds what the taps of a layer read of one sample: at each place of the window, each position and input channel. Taps
 * that lie in padding read nothing, or the code −1, one plane, where the layer is padded with that.
 *
 * @param planes effectual planes of each element of the layer's input, row-major
 */
export function addReads(
  { words, bits }: TapReads,
  node: TapWindow,
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
        const inside = y >= 0 && x >= 0 && y < height && x < width;
        if (!inside && !node.outside) continue;
        const from = (y * width + x) * channels;
        for (let c = 0; c < channels; c++) {
          add(words, bits, position * channels + c, inside ? (planes[from + c] ?? 0) : 1);
        }
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
export function placesOf(node: TapWindow): number {
  return node.kind === 'dense' ? 1 : (node.shape[0] ?? 1) * (node.shape[1] ?? 1);
}
