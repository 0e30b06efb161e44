import { describe, expect, it } from 'vitest';
import { studentCdf, studentQuantile } from '#shared/run/compare/student-t.ts';

describe('the t quantile', () => {
  // Two-sided 95 % and 99 % points as printed in Student's table (e.g. Fisher and Yates, table III).
  it.each([
    [1, 12.706, 63.657],
    [2, 4.303, 9.925],
    [3, 3.182, 5.841],
    [4, 2.776, 4.604],
    [5, 2.571, 4.032],
    [9, 2.262, 3.25],
    [10, 2.228, 3.169],
    [20, 2.086, 2.845],
    [30, 2.042, 2.75],
    [60, 2.0, 2.66],
    [120, 1.98, 2.617],
  ])('of %d degrees of freedom is as published', (freedom, p95, p99) => {
    expect(studentQuantile(0.975, freedom)).toBeCloseTo(p95, 3);
    expect(studentQuantile(0.995, freedom)).toBeCloseTo(p99, 3);
  });

  it('has the closed form of one degree of freedom: tan(π(p − ½))', () => {
    for (const p of [0.01, 0.3, 0.5, 0.75, 0.9, 0.975, 0.999]) {
      const expected = Math.tan(Math.PI * (p - 0.5));
      expect(Math.abs(studentQuantile(p, 1) - expected)).toBeLessThan(1e-9 * Math.max(1, Math.abs(expected)));
    }
  });

  it('has the closed form of two: (2p − 1)·√(2 / (4p(1 − p)))', () => {
    for (const p of [0.05, 0.2, 0.6, 0.95, 0.995]) {
      expect(studentQuantile(p, 2)).toBeCloseTo((2 * p - 1) * Math.sqrt(2 / (4 * p * (1 - p))), 9);
    }
  });

  it('goes to the normal quantile', () => {
    expect(studentQuantile(0.975, 1e7)).toBeCloseTo(1.959964, 5);
  });
});

describe('the t distribution', () => {
  it('has the closed form of one degree of freedom: ½ + atan(t)/π', () => {
    for (const t of [-30, -2, -0.1, 0, 0.5, 3, 100])
      expect(studentCdf(t, 1)).toBeCloseTo(0.5 + Math.atan(t) / Math.PI, 11);
  });

  it('has the closed form of three', () => {
    for (const t of [-4, -1, 0.3, 2.5]) {
      const u = t / Math.sqrt(3);
      expect(studentCdf(t, 3)).toBeCloseTo(0.5 + (u / (1 + u * u) + Math.atan(u)) / Math.PI, 11);
    }
  });

  it('is the integral of its density, also for a broken number of degrees of freedom', () => {
    const freedom = 3.7;
    const density = (t: number) => (1 + (t * t) / freedom) ** (-(freedom + 1) / 2);
    // Simpson's rule; the constant of the density cancels in the ratio of two integrals.
    const integral = (to: number) => {
      const n = 4000;
      let sum = density(0) + density(to);
      for (let i = 1; i < n; i++) sum += (i % 2 === 0 ? 2 : 4) * density((i * to) / n);
      return (sum * to) / n / 3;
    };
    const ratio = (studentCdf(2, freedom) - 0.5) / (studentCdf(1, freedom) - 0.5);
    expect(ratio).toBeCloseTo(integral(2) / integral(1), 9);
  });
});
