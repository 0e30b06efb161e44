import { describe, expect, it } from 'vitest';
import { RandomStream } from '#shared/base/random.ts';
import {
  dimensionSize,
  DimensionSchema,
  drawOther,
  drawValue,
  valueAt,
  type Json,
} from '#shared/search/dimension.ts';
import { drawUnseen, pointAt, pointKey, spaceSize } from '#shared/search/space.ts';

const dimension = (value: unknown) => DimensionSchema.parse(value);
const all = (value: unknown): Json[] =>
  Array.from({ length: dimensionSize(dimension(value)) }, (_, i) => valueAt(dimension(value), i));
const draws = (value: unknown, count = 4000): number[] => {
  const random = new RandomStream(1, 'draws');
  return Array.from({ length: count }, () => Number(drawValue(dimension(value), random)));
};

describe('a parameter', () => {
  it.each<[string, unknown, Json[]]>([
    ['a list', { values: ['relu', 2, null] }, ['relu', 2, null]],
    [
      'steps without the noise of binary fractions',
      { min: 0.1, max: 0.5, step: 0.1 },
      [0.1, 0.2, 0.3, 0.4, 0.5],
    ],
    ['steps that do not reach the end', { min: 0, max: 1, step: 0.4 }, [0, 0.4, 0.8]],
    ['a count on a log scale', { min: 1e-4, max: 1e-1, scale: 'log', count: 4 }, [1e-4, 1e-3, 1e-2, 1e-1]],
    ['whole numbers', { min: 2, max: 5, integer: true }, [2, 3, 4, 5]],
    [
      'a count of whole numbers, each once',
      { min: 1, max: 8, integer: true, scale: 'log', count: 7 },
      [1, 2, 3, 4, 6, 8],
    ],
  ])('has the values of %s', (_title, value, expected) => {
    expect(all(value)).toEqual(expected);
    expect(new Set(draws(value).map(String))).toEqual(new Set(expected.map((one) => String(Number(one)))));
  });

  it('of a range has no number of values', () => {
    expect(dimensionSize(dimension({ min: 0, max: 1 }))).toBe(Infinity);
  });

  it('on a log scale is drawn with equal chance from each decade, on a linear one from each tenth', () => {
    const decades = draws({ min: 1e-4, max: 1e-1, scale: 'log' }).map((value) =>
      Math.floor(Math.log10(value)),
    );
    const tenths = draws({ min: 5, max: 6 }).map((value) => Math.floor((value - 5) * 10));
    for (const [bins, values] of [
      [[-4, -3, -2], decades],
      [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], tenths],
    ] as const) {
      const expected = values.length / bins.length;
      for (const bin of bins) {
        const count = values.filter((value) => value === bin).length;
        expect(Math.abs(count - expected)).toBeLessThan(5 * Math.sqrt(expected));
      }
    }
  });

  it('of whole numbers on a log scale gives n the share of [n, n + 1)', () => {
    const values = draws({ min: 1, max: 7, scale: 'log', integer: true });
    for (let n = 1; n <= 7; n++) {
      const expected = (values.length * Math.log((n + 1) / n)) / Math.log(8);
      const count = values.filter((value) => value === n).length;
      expect(Math.abs(count - expected)).toBeLessThan(5 * Math.sqrt(expected));
    }
  });

  it('redraws to another value, always', () => {
    const random = new RandomStream(3, 'other');
    const two = dimension({ values: ['a', 'b'] });
    for (let i = 0; i < 200; i++) expect(drawOther(two, 'a', random)).toBe('b');
    expect(drawOther(dimension({ values: ['a'] }), 'a', random)).toBe('a');
  });
});

describe('a space', () => {
  const space = {
    rate: dimension({ values: [0.1, 0.01] }),
    batch: dimension({ min: 10, max: 30, step: 10 }),
  };

  it('has numbered points, the last parameter changing fastest', () => {
    expect(spaceSize(space)).toBe(6);
    const points = Array.from({ length: 6 }, (_, i) => pointAt(space, i));
    expect(points[1]).toEqual({ rate: 0.1, batch: 20 });
    expect(points[3]).toEqual({ rate: 0.01, batch: 10 });
    expect(new Set(points.map((point) => pointKey(space, point))).size).toBe(6);
  });

  it('gives each point once by chance, and then null', () => {
    const seen = new Set<string>();
    const random = new RandomStream(1, 'unseen');
    for (let i = 0; i < 6; i++) {
      const point = drawUnseen(space, seen, random);
      expect(point).not.toBeNull();
      seen.add(pointKey(space, point ?? {}));
    }
    expect(seen.size).toBe(6);
    expect(drawUnseen(space, seen, random)).toBeNull();
  });

  it('finds the one point that is left of very many', () => {
    const wide = { n: dimension({ min: 1, max: 5000, integer: true }) };
    const seen = new Set(Array.from({ length: 5000 }, (_, i) => pointKey(wide, { n: i + 1 })));
    seen.delete(pointKey(wide, { n: 4321 }));
    expect(drawUnseen(wide, seen, new RandomStream(9, 'left'))).toEqual({ n: 4321 });
  });
});
