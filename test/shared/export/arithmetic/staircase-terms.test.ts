import { describe, expect, it } from 'vitest';
import { byRank, ranksOf, termsOf } from '#shared/export/arithmetic/staircase-terms.ts';

const stairs = (...terms: { scale: number; codes: number[] }[]) => {
  const [first = { scale: 1, codes: [0] }, ...more] = terms;
  const thresholds = first.codes.slice(1).map((_, i) => i);
  return { thresholds, inclusive: thresholds.map(() => true), ...first, ...(more.length ? { more } : {}) };
};

describe('termsOf', () => {
  it('keeps terms without a common unit', () => {
    const terms = termsOf(stairs({ scale: 0.7, codes: [-1, 1] }, { scale: 0.3, codes: [1, -1] }));
    expect(terms.map(({ codes }) => codes)).toEqual([
      [-1, 1],
      [1, -1],
    ]);
    expect(terms.map(({ scale }) => scale)).toEqual([0.7, 0.3].map(Math.fround));
  });

  it('makes one of terms whose scales are multiples of one', () => {
    const codes = [
      [-1, -1, 1, 1],
      [-1, 1, -1, 1],
    ] as const;
    const terms = termsOf(
      stairs({ scale: 0.5, codes: [...codes[0]] }, { scale: 0.25, codes: [...codes[1]] }),
    );
    expect(terms).toEqual([{ scale: 0.25, codes: [-3, -1, 1, 3] }]);
  });

  it('moves the sign of a scale into the codes, and drops what is always 0', () => {
    const terms = termsOf(
      stairs({ scale: -0.7, codes: [0, 1] }, { scale: 0, codes: [1, 1] }, { scale: 0.3, codes: [0, 0] }),
    );
    expect(terms).toEqual([{ scale: Math.fround(0.7), codes: [0, -1] }]);
    expect(termsOf(stairs({ scale: 0, codes: [0, 1] }))).toHaveLength(1);
  });
});

describe('ranksOf', () => {
  it('orders steps by their real value, equal ones by their place', () => {
    const terms = [
      { scale: 1, codes: [0, 1, -1, 0] },
      { scale: 0.3, codes: [0, 1, 0, 0] },
    ];
    expect(ranksOf(terms)).toEqual([1, 3, 0, 2]);
    expect(byRank(terms[0]?.codes ?? [], [1, 3, 0, 2])).toEqual([-1, 0, 0, 1]);
  });

  it('is the step itself where values rise', () => {
    expect(ranksOf([{ scale: 0.3, codes: [-1, 0, 1] }])).toEqual([0, 1, 2]);
  });
});
