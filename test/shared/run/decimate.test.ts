import { describe, expect, it } from 'vitest';
import { RandomStream } from '#shared/base/random.ts';
import { decimate } from '#shared/run/decimate.ts';

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/** Lowest and highest value of each pixel, by looking at every point. */
function extremes(
  x: readonly number[],
  y: readonly number[],
  kept: Iterable<number>,
  buckets: number,
): string[] {
  const [first = 0] = x;
  const width = ((x.at(-1) ?? 0) - first) / buckets;
  const found = new Map<number, [number, number]>();
  for (const index of kept) {
    const value = y[index] ?? NaN;
    if (Number.isNaN(value)) continue;
    const bucket = width > 0 ? Math.min(buckets - 1, Math.floor(((x[index] ?? 0) - first) / width)) : 0;
    const [low, high] = found.get(bucket) ?? [Infinity, -Infinity];
    found.set(bucket, [Math.min(low, value), Math.max(high, value)]);
  }
  return [...found].map(([bucket, pair]) => `${bucket}: ${pair.join(' ')}`);
}

describe('thinning a curve', () => {
  it('never loses an extreme of any pixel, the first or the last point, over 300 random curves', () => {
    const random = new RandomStream(7, 'decimate');
    for (let round = 0; round < 300; round++) {
      const count = 1 + random.nextBelow(3000);
      const buckets = 1 + random.nextBelow(200);
      let at = random.nextNormal() * 100;
      const x = range(count).map(
        () => (at += random.nextBelow(4) === 0 ? random.nextUniform() * 50 : random.nextBelow(2)),
      );
      const y = range(count).map(() => {
        const kind = random.nextBelow(50);
        return kind === 0
          ? 1e6 * random.nextNormal()
          : kind === 1
            ? NaN
            : kind === 2
              ? 0
              : random.nextNormal();
      });
      const kept = [...decimate(x, y, buckets)];
      expect(kept).toEqual([...new Set(kept)].sort((a, b) => a - b));
      expect(kept[0]).toBe(0);
      expect(kept.at(-1)).toBe(count - 1);
      expect(kept.length).toBeLessThanOrEqual(Math.min(count, 3 * buckets + 1));
      expect(extremes(x, y, kept, buckets)).toEqual(extremes(x, y, range(count), buckets));
    }
  });

  it('keeps one spike among a million points', () => {
    const y = new Float64Array(1_000_000).fill(0.5);
    y[612_345] = 1e9;
    y[612_346] = -1e9;
    const kept = decimate(range(1_000_000), y, 500);
    expect(kept.length).toBeLessThanOrEqual(1501);
    expect(kept).toContain(612_345);
    expect(kept).toContain(612_346);
  });

  it('keeps everything where there is little, and copes with nothing and with one x for all', () => {
    expect([...decimate(range(4), range(4), 1)]).toEqual([0, 1, 2, 3]);
    expect([...decimate([], [], 10)]).toEqual([]);
    expect([...decimate(new Array(9).fill(2), [5, 1, 9, 2, 2, 2, 2, 2, 3], 2)]).toEqual([0, 1, 2, 8]);
  });
});
