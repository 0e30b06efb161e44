import type { Padding } from '../export/trained-graph.ts';

export interface WindowGeometry {
  height: number;
  width: number;
  padding: Padding;
}

/**
 * Output size and explicit padding of a sliding window, as TensorFlow defines `same` and `valid`: `same` gives
 * ceil(input / stride) and puts the odd pixel of padding at the bottom and right.
 *
 * @returns null where the window does not fit into the input
 */
export function slideWindow(
  input: readonly [number, number],
  window: readonly [number, number],
  strides: readonly [number, number],
  dilation: readonly [number, number],
  padding: 'same' | 'valid',
): WindowGeometry | null {
  const vertical = slide(input[0], window[0], strides[0], dilation[0], padding);
  const horizontal = slide(input[1], window[1], strides[1], dilation[1], padding);
  if (!vertical || !horizontal) return null;
  return {
    height: vertical.size,
    width: horizontal.size,
    padding: {
      top: vertical.before,
      bottom: vertical.after,
      left: horizontal.before,
      right: horizontal.after,
    },
  };
}

function slide(input: number, window: number, stride: number, dilation: number, padding: 'same' | 'valid') {
  const extent = (window - 1) * dilation + 1;
  if (padding === 'valid') {
    return extent > input ? null : { size: Math.floor((input - extent) / stride) + 1, before: 0, after: 0 };
  }
  const size = Math.ceil(input / stride);
  const total = Math.max((size - 1) * stride + extent - input, 0);
  const before = Math.floor(total / 2);
  return { size, before, after: total - before };
}
