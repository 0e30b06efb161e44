import { describe, expect, it } from 'vitest';
import { RandomStream } from '#shared/base/random.ts';
import { SMOOTHINGS, smoothAt, type SmoothingKind } from '#shared/run/compare/smoothing.ts';

const all = (values: readonly number[]) => values.map((_, i) => i);
const smooth = (kind: SmoothingKind, x: number[], values: number[], range: number, weight: number) => [
  ...smoothAt(x, values, all(values), { kind, weight }, range),
];
const random = new RandomStream(1, 'smoothing');
const noisy = Array.from({ length: 400 }, () => random.nextNormal());
const steps = all(noisy);

/** Σ wᵢ·yᵢ / Σ wᵢ */
const weighted = (values: readonly number[], weight: (i: number) => number) => {
  const weights = values.map((_, i) => weight(i));
  return values.reduce((sum, value, i) => sum + value * weights[i]!, 0) / weights.reduce((a, b) => a + b, 0);
};

describe.each(SMOOTHINGS)('%s', (kind) => {
  it('with weight 0 changes nothing', () => {
    expect(smooth(kind, [0, 1, 2], [5, 1, 7], 2, 0)).toEqual([5, 1, 7]);
  });

  it('leaves a constant as it is, up to both ends', () => {
    const flat = steps.map(() => 4);
    for (const value of smooth(kind, steps, flat, 399, 0.9)) expect(value).toBeCloseTo(4, 12);
  });

  it('passes over what is no number', () => {
    const values = steps.map((i) => (i === 7 ? NaN : 3));
    const out = smooth(kind, steps, values, 399, 0.7);
    expect(out[7]).toBeNaN();
    expect(out[8]).toBeCloseTo(3, 12);
  });

  it('says the same of a part of the points as of all', () => {
    const whole = smooth(kind, steps, noisy, 399, 0.8);
    const at = [0, 3, 4, 200, 399];
    const part = smoothAt(steps, noisy, at, { kind, weight: 0.8 }, 399);
    at.forEach((index, i) => expect(part[i]).toBeCloseTo(whole[index]!, 12));
  });

  it('calms more the larger its weight is', () => {
    const rough = (values: number[]) =>
      values.reduce((sum, value, i) => (i === 0 ? 0 : sum + (value - values[i - 1]!) ** 2), 0);
    const by = [0, 0.3, 0.6, 0.9].map((weight) => rough(smooth(kind, steps, noisy, 399, weight)));
    expect(by).toEqual(by.toSorted((a, b) => b - a));
    expect(new Set(by).size).toBe(4);
  });
});

describe('the closed forms', () => {
  it('EMA: Σ wⁿ⁻ⁱ·yᵢ / Σ wⁿ⁻ⁱ', () => {
    const out = smooth('ema', steps, noisy, 399, 0.8);
    for (const n of [0, 1, 5, 50]) {
      const part = noisy.slice(0, n + 1);
      expect(out[n]).toBeCloseTo(
        weighted(part, (i) => 0.8 ** (n - i)),
        10,
      );
    }
  });

  it('time-weighted EMA is the EMA where points are one thousandth of the axis apart', () => {
    const timed = smooth('time-weighted', steps, noisy, 1000, 0.8);
    smooth('ema', steps, noisy, 1000, 0.8).forEach((value, i) => expect(timed[i]).toBeCloseTo(value, 10));
  });

  it('time-weighted EMA weighs a gap of k thousandths as k steps, and does not bend a curve of few points', () => {
    const [, second] = smooth('time-weighted', [0, 5], [1, 3], 1000, 0.5);
    // The first point has (1 − ½) of its own, of which 2⁻⁵ is left; the second has 1 − 2⁻⁵.
    expect(second).toBeCloseTo(
      (0.5 ** 5 * 0.5 * 1 + (1 - 0.5 ** 5) * 3) / (0.5 ** 5 * 0.5 + 1 - 0.5 ** 5),
      12,
    );
    smooth('time-weighted', [0, 1, 2, 3], [0, 10, 3, 12], 3, 0.9).forEach((value, i) =>
      expect(value).toBeCloseTo([0, 10, 3, 12][i]!, 6),
    );
  });

  it('Gaussian: a bell of weight · 5 % of the points', () => {
    const deviation = 0.5 * 0.05 * 400;
    const out = smooth('gaussian', steps, noisy, 399, 0.5);
    for (const n of [0, 20, 200, 399]) {
      const exact = weighted(noisy, (i) => Math.exp(-0.5 * ((i - n) / deviation) ** 2));
      expect(out[n]).toBeCloseTo(exact, 3);
    }
  });

  it('running average: the plain mean of a centred window of weight · 20 % of the points', () => {
    const out = smooth('running', steps, noisy, 399, 0.5);
    const window = (n: number) => noisy.slice(Math.max(0, n - 20), n + 21);
    for (const n of [0, 5, 200, 399]) {
      expect(out[n]).toBeCloseTo(
        weighted(window(n), () => 1),
        10,
      );
    }
  });
});
