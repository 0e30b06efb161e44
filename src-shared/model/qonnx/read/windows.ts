import type { PaddingChoice } from '../../fields.ts';
import { slideWindow } from '../../window.ts';
import type { OnnxNode } from '../onnx.ts';
import { integersOf, numberOf, textOf } from './attributes.ts';
import type { LayerValue, Reader } from './reader.ts';

export type Pair = [number, number];
type Sides = readonly [top: number, left: number, bottom: number, right: number];

export interface Window {
  kernel: Pair;
  strides: Pair;
  dilations: Pair;
  padding: PaddingChoice;
  /** The number in the padding where it is not the operator's own. */
  filling: number;
}

/** The sliding window of a convolution or a pooling over its input. */
export function windowOf(
  reader: Reader,
  node: OnnxNode,
  input: LayerValue,
  kernel: readonly number[],
  preferred: 'same' | 'valid',
): Window {
  const pair = (name: string, values: readonly number[] | undefined, fallback: Pair): Pair => {
    if (values === undefined) return fallback;
    const [first, second, ...more] = values;
    if (first === undefined || second === undefined || more.length > 0)
      return reader.refuse(node, `has ${values.length} ${name}, but only two-dimensional windows are read`);
    return [first, second];
  };
  const size = pair('kernel sizes', kernel, [1, 1]);
  const strides = pair('strides', integersOf(node, 'strides'), [1, 1]);
  const dilations = pair('dilations', integersOf(node, 'dilations'), [1, 1]);
  const [height = 1, width = 1] = input.shape;
  const map: Pair = [height, width];
  const same = slideWindow(map, size, strides, dilations, 'same')?.padding;
  const sameSides: Sides = same ? [same.top, same.left, same.bottom, same.right] : [0, 0, 0, 0];
  const sides = sidesOf(reader, node, input, sameSides);
  const grown = numberOf(node, 'ceil_mode', 0) ? roundedUp(sides, map, size, strides) : sides;
  return {
    kernel: size,
    strides,
    dilations,
    padding: choiceOf(grown, sameSides, preferred),
    filling: input.border?.value ?? 0,
  };
}

function sidesOf(reader: Reader, node: OnnxNode, { border }: LayerValue, same: Sides): Sides {
  const auto = textOf(node, 'auto_pad', 'NOTSET');
  const pads = integersOf(node, 'pads') ?? [0, 0, 0, 0];
  const own: Sides =
    auto === 'SAME_UPPER'
      ? same
      : auto === 'SAME_LOWER'
        ? [same[2], same[3], same[0], same[1]]
        : auto === 'VALID'
          ? [0, 0, 0, 0]
          : [pads[0] ?? 0, pads[1] ?? 0, pads[2] ?? 0, pads[3] ?? 0];
  if (!border) return own;
  if (own.some((side) => side > 0)) reader.refuse(node, 'has padding of its own behind a Pad');
  return border.pads;
}

/** A size that is rounded up has the missing pixels at the bottom and right. */
function roundedUp([top, left, bottom, right]: Sides, map: Pair, size: Pair, strides: Pair): Sides {
  const missing = (axis: 0 | 1, before: number, after: number) => {
    const room = map[axis] + before + after - size[axis];
    const steps = Math.ceil(room / strides[axis]);
    // A window that would begin in the padding is left out.
    const begins = steps * strides[axis] < map[axis] + before;
    return begins ? Math.max(0, steps * strides[axis] - room) : 0;
  };
  return [top, left, bottom + missing(0, top, bottom), right + missing(1, left, right)];
}

function choiceOf(sides: Sides, same: Sides, preferred: 'same' | 'valid'): PaddingChoice {
  const [top, left, bottom, right] = sides;
  const none = sides.every((side) => side === 0);
  if (none && preferred === 'valid') return 'valid';
  if (sides.every((side, i) => side === same[i])) return 'same';
  if (none) return 'valid';
  if (top === bottom && left === right) return top === left ? top : [top, left];
  return { top, bottom, left, right };
}

/** A pair as a specification has it: one number where both agree. */
export function short([rows, columns]: Pair): number | Pair {
  return rows === columns ? rows : [rows, columns];
}
