import { beforeAll, describe, expect, it } from 'vitest';
import { groups } from '#shared/quant/parts/scales.ts';
import type { WeightShape } from '#shared/quant/types.ts';
import {
  SHAPES,
  callWeights,
  deployWeights,
  deployedValues,
  expectClose,
  incomingFor,
  kernelOf,
  weightChoice,
} from '#test/support/quant-forms.ts';
import { smallAccuracy } from '#test/support/small-accuracy.ts';
import { TEST_BACKENDS } from '#test/support/tensorflow.ts';

/** One ternary copy: Δ = factor · max|W| included, α = mean of the kept magnitudes. */
function copy(kernel: Float32Array, shape: WeightShape, factor: number, granularity: 'layer' | 'filter') {
  const value = new Array<number>(kernel.length).fill(0);
  for (const group of groups(shape, granularity)) {
    const members = [...group];
    const magnitude = (i: number) => Math.abs(kernel[i] ?? 0);
    const delta = Math.fround(Math.fround(factor) * Math.max(...members.map(magnitude)));
    const kept = members.filter((i) => magnitude(i) >= delta);
    const alpha = kept.reduce((sum, i) => sum + magnitude(i), 0) / kept.length;
    for (const i of kept) value[i] = Math.sign(kernel[i] ?? 0) * alpha;
  }
  return value;
}

const open = (w: number) => (Math.abs(w) < 1 ? 1 : 0);

describe.each(TEST_BACKENDS)('on $id', (backend) => {
  beforeAll(() => backend.activate());

  describe.each(Object.entries(SHAPES))('%s', (_name, shape) => {
    const kernel = kernelOf(shape);
    // A weight right at the threshold 0.2 · 1.5: it is kept.
    kernel[6] = Math.fround(Math.fround(0.2) * 1.5);
    const g = incomingFor(kernel.length);

    it.each([
      [0.05, 'layer'],
      [0.05, 'filter'],
      [0.2, 'layer'],
    ] as const)(
      'ternary-statistical, factor %d per %s: value and gradient are the closed form',
      async (factor, granularity) => {
        const choice = weightChoice('ternary-statistical', { factor, granularity });
        const got = await callWeights(choice, kernel, shape, {}, g);
        expectClose(got.value, copy(kernel, shape, factor, granularity));
        expectClose(
          got.gradient,
          g.map((x, i) => x * open(kernel[i] ?? 0)),
        );
        expectClose(deployedValues(deployWeights(choice, kernel, shape), shape), got.value);
      },
    );

    it.each([
      [1, [0.05]],
      [2, [0.05, 0.1]],
      [4, [0.05, 0.1, 0.15, 0.2]],
    ] as const)(
      'residual-expansion with %d copies sums them, and their gradients',
      async (copies, factors) => {
        const choice = weightChoice('residual-expansion', { copies });
        const got = await callWeights(choice, kernel, shape, {}, g);
        const parts = factors.map((_, k) => copy(kernel, shape, 0.05 * (k + 1), 'layer'));
        expectClose(
          got.value,
          [...kernel].map((_, i) => parts.reduce((sum, part) => sum + (part[i] ?? 0), 0)),
        );
        expectClose(
          got.gradient,
          g.map((x, i) => copies * x * open(kernel[i] ?? 0)),
        );
        const deployed = deployWeights(choice, kernel, shape);
        expect(deployed.levels).toHaveLength(copies);
        expectClose(deployedValues(deployed, shape), got.value);
      },
    );
  });
});

describe('ternary-statistical', () => {
  beforeAll(() => TEST_BACKENDS[1]?.activate());

  it('keeps zeros at zero, also in a layer of zeros', async () => {
    const { value } = await callWeights(
      weightChoice('ternary-statistical'),
      new Float32Array(78),
      SHAPES.DENSE,
    );
    expect(value.every((w) => w === 0)).toBe(true);
    const { levels } = deployWeights(weightChoice('ternary-statistical'), new Float32Array(78), SHAPES.DENSE);
    expect(levels[0]?.codes.every((code) => code === 0)).toBe(true);
  });

  it('scales with the weights: twice the weights, twice the values, the same codes', () => {
    const kernel = kernelOf(SHAPES.CONV);
    const choice = weightChoice('ternary-statistical');
    const [once] = deployWeights(choice, kernel, SHAPES.CONV).levels;
    const [twice] = deployWeights(
      choice,
      kernel.map((w) => 2 * w),
      SHAPES.CONV,
    ).levels;
    expect(twice?.codes).toEqual(once?.codes);
    expect(twice?.scale[0]).toBeCloseTo(2 * (once?.scale[0] ?? 0), 6);
  });

  it('learns', async () => {
    expect(await smallAccuracy({ weights: { method: 'ternary-statistical' } })).toBeGreaterThan(0.9);
  });
});

describe('residual-expansion', () => {
  beforeAll(() => TEST_BACKENDS[1]?.activate());

  it.each([2, 4])('with %d copies is a symmetric staircase of nested supports', (copies) => {
    const kernel = kernelOf(SHAPES.CONV);
    const deployed = deployWeights(weightChoice('residual-expansion', { copies }), kernel, SHAPES.CONV);
    const levels = new Set(deployedValues(deployed, SHAPES.CONV).map((w) => w.toFixed(6)));
    expect(levels.size).toBeLessThanOrEqual(2 * copies + 1);
    deployed.levels.slice(1).forEach(({ codes }, k) => {
      const outer = deployed.levels[k]?.codes ?? [];
      codes.forEach((code, i) => expect(code === 0 || code === outer[i]).toBe(true));
    });
  });

  it('learns', async () => {
    expect(await smallAccuracy({ weights: { method: 'residual-expansion' } })).toBeGreaterThan(0.9);
  });
});
