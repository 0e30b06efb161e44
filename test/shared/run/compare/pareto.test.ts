import { describe, expect, it } from 'vitest';
import { RandomStream } from '#shared/base/random.ts';
import { paretoFront, type Better, type Candidate } from '#shared/run/compare/pareto.ts';

const candidates = (...points: [x: number | null, y: number | null][]): Candidate[] =>
  points.map(([x, y], i) => ({ id: 'abcdefgh'[i] ?? '', x, y }));
const SMALL_AND_GOOD = { x: 'lower', y: 'higher' } as const;

describe('the Pareto front', () => {
  it('holds what no other candidate beats in one way without being worse in the other', () => {
    const found = paretoFront(candidates([10, 0.9], [20, 0.95], [15, 0.89], [30, 0.94]), SMALL_AND_GOOD);
    expect(found.front).toEqual(['a', 'b']);
    expect(Object.fromEntries(found.dominated)).toEqual({ c: 'a', d: 'b' });
  });

  it('knows for each axis which way is better', () => {
    const all = candidates([1, 1], [2, 2], [3, 0]);
    expect(paretoFront(all, { x: 'higher', y: 'higher' }).front).toEqual(['b', 'c']);
    expect(paretoFront(all, { x: 'lower', y: 'lower' }).front).toEqual(['a', 'c']);
    expect(paretoFront(all, { x: 'lower', y: 'higher' }).front).toEqual(['a', 'b']);
    expect(paretoFront(all, { x: 'higher', y: 'lower' }).front).toEqual(['c']);
  });

  it('keeps equals together, and drops what only ties in one way', () => {
    const found = paretoFront(candidates([10, 0.9], [10, 0.9], [10, 0.8], [12, 0.9]), SMALL_AND_GOOD);
    expect(found.front).toEqual(['a', 'b']);
    expect([...found.dominated.keys()]).toEqual(['c', 'd']);
  });

  it('names those without a value, and leaves them out', () => {
    const found = paretoFront(
      candidates([null, 0.9], [10, null], [10, 0.9], [NaN, 1], [Infinity, 1]),
      SMALL_AND_GOOD,
    );
    expect(found).toEqual({ front: ['c'], dominated: new Map(), unknown: ['a', 'b', 'd', 'e'] });
    expect(paretoFront([], SMALL_AND_GOOD)).toEqual({ front: [], dominated: new Map(), unknown: [] });
  });

  it('agrees with the definition on random candidates of every direction', () => {
    const random = new RandomStream(5, 'pareto');
    const ways: Better[] = ['higher', 'lower'];
    for (let trial = 0; trial < 60; trial++) {
      // Few different numbers: ties are frequent.
      const all = Array.from({ length: 40 }, (_, i) => ({
        id: String(i),
        x: random.nextBelow(9),
        y: random.nextBelow(9),
      }));
      const better = { x: ways[trial % 2] ?? 'lower', y: ways[(trial >> 1) % 2] ?? 'lower' };
      const good = (a: number, b: number, way: Better) => (way === 'higher' ? a >= b : a <= b);
      const beats = (a: (typeof all)[number], b: (typeof all)[number]) =>
        good(a.x, b.x, better.x) && good(a.y, b.y, better.y) && (a.x !== b.x || a.y !== b.y);
      const expected = all.filter((b) => !all.some((a) => beats(a, b))).map(({ id }) => id);
      const { front, dominated } = paretoFront(all, better);
      expect(front.toSorted()).toEqual(expected.toSorted());
      for (const [worse, by] of dominated) {
        expect(beats(all[Number(by)] ?? fail(), all[Number(worse)] ?? fail())).toBe(true);
      }
    }
  });
});

function fail(): never {
  throw new Error('no such candidate');
}
