import { describe, expect, it } from 'vitest';
import { LARGEST_FLOAT32, firstFloat32, float32OfRank, rankOf } from '#shared/quant/parts/float32-steps.ts';

describe('float32 ranks', () => {
  it('order all numbers, with one rank for both zeros', () => {
    const ascending = [-LARGEST_FLOAT32, -1, -(2 ** -149), 0, 2 ** -149, 1, 1 + 2 ** -23, LARGEST_FLOAT32];
    const ranks = ascending.map(rankOf);
    expect([...ranks].sort((a, b) => a - b)).toEqual(ranks);
    expect(ranks.map(float32OfRank)).toEqual(ascending);
    expect(Math.abs(rankOf(-0))).toBe(0);
    expect(rankOf(1 + 2 ** -23) - rankOf(1)).toBe(1);
    expect(rankOf(2 ** -149) - rankOf(-(2 ** -149))).toBe(2);
  });
});

describe('the first float32 that passes', () => {
  it.each([0.1, -0.1, 1, -3.5, 2 ** -149, 0, 1e30])('is exact: x ≥ %d', (t) => {
    const limit = Math.fround(t);
    const found = firstFloat32((x) => x >= limit, -LARGEST_FLOAT32, LARGEST_FLOAT32);
    expect(found).toBe(limit);
  });

  it('is the bound where all pass, and null where none does', () => {
    expect(firstFloat32(() => true, -2, 5)).toBe(-2);
    expect(firstFloat32(() => false, -2, 5)).toBeNull();
    expect(firstFloat32((x) => x > 5, -2, 5)).toBeNull();
  });
});
