import { describe, expect, it } from 'vitest';
import { staircaseOf } from '#shared/quant/parts/staircases.ts';

/** Step of a staircase at x, as whoever deploys it counts. */
function stepAt({ thresholds, inclusive }: ReturnType<typeof staircaseOf>, x: number): number {
  return thresholds.filter((t, i) => (inclusive[i] ? x >= t : x > t)).length;
}

describe('staircase of a step function', () => {
  it('puts a strict threshold at the next float32 above it', () => {
    const { thresholds, inclusive, codes, scale, more } = staircaseOf((x) => [x > 0.5 ? 1 : 0], [0.5], [3]);
    expect(thresholds).toEqual([Math.fround(0.5 + 2 ** -24)]);
    expect({ inclusive, codes, scale, more }).toEqual({
      inclusive: [true],
      codes: [0, 1],
      scale: 3,
      more: undefined,
    });
  });

  it('follows codes of several terms that go up and down, exactly on every float32 around the breaks', () => {
    const f = (x: number) => {
      const first = x > 0.7 ? 1 : x < -0.7 ? -1 : 0;
      const rest = Math.fround(x - first);
      return [first, rest > 0.2 ? 1 : rest < -0.2 ? -1 : 0];
    };
    const breaks = [-1.2, -0.8, -0.7, -0.2, 0.2, 0.7, 0.8, 1.2];
    const staircase = staircaseOf(f, breaks, [1, 0.4]);
    expect(staircase.thresholds).toHaveLength(8);
    const near = breaks.flatMap((x) => [-3, -2, -1, 0, 1, 2, 3].map((n) => Math.fround(x + n * 2 ** -25)));
    for (const x of [...near, -5, 0, 5]) {
      const step = stepAt(staircase, x);
      expect([staircase.codes[step], staircase.more?.[0]?.codes[step]]).toEqual(f(x));
    }
  });

  it('has no threshold where nothing changes', () => {
    expect(staircaseOf(() => [0], [-1, 0, 1], [1])).toMatchObject({ thresholds: [], codes: [0] });
  });
});
