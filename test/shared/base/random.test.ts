import { describe, expect, it } from 'vitest';
import { philox4x32, RandomStream } from '#shared/base/random.ts';

describe('Philox 4×32-10', () => {
  // Known-answer vectors of the authors' Random123 distribution.
  it.each([
    [
      [0, 0, 0, 0],
      [0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ],
    [
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ] as const)('gives the published answer for counter %j', (counter, key, answer) => {
    expect([...philox4x32(counter, key)]).toEqual([...answer]);
  });
});

describe('random streams', () => {
  it('repeat under one name and differ under another', () => {
    const take = (seed: number, stream: string, index: number) => {
      const random = new RandomStream(seed, stream, index);
      return Array.from({ length: 9 }, () => random.nextUint32());
    };
    expect(take(1, 'a', 0)).toEqual(take(1, 'a', 0));
    for (const other of [take(2, 'a', 0), take(1, 'b', 0), take(1, 'a', 1)])
      expect(other).not.toEqual(take(1, 'a', 0));
  });

  it.each([0, 1, 3, 4, 5, 8, 1001])('draw %i numbers at once as one by one, wherever they stand', (count) => {
    for (const drawn of [0, 1, 2, 4, 7]) {
      const single = new RandomStream(0xfedcba98, 'noise', 0xffffffff);
      const together = new RandomStream(0xfedcba98, 'noise', 0xffffffff);
      for (let i = 0; i < drawn; i++) expect(together.nextUniform()).toBe(single.nextUniform());
      const values = [...together.uniforms(count)];
      expect(values).toEqual(values.map(() => single.nextUniform()));
      expect(values).toHaveLength(count);
      expect(together.nextUint32()).toBe(single.nextUint32());
    }
  });

  it('permute every index exactly once', () => {
    const order = new RandomStream(5, 'p').permutation(1000);
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
    expect([...order]).not.toEqual(Array.from({ length: 1000 }, (_, i) => i));
  });

  it('have the moments of their distributions', () => {
    const random = new RandomStream(9, 'moments');
    const n = 20_000;
    const uniform = Array.from({ length: n }, () => random.nextUniform());
    const normal = Array.from({ length: n }, () => random.nextNormal());
    const mean = (values: number[]) => values.reduce((s, v) => s + v, 0) / n;
    expect(mean(uniform)).toBeCloseTo(0.5, 1);
    expect(Math.min(...uniform)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...uniform)).toBeLessThan(1);
    expect(mean(normal)).toBeCloseTo(0, 1);
    expect(mean(normal.map((v) => v * v))).toBeCloseTo(1, 1);
  });
});
