import { describe, expect, it } from 'vitest';
import { evaluateAt } from '#shared/export/arithmetic/value.ts';
import { findThresholds, firstPassing } from '#shared/export/passes/find-thresholds.ts';
import type { Pending } from '#shared/export/passes/pending.ts';

describe('thresholds', () => {
  const pending = (steps: Pending['steps'], scale: number): Pending => ({
    terms: [
      {
        node: 'n',
        type: 'i32',
        scale: Float64Array.of(scale),
        limits: Float64Array.of(300),
        ranges: [{ low: -300, high: 300 }],
      },
    ],
    steps,
    shape: [1],
    codes: false,
  });

  it('are where an exhaustive evaluation of the training arithmetic puts them', () => {
    for (const [factor, scale, t, inclusive] of [
      [0.3, 0.1, 0.9, true],
      [0.3, 0.1, 0.9, false],
      [-0.7, 0.013, -0.2, true],
      [-1, 1, 3, false],
      [1e-9, 0.5, 0, true],
      [0, 1, 0, true],
      [0, 1, 1, true],
    ] as const) {
      const value = pending(
        [{ kind: 'batch-norm', factor: Float32Array.of(factor), offset: Float32Array.of(0.25) }],
        Math.fround(scale),
      );
      const staircase = { thresholds: [t], inclusive: [inclusive], codes: [0, 1], scale: 1 };
      const { values, direction } = findThresholds('layer', value, staircase);
      for (let sum = -300; sum <= 300; sum++) {
        const y = evaluateAt(value, 0, sum);
        const passes = inclusive ? y >= Math.fround(t) : y > Math.fround(t);
        expect(direction[0]! * sum >= values[0]!, `sum ${sum} at ${factor}, ${t}`).toBe(passes);
      }
    }
  });

  it('search the boundary of a monotone test', () => {
    for (const boundary of [-5, -4, 0, 3, 5, 6])
      expect(firstPassing(-5, 5, (v) => v >= boundary)).toBe(boundary);
  });
});
