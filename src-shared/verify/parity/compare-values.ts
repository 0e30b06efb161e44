import { channelsOf } from '../../export/ir/graph.ts';
import type { Reading } from './trace-lowering.ts';

export interface Extent {
  low: number;
  high: number;
}

/** How the firmware's integers of a layer differ from the reference's. */
export interface IntegerDifference {
  differing: number;
  largest: number;
  /** The first element that differs. */
  first: { index: number; expected: number; got: number } | null;
}

/** How the float network's values of a layer differ from the real values of the reference's integers. */
export interface RealDifference {
  compared: number;
  largest: number;
  mean: number;
  /** Elements whose nearest integer is another one; null where neighbours are not evenly spaced. */
  codes: number | null;
  /** The first of them. */
  first: number | null;
}

export function extentOf(values: ArrayLike<number>): Extent {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? { low, high } : { low: 0, high: 0 };
}

export function compareIntegers(got: ArrayLike<number>, expected: Int32Array): IntegerDifference {
  const result: IntegerDifference = { differing: 0, largest: 0, first: null };
  for (let index = 0; index < expected.length; index++) {
    const one = got[index] ?? NaN;
    if (one === expected[index]) continue;
    result.differing++;
    result.largest = Math.max(result.largest, Math.abs(one - expected[index]!));
    result.first ??= { index, expected: expected[index]!, got: one };
  }
  return result;
}

/** The reference's integers of a node as real numbers of the trained layer. */
export function realValues(reading: Reading, integers: Int32Array): Float32Array {
  const { channels, signs, shifts } = reading;
  const count = channels.length;
  return Float32Array.from(integers, (integer, i) => {
    const at = i % count;
    return reading.real(channels[at]!, signs[at]! * (integer + shifts[at]!));
  });
}

/** The float network's values of the trained layer, of the channels that are left, in the order of the integers. */
export function floatValues(reading: Reading, values: Float32Array): Float32Array {
  const { channels, of } = reading;
  const count = channels.length;
  const pixels = values.length / of;
  return Float32Array.from({ length: pixels * count }, (_, i) => {
    return values[Math.floor(i / count) * of + channels[i % count]!]!;
  });
}

/** The real difference of neighbouring integers by channel that is left. */
export function unitsOf(reading: Reading): (number | null)[] {
  return reading.channels.map((channel) => reading.unit(channel));
}

export function compareReal(reading: Reading, float: Float32Array, real: Float32Array): RealDifference {
  const units = unitsOf(reading);
  let largest = 0;
  let sum = 0;
  let codes: number | null = units.includes(null) ? null : 0;
  let first: number | null = null;
  for (let i = 0; i < real.length; i++) {
    const difference = Math.abs(float[i]! - real[i]!);
    largest = Math.max(largest, difference);
    sum += difference;
    const unit = Math.abs(units[i % units.length] ?? 0);
    if (codes !== null && unit > 0 && difference > unit / 2) {
      codes++;
      first ??= i;
    }
  }
  return { compared: real.length, largest, mean: real.length > 0 ? sum / real.length : 0, codes, first };
}

/** `[row, column, channel]`, or the number of an element of a vector. */
export function placeOf(shape: readonly number[], index: number): number[] {
  if (shape.length < 3) return [index];
  const channels = channelsOf(shape);
  const width = shape[1] ?? 1;
  const pixel = Math.floor(index / channels);
  return [Math.floor(pixel / width), pixel % width, index % channels];
}
