import { describe, expect, it } from 'vitest';
import { nonzerosOf, type IntegerWeights } from '#shared/export/ir/graph.ts';
import { laneWords, laneWordsPerTap, packLanes } from '#shared/export/plan/packing/lanes.ts';
import { PACKINGS, packingOf } from '#shared/export/plan/packing/registry.ts';
import { PACKING_IDS } from '#shared/export/plan/packing/types.ts';
import { Draw } from '#test/support/random-quantities.ts';
import { weightsToPack } from '#test/support/weights-to-pack.ts';

const cases = weightsToPack(new Draw(5, 'packing'));
const of = (filters: number, taps: number, codes: readonly number[]): IntegerWeights => ({
  filters,
  taps,
  codes: Int8Array.from(codes),
});
const bytesOf = (id: string, weights: IntegerWeights) => {
  const { data, signs } = packingOf(id).pack(weights);
  return { data: [...data], signs: signs && [...signs] };
};

describe.each(PACKINGS)('packing $id', (packing) => {
  it('unpacks to the weights that it packed, and knows its size beforehand', () => {
    const fitting = cases.filter((weights) => packing.fits(weights));
    expect(fitting.length).toBeGreaterThan(50);
    for (const weights of fitting) {
      const packed = packing.pack(weights);
      expect(packing.unpack(packed, weights.filters, weights.taps)).toEqual(weights);
      expect(packing.bytes(weights)).toBe(packed.data.length + (packed.signs?.length ?? 0));
    }
  });

  it('refuses other codes and longer filters', () => {
    expect(packing.fits(of(1, 2, [1, 2]))).toBe(false);
    expect(packing.fits(of(1, 2, [1, -2]))).toBe(false);
    expect(packing.fits({ filters: 1, taps: 65536, codes: new Int8Array(65536).fill(1) })).toBe(false);
    expect(packing.fits({ filters: 1, taps: 65535, codes: new Int8Array(65535).fill(1) })).toBe(true);
  });

  it('estimates more work for more weights', () => {
    const few = packing.decodeCost({ filters: 4, taps: 100, codes: new Int8Array(400).fill(1) });
    const many = packing.decodeCost({ filters: 4, taps: 200, codes: new Int8Array(800).fill(1) });
    expect(few).toBeGreaterThan(400);
    expect(many).toBeGreaterThan(1.5 * few);
  });
});

describe('the packings', () => {
  it('have the ids that options may name, and one decoder each', () => {
    expect(PACKINGS.map(({ id }) => id)).toEqual([...PACKING_IDS]);
    expect(PACKINGS.map(({ decoder }) => decoder)).toEqual(PACKING_IDS.map((id) => `bs_decode_${id}`));
    expect(() => packingOf('zip')).toThrow(
      /no weight packing "zip"; there are steps, delta, masks, bitmap, base3, bits/,
    );
  });

  it('are of the size that they promise', () => {
    for (const weights of cases) {
      const count = weights.codes.length;
      const nonzeros = nonzerosOf(weights);
      expect(packingOf('masks').bytes(weights)).toBe(2 * Math.ceil(count / 8));
      expect(packingOf('base3').bytes(weights)).toBe(Math.ceil(count / 5));
      expect(packingOf('bits').bytes(weights)).toBe(Math.ceil(count / 8));
      expect(packingOf('bitmap').bytes(weights)).toBe(Math.ceil(count / 8) + Math.ceil(nonzeros / 8));
      const counts = weights.filters * (weights.taps <= 255 ? 2 : 4);
      const skips = packingOf('delta').bytes(weights) - counts - nonzeros;
      expect(skips).toBeGreaterThanOrEqual(0);
      expect(skips).toBeLessThanOrEqual(2 * weights.filters * Math.floor(weights.taps / 255));
    }
  });

  it('take binary weights as bits only', () => {
    expect(packingOf('bits').fits(of(1, 3, [1, 0, -1]))).toBe(false);
    expect(packingOf('bits').fits(of(1, 3, [1, -1, -1]))).toBe(true);
  });

  it('lie in memory as the header says', () => {
    const weights = of(2, 5, [1, 0, -1, -1, 0, 0, 1, 0, 0, -1]);
    expect(bytesOf('delta', weights)).toEqual({ data: [1, 2, 0, 2, 1, 1, 1, 1, 4], signs: undefined });
    expect(bytesOf('masks', weights)).toEqual({ data: [0b01001101, 0b10], signs: [0b00001100, 0b10] });
    expect(bytesOf('bitmap', weights)).toEqual({ data: [0b01001101, 0b10], signs: [0b10110] });
    expect(bytesOf('base3', weights)).toEqual({
      data: [2 + 3 * 1 + 9 * 0 + 27 * 0 + 81 * 1, 1 + 3 * 2 + 9 * 1 + 27 * 1 + 81 * 0],
      signs: undefined,
    });
    expect(bytesOf('bits', of(2, 5, [1, -1, -1, 1, 1, -1, 1, 1, 1, -1]))).toEqual({
      data: [0b00100110, 0b10],
      signs: undefined,
    });
  });

  it('write the skipping byte of delta lists where a gap has no other form', () => {
    const lonely = (tap: number) => {
      const codes = new Int8Array(600);
      codes[tap] = 1;
      return bytesOf('delta', { filters: 1, taps: 600, codes }).data;
    };
    expect(lonely(254)).toEqual([1, 0, 0, 0, 254]);
    expect(lonely(255)).toEqual([1, 0, 0, 0, 255, 0]);
    expect(lonely(511)).toEqual([1, 0, 0, 0, 255, 255, 1]);
  });
});

describe('lanes', () => {
  const draw = new Draw(9, 'lanes');
  const shapes = [
    [1, 1],
    [32, 3],
    [33, 7],
    [70, 5],
  ] as const;
  const bitOf = (word: number, bit: number) => Math.floor(word / 2 ** bit) % 2;

  it.each(shapes)(
    'of %i ternary filters of %i taps have the zeros and the +1 of 32 filters in two words',
    (filters, taps) => {
      const codes = Array.from({ length: filters * taps }, () => draw.int(-1, 1));
      const weights = of(filters, taps, [0, ...codes.slice(1)]);
      const lanes = packLanes(weights);
      expect(laneWordsPerTap(weights)).toBe(2);
      expect(lanes.length).toBe(laneWords(weights));
      for (let group = 0; group < Math.ceil(filters / 32); group++) {
        for (let tap = 0; tap < taps; tap++) {
          const [zero = 0, plus = 0] = lanes.subarray(2 * (group * taps + tap));
          for (let lane = 0; lane < 32; lane++) {
            const filter = 32 * group + lane;
            const code = filter < filters ? weights.codes[filter * taps + tap] : undefined;
            expect([bitOf(zero, lane), bitOf(plus, lane)]).toEqual([code === 0 ? 1 : 0, code === 1 ? 1 : 0]);
          }
        }
      }
    },
  );

  it.each(shapes)(
    'of %i binary filters of %i taps have the +1 of 32 filters in one word',
    (filters, taps) => {
      const weights = of(
        filters,
        taps,
        Array.from({ length: filters * taps }, () => draw.pick([-1, 1])),
      );
      const lanes = packLanes(weights);
      expect(laneWordsPerTap(weights)).toBe(1);
      expect(lanes.length).toBe(laneWords(weights));
      weights.codes.forEach((code, index) => {
        const filter = Math.floor(index / taps);
        const word = lanes[Math.floor(filter / 32) * taps + (index % taps)] ?? 0;
        expect(bitOf(word, filter % 32)).toBe(code === 1 ? 1 : 0);
      });
    },
  );

  it('refuse other codes', () => {
    expect(() => packLanes(of(1, 2, [0, 3]))).toThrow(/-1, 0 or \+1/);
  });
});
