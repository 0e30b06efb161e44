import { describe, expect, it } from 'vitest';
import { bandOf, deviation, mean, median, welchDifference } from '#shared/run/compare/statistics.ts';

describe('the middle and the spread', () => {
  it('are those of a sample', () => {
    const values = [2, 4, 4, 4, 5, 5, 7, 9];
    expect(mean(values)).toBe(5);
    expect(median(values)).toBe(4.5);
    expect(median([3, 1, 2])).toBe(2);
    expect(deviation(values)).toBeCloseTo(Math.sqrt(32 / 7), 12);
    expect(deviation([3])).toBeNaN();
  });
});

describe('the band', () => {
  const values = [1, 2, 3, 4, 10];
  const spread = Math.sqrt(12.5);

  it.each([
    ['min-max', 1, 10],
    ['sd', 4 - spread, 4 + spread],
    ['se', 4 - spread / Math.sqrt(5), 4 + spread / Math.sqrt(5)],
    // Four degrees of freedom: 2.776 standard errors.
    ['ci95', 4 - (2.7764451 * spread) / Math.sqrt(5), 4 + (2.7764451 * spread) / Math.sqrt(5)],
  ] as const)('%s', (kind, low, high) => {
    const band = bandOf(values, kind);
    expect(band[0]).toBeCloseTo(low, 6);
    expect(band[1]).toBeCloseTo(high, 6);
  });

  it('needs two values where it says something of a spread', () => {
    expect(bandOf([5], 'min-max')).toEqual([5, 5]);
    for (const kind of ['none', 'sd', 'se', 'ci95'] as const) expect(bandOf([5], kind)).toEqual([NaN, NaN]);
  });
});

describe("Welch's difference", () => {
  it("is as published for Student's sleep data of 1908", () => {
    const a = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2];
    const b = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
    const difference = welchDifference(a, b);
    expect(difference?.value).toBeCloseTo(-1.58, 12);
    expect(difference?.freedom).toBeCloseTo(17.776, 3);
    expect(difference?.low).toBeCloseTo(-3.3654832, 6);
    expect(difference?.high).toBeCloseTo(0.2054832, 6);
    expect(difference?.distinguishable).toBe(false);
  });

  it('has the degrees of freedom of Welch and Satterthwaite: (1 + 3)² / (1²/1 + 3²/3) = 4', () => {
    const difference = welchDifference([0, 2], [0, 0, 6, 6]);
    expect(difference).toMatchObject({ value: -2, freedom: 4 });
    expect(difference?.high).toBeCloseTo(-2 + 2 * 2.7764451, 6);
    expect(difference?.low).toBeCloseTo(-2 - 2 * 2.7764451, 6);
  });

  it('with equal sizes and variances is the interval of Student', () => {
    const difference = welchDifference([1, 2, 3], [4, 5, 6]);
    expect(difference?.freedom).toBeCloseTo(4, 12);
    expect(difference?.low).toBeCloseTo(-3 - 2.7764451 * Math.sqrt(2 / 3), 6);
  });

  it('does not tell apart what overlaps', () => {
    expect(welchDifference([0.98, 0.99, 0.97], [0.985, 0.975, 0.99])?.distinguishable).toBe(false);
  });

  it('says nothing of single runs, and is exact where nothing varies', () => {
    expect(welchDifference([1], [2, 3])).toBeNull();
    expect(welchDifference([2, 3], [])).toBeNull();
    expect(welchDifference([2, 2], [3, 3])).toMatchObject({ low: -1, high: -1, distinguishable: true });
    expect(welchDifference([2, 2], [2, 2])?.distinguishable).toBe(false);
  });
});
