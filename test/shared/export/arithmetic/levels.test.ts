import { describe, expect, it } from 'vitest';
import { commonUnit, mergeLevels } from '#shared/export/arithmetic/levels.ts';

const level = (codes: number[], ...scale: number[]) => ({
  codes: Int8Array.from(codes),
  scale: Float64Array.from(scale, Math.fround),
});

describe('commonUnit', () => {
  it('is the smallest number, or a power of two, of which all are integer multiples', () => {
    expect(commonUnit([Math.fround(0.3), 3 * Math.fround(0.3)])).toBe(Math.fround(0.3));
    expect(commonUnit([0.75, -0.5, 0])).toBe(0.25);
    expect(commonUnit([0, 0])).toBe(0);
  });
});

describe('mergeLevels', () => {
  it('adds levels whose scales are integers times one power of two', () => {
    const merged = mergeLevels([level([1, -1, 0], 0.75), level([1, 1, -1], 0.5)], 1);
    expect([...(merged?.codes ?? [])]).toEqual([5, -1, -2]);
    expect([...(merged?.scale ?? [])]).toEqual([0.25]);
  });

  it('adds levels whose scales are multiples of one of them, each filter with its own unit', () => {
    const third = Math.fround(1 / 3);
    // Filters are the fastest axis: two of them, two weights each.
    const levels = [level([1, 1, -1, 0], third, 1), level([1, 1, 1, -1], 2 * third, 0.25)];
    const merged = mergeLevels(levels, 2);
    expect([...(merged?.codes ?? [])]).toEqual([3, 5, 1, -1]);
    expect([...(merged?.scale ?? [])]).toEqual([third, 0.25]);
  });

  it('leaves levels alone that have no common unit, or whose codes would not fit a byte', () => {
    expect(mergeLevels([level([1, -1], 0.3), level([1, 1], 0.1)], 1)).toBe(undefined);
    expect(mergeLevels([level([1], 128), level([1], 1)], 1)).toBe(undefined);
    expect([...(mergeLevels([level([1], 128), level([-1], 1)], 1)?.codes ?? [])]).toEqual([127]);
  });

  it('returns a single level as it is', () => {
    const one = level([1, 0], 0.3);
    expect(mergeLevels([one], 1)).toBe(one);
  });
});
