import type { ParityValues } from '../../contract/api/parity.ts';
import type { RowValues } from './parity.ts';

/** Some channels of a row's values, channel by channel. A vector is one channel of one line. */
export function windowOf(values: RowValues, from: number, count: number): ParityValues {
  const [height, width, channels] = mapOf(values.shape);
  const pixels = height * width;
  const numbers = Math.max(0, Math.min(count, channels - from));
  const pick = (all: ArrayLike<number>, channel: number): number[] =>
    Array.from({ length: pixels }, (_, pixel) => all[pixel * channels + channel] ?? 0);
  return {
    shape: [height, width, channels],
    from,
    channels: Array.from({ length: numbers }, (_, i) => {
      const channel = from + i;
      const { reference, firmware, float, real, units } = values;
      return {
        reference: pick(reference, channel),
        firmware: firmware && pick(firmware, channel),
        float: float && pick(float, channel),
        real: real && pick(real, channel),
        unit: units?.[channel] ?? null,
      };
    }),
  };
}

/** A value as height, width and channels; a vector, and a map of one pixel, as one line of numbers. */
export function mapOf(shape: readonly number[]): [height: number, width: number, channels: number] {
  const [height = 1, width = 1, channels = 1] = shape;
  const elements = shape.reduce((product, length) => product * length, 1);
  if (shape.length < 3 || height * width === 1) return [1, elements, 1];
  return [height, width, channels];
}
