import { BitsmithError } from '../../../base/errors.ts';
import { inputFeature, isClamped, quantizer, type InputFeature } from '../../features.ts';
import { corruptFile } from '../../format.ts';
import type { NpyArray } from './array.ts';
import type { NpzOptions } from './options.ts';
import { channelOf, type SampleAxes } from './samples.ts';

/**
 * How the values of the training samples become bytes: a feature for each channel, or undefined where they are bytes.
 *
 * @throws BitsmithError `invalid-input` when a range must be given, saying what was found
 */
export function featuresOf(
  array: NpyArray,
  axes: SampleAxes,
  { range, minimum, maximum }: NpzOptions,
): InputFeature[] | undefined {
  const channels = axes.shape[2];
  const every = (low: number, high: number): InputFeature[] =>
    Array.from({ length: channels }, (_, c) => inputFeature(channelName(c, channels), low, high));
  if (range === 'given') {
    if (minimum === undefined || maximum === undefined || !(Math.fround(maximum) > Math.fround(minimum))) {
      throw new BitsmithError(
        'invalid-input',
        'the range of the values is "given": give a minimum and a maximum that is greater',
        { option: 'minimum' },
      );
    }
    return every(minimum, maximum);
  }
  if (range === 'measured') return measured(array, axes);
  if (array.dtype.endsWith('u1')) return undefined;
  if (array.dtype.endsWith('i1')) return every(-128, 127);
  if (array.dtype.includes('b')) return every(0, 1);
  const [low, high, whole] = extent(array.values as ArrayLike<number>);
  if (array.dtype.includes('f') && low >= 0 && high <= 1) return every(0, 1);
  if (whole && low >= 0 && high <= 255 && high > 1) return undefined;
  if (axes.layout === 'NF' || axes.layout === 'NTC') return measured(array, axes);
  throw new BitsmithError(
    'invalid-input',
    `the values of ${array.file} go from ${low} to ${high}, which are neither bytes nor 0 to 1: give the range that becomes 0 to 255`,
    { option: 'range' },
  );
}

function channelName(c: number, channels: number): string {
  return channels === 1 ? 'value' : `channel ${c + 1}`;
}

function measured(array: NpyArray, axes: SampleAxes): InputFeature[] {
  const channels = axes.shape[2];
  const [low, high] = [
    new Array<number>(channels).fill(Infinity),
    new Array<number>(channels).fill(-Infinity),
  ];
  const channel = channelOf(axes);
  const values = array.values as ArrayLike<number>;
  for (let i = 0; i < values.length; i++) {
    const c = channel(i);
    low[c] = Math.min(low[c]!, values[i]!);
    high[c] = Math.max(high[c]!, values[i]!);
  }
  return low.map((least, c) => inputFeature(channelName(c, channels), least, high[c]!));
}

function extent(values: ArrayLike<number>): [low: number, high: number, whole: boolean] {
  let [low, high, whole] = [Infinity, -Infinity, true];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value < low) low = value;
    if (value > high) high = value;
    if (whole && !Number.isInteger(value)) whole = false;
  }
  return [low, high, whole];
}

/** The array's elements as bytes, and how many of them lay outside the range. */
export function toBytes(
  array: NpyArray,
  axes: SampleAxes,
  features: readonly InputFeature[] | undefined,
): { bytes: Uint8Array; clamped: number } {
  const values = array.values as ArrayLike<number>;
  const bytes = new Uint8Array(values.length);
  const functions = features?.map(quantizer);
  const channel = channelOf(axes);
  let clamped = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value))
      throw corruptFile(array.file, array.place(i), 'a finite number', String(value));
    if (!features || !functions) {
      if (!(Number.isInteger(value) && value >= 0 && value <= 255)) {
        throw corruptFile(
          array.file,
          array.place(i),
          'a byte (0 to 255) as in the training part',
          String(value),
        );
      }
      bytes[i] = value;
    } else {
      const c = channel(i);
      bytes[i] = functions[c]!(value);
      if (isClamped(features[c]!, value)) clamped++;
    }
  }
  return { bytes, clamped };
}
