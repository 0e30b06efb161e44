import type { Padding } from '../export/trained-graph.ts';
import type { PaddingChoice } from './fields.ts';

export interface WindowGeometry {
  height: number;
  width: number;
  padding: Padding;
}

/**
 * Output size and explicit padding of a sliding window. `same` and `valid` are TensorFlow's: `same` gives
 * ceil(input / stride) and puts the odd pixel of padding at the bottom and right. With explicit padding the size is
 * floor((input + padding − window) / stride) + 1.
 *
 * @returns null where the window does not fit into the input
 */
export function slideWindow(
  input: readonly [number, number],
  window: readonly [number, number],
  strides: readonly [number, number],
  dilation: readonly [number, number],
  padding: PaddingChoice,
): WindowGeometry | null {
  const explicit = explicitPadding(padding);
  const vertical = slide(
    input[0],
    window[0],
    strides[0],
    dilation[0],
    explicit && [explicit.top, explicit.bottom],
  );
  const horizontal = slide(
    input[1],
    window[1],
    strides[1],
    dilation[1],
    explicit && [explicit.left, explicit.right],
  );
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

/** The four sides of a choice that names them; null for `same`, which depends on the input. */
export function explicitPadding(choice: PaddingChoice): Padding | null {
  if (choice === 'same') return null;
  if (choice === 'valid') return { top: 0, bottom: 0, left: 0, right: 0 };
  if (typeof choice === 'object' && !Array.isArray(choice)) return choice;
  const [vertical, horizontal] = typeof choice === 'number' ? [choice, choice] : choice;
  return { top: vertical, bottom: vertical, left: horizontal, right: horizontal };
}

export type TensorPadding = 'valid' | [[0, 0], [number, number], [number, number], [0, 0]];

/** Explicit padding as TensorFlow.js takes it, NHWC. */
export function explicitTensorPadding({ top, bottom, left, right }: Padding): TensorPadding {
  if (top + bottom + left + right === 0) return 'valid';
  return [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
}

/** What a layer hands to TensorFlow.js: its own `same`, for which back ends have kernels of their own, or the sides. */
export function tensorPadding(choice: PaddingChoice): 'same' | TensorPadding {
  const sides = explicitPadding(choice);
  return sides ? explicitTensorPadding(sides) : 'same';
}

function slide(
  input: number,
  window: number,
  stride: number,
  dilation: number,
  sides: readonly [number, number] | null,
) {
  const extent = (window - 1) * dilation + 1;
  if (sides) {
    const [before, after] = sides;
    const room = input + before + after - extent;
    return room < 0 ? null : { size: Math.floor(room / stride) + 1, before, after };
  }
  const size = Math.ceil(input / stride);
  const total = Math.max((size - 1) * stride + extent - input, 0);
  const before = Math.floor(total / 2);
  return { size, before, after: total - before };
}
