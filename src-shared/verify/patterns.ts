import { RandomStream } from '../base/random.ts';
import { elementsOf, mapShape, type IntegerGraph } from '../export/ir/graph.ts';

/**
 * Inputs on which firmware goes wrong that is right on pictures: every extreme and middle value everywhere, patterns with
 * the largest differences between neighbours, single pixels at the edges and in the middle, stripes that tell rows from
 * columns and channels from pixels, random extremes. Always the same for one input shape.
 */
export function patternSamples({ input }: Pick<IntegerGraph, 'input'>): Uint8Array[] {
  const [height, width, channels] = mapShape(input.shape);
  const zero = (channel: number) => input.zero[channel % input.zero.length] ?? 0;
  const draw = (value: (y: number, x: number, channel: number) => number): Uint8Array =>
    Uint8Array.from({ length: elementsOf(input.shape) }, (_, i) => {
      const pixel = Math.floor(i / channels);
      return value(Math.floor(pixel / width), pixel % width, i % channels);
    });
  const random = new RandomStream(1, 'patterns');
  const isAt = (y: number, x: number, row: number, column: number) => y === row && x === column;
  const middle = [height >> 1, width >> 1] as const;
  return [
    draw(() => 0),
    draw(() => 255),
    draw((_, __, channel) => zero(channel)),
    draw((y, x) => ((y + x) & 1) * 255),
    draw((y, x) => (((y + x) & 1) ^ 1) * 255),
    draw((y, x, channel) => ((y + x + channel) & 1 ? 255 : zero(channel))),
    draw((y) => (y & 1) * 255),
    draw((_, x) => (x & 1) * 255),
    draw((_, __, channel) => (channel & 1 ? 255 : 0)),
    draw((y, x, channel) => (isAt(y, x, 0, 0) ? 255 : zero(channel))),
    draw((y, x, channel) => (isAt(y, x, height - 1, width - 1) ? 255 : zero(channel))),
    draw((y, x) => (isAt(y, x, ...middle) ? 255 : 0)),
    draw((y, x) => (isAt(y, x, ...middle) ? 0 : 255)),
    draw((y, x) => Math.round((255 * (y + x)) / Math.max(1, height + width - 2))),
    draw(() => (random.nextUint32() & 1) * 255),
    draw(() => ((random.nextUint32() & 7) === 0 ? 255 : 0)),
    draw(() => random.nextUint32() >>> 24),
  ];
}
