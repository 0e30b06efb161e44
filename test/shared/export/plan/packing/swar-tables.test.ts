import { describe, expect, it } from 'vitest';
import {
  pairedWeights,
  quadWeights,
  swarFits,
  swarReady,
  swarRingWords,
  swarSections,
  tripleWeights,
  type SwarWindow,
} from '#shared/export/plan/packing/swar-tables.ts';
import { Draw } from '#test/support/random-quantities.ts';
import { randomCodes } from '#test/support/swar-random.ts';

/** What the ring holds for a group of channels, as the header says it. */
const words = {
  paired: ([a = 0, b = 0]: number[]) => [a, b, a + b, a - b],
  triples: ([a = 0, b = 0, c = 0]: number[]) => [
    ...[a, b, a + b, a - b, c, a + c, b + c, a + b + c, a - b + c],
    ...[a - c, b - c, a + b - c, a - b - c],
  ],
  quads: ([a = 0, b = 0, c = 0, d = 0]: number[]) =>
    Array.from({ length: 8 }, (_, v) => a + (v & 4 ? -b : b) + (v & 2 ? -c : c) + (v & 1 ? -d : d)),
};

describe.each([
  ['paired', 2, pairedWeights, 0.5],
  ['triples', 3, tripleWeights, 0.5],
  ['quads', 4, quadWeights, 0],
] as const)('weights joined as %s', (table, size, join, zeros) => {
  it.each([1, 2, 3, 4, 5, 7, 8])('give the same sums over the words of the ring, %i channels', (channels) => {
    const draw = new Draw(channels, 'swar-tables');
    const [places, filters] = [5, 20];
    const weights = randomCodes(draw, filters, places * channels, zeros);
    const joined = join(weights, channels);
    const x = Array.from({ length: places * channels }, () => draw.int(-128, 127));
    const ring = Array.from({ length: places }, (_, place) =>
      Array.from({ length: Math.ceil(channels / size) }, (_, group) => {
        const from = place * channels + group * size;
        return words[table](x.slice(from, Math.min(from + size, (place + 1) * channels)));
      }),
    ).flat(2);
    expect(joined.taps).toBe(ring.length);
    const sum = (codes: Int8Array, values: number[], filter: number) =>
      values.reduce((total, value, tap) => total + value * (codes[filter * values.length + tap] ?? NaN), 0);
    for (let filter = 0; filter < filters; filter++) {
      expect(sum(joined.codes, ring, filter)).toBe(sum(weights.codes, x, filter));
    }
    const perGroup = joined.taps / (places * Math.ceil(channels / size));
    for (let at = 0; at < joined.codes.length; at += perGroup) {
      const nonzeros = joined.codes.subarray(at, at + perGroup).filter((code) => code !== 0).length;
      expect(nonzeros).toBeLessThanOrEqual(1);
    }
  });
});

describe('sizes of SWAR scratch', () => {
  const window: SwarWindow = {
    ...{
      height: 32,
      width: 32,
      channels: 16,
      kernel: [3, 3],
      strides: [1, 1],
      dilation: [1, 1],
      flat: false,
    },
  };

  it('are those of the header', () => {
    // 4 tiles, rows - 1 + 3 input rows, 3 - 1 + 4 columns; four words for two channels.
    expect(swarRingWords(window, 'single', 2)).toBe(4 * 4 * 16 * 6 + 4);
    expect(swarRingWords(window, 'paired', 2)).toBe(4 * 4 * 32 * 6 + 4);
    // Stride 2: two runs of columns, of even and odd ones.
    const strided: SwarWindow = { ...window, height: 16, width: 16, strides: [2, 2] };
    expect(swarRingWords(strided, 'single', 2)).toBe(2 * 5 * 16 * (2 * 5) + 4);
    const flat: SwarWindow = { ...window, kernel: [1, 1], flat: true };
    expect(swarRingWords(flat, 'single', 6)).toBe(6 * 16 * 4 + 4);
  });

  it('end where offsets leave 16 bits', () => {
    const narrow: SwarWindow = { ...window, kernel: [1, 1], flat: true };
    expect(swarFits({ ...narrow, channels: 4096 }, 'single')).toBe(true);
    expect(swarFits({ ...narrow, channels: 4097 }, 'single')).toBe(false);
  });

  it('count the numbers of prebuilt sections', () => {
    const weights = randomCodes(new Draw(3, 'swar-tables'), 6, 9 * 16, 0.7);
    const sections = swarSections([weights, weights], 'pairs', 16);
    const ready = swarReady([weights, weights], 'pairs', window);
    expect(ready.length).toBe(sections.reduce((sum, length) => sum + length, 0));
    expect(sections.every((length) => length % 2 === 0)).toBe(true);
  });
});
