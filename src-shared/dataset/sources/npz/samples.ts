import { BitsmithError } from '../../../base/errors.ts';
import { corruptFile } from '../../format.ts';
import { planarToInterleaved } from '../cifar-binary/planar.ts';
import type { NpyArray } from './array.ts';
import type { NpzLayout } from './options.ts';

type Shape = readonly [number, number, number];
const AXES = { NHW: 3, NHWC: 4, NCHW: 4, NTC: 3, NF: 2 } as const;

/** What an array of samples holds: how many, of which shape, and whether its channels come first. */
export interface SampleAxes {
  layout: Exclude<NpzLayout, 'auto'>;
  count: number;
  shape: Shape;
}

/** @throws BitsmithError `invalid-input` naming the array, its shape and what the layout needs */
export function sampleAxes({ file, shape }: Pick<NpyArray, 'file' | 'shape'>, layout: NpzLayout): SampleAxes {
  const chosen = layout === 'auto' ? usualLayout(shape) : layout;
  const text = `[${shape.join(', ')}]`;
  if (chosen === undefined || AXES[chosen] !== shape.length) {
    const needs = chosen === undefined ? 'samples need 2 to 4 axes' : `${chosen} needs ${AXES[chosen]}`;
    throw new BitsmithError('invalid-input', `${file} has the shape ${text}; ${needs}`, { option: 'layout' });
  }
  const [count = 0, a = 1, b = 1, c = 1] = shape;
  const empty = shape.indexOf(0);
  if (empty >= 0) throw corruptFile(file, 0, `a size of at least 1 for axis ${empty}`, text);
  const shapes: Record<keyof typeof AXES, Shape> = {
    NHW: [a, b, 1],
    NHWC: [a, b, c],
    NCHW: [b, c, a],
    NTC: [a, 1, b],
    NF: [1, 1, a],
  };
  return { layout: chosen, count, shape: shapes[chosen] };
}

/** Channels are few and last; only where the second axis alone looks like channels are they taken to be first. */
function usualLayout(shape: readonly number[]): keyof typeof AXES | undefined {
  if (shape.length === 2) return 'NF';
  if (shape.length === 3) return 'NHW';
  if (shape.length !== 4) return undefined;
  const few = (size: number | undefined) => size === 1 || size === 3;
  return few(shape[1]) && !few(shape[3]) ? 'NCHW' : 'NHWC';
}

/** The samples' bytes, channels last. */
export function channelsLast(bytes: Uint8Array, { layout, count, shape: [h, w, c] }: SampleAxes): Uint8Array {
  return layout === 'NCHW' && c > 1 ? planarToInterleaved(bytes, count, h * w * c, 0, h * w, c) : bytes;
}

/** The channel of the i-th element of the array. */
export function channelOf({ layout, shape: [h, w, c] }: SampleAxes): (i: number) => number {
  if (layout === 'NCHW') return (i) => Math.floor(i / (h * w)) % c;
  return (i) => i % c;
}
