import { beforeAll, describe, expect, it } from 'vitest';
import { activationMethod } from '#shared/quant/registry.ts';
import { filterOf, groups } from '#shared/quant/parts/scales.ts';
import {
  SHAPES,
  activationChoice,
  callActivations,
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

const f = Math.fround;
const INPUTS = [
  -2, -1e-30, 0, 1e-30, 0.2, 0.453, 0.538, 0.8, 0.9815, 0.99, 1.076, 1.2, 1.4, 1.51, 1.6, 1.7, 9,
].map(f);

/** Levels q_i and the midpoints between them, in double precision. */
function reference(x: number, levels: readonly number[]): number {
  if (x <= 0) return 0;
  const index = levels.slice(1).filter((q, i) => x > (q + (levels[i] ?? 0)) / 2).length;
  return levels[index] ?? NaN;
}

const LEVELS = { uniform: [0.538, 1.076, 1.614], 'non-uniform': [0.453, 1.51] } as const;

describe.each(TEST_BACKENDS)('HWGQ on $id', (backend) => {
  beforeAll(() => backend.activate());

  describe.each(Object.entries(SHAPES))('weights %s', (_name, shape) => {
    it.each(['layer', 'filter'] as const)('are α·sgn(W) with α = mean|W| per %s', async (granularity) => {
      const kernel = kernelOf(shape);
      const g = incomingFor(kernel.length);
      const choice = weightChoice('hwgq', { granularity });
      const alphas = groups(shape, granularity).map(
        (members) => [...members].reduce((sum, i) => sum + Math.abs(kernel[i] ?? 0), 0) / members.length,
      );
      const got = await callWeights(choice, kernel, shape, {}, g);
      expectClose(
        got.value,
        [...kernel].map((w, i) => {
          const alpha = alphas[granularity === 'layer' ? 0 : filterOf(shape, i)] ?? NaN;
          return w < 0 ? -alpha : alpha;
        }),
      );
      expectClose(got.gradient, g);
      expectClose(deployedValues(deployWeights(choice, kernel, shape), shape), got.value);
    });
  });

  describe.each(['uniform', 'non-uniform'] as const)('activations, %s', (levels) => {
    const q = LEVELS[levels];
    const highest = f(q.at(-1) ?? NaN);
    it.each([
      ['clipped', (x: number) => (x > 0 && x <= highest ? 1 : 0)],
      ['relu', (x: number) => (x > 0 ? 1 : 0)],
      ['log-tailed', (x: number) => (x <= 0 ? 0 : x <= highest ? 1 : 1 / (x - (highest - 1)))],
    ] as const)('%s', async (backward, slope) => {
      const g = incomingFor(INPUTS.length);
      const choice = activationChoice('hwgq', { levels, backward });
      const got = await callActivations(choice, INPUTS, [INPUTS.length], {}, g);
      expectClose(
        got.value,
        INPUTS.map((x) => reference(x, q)),
      );
      expectClose(
        got.gradient,
        INPUTS.map((x, i) => slope(x) * (g[i] ?? 0)),
      );
    });
  });
});

describe('HWGQ', () => {
  beforeAll(() => TEST_BACKENDS[1]?.activate());

  it.each([
    ['uniform', [0, 0.807, 1.345], [0, 1, 2, 3], 0.538],
    ['non-uniform', [0, 0.9815], [0, 3, 10], 0.151],
  ] as const)('%s: deploys the levels of the authors with one scale', (levels, thresholds, codes, scale) => {
    const choice = activationChoice('hwgq', { levels });
    const staircase = activationMethod(choice).form.deploy(choice, {});
    expectClose([...(staircase?.thresholds ?? [])], [...thresholds], 1e-6);
    expect(staircase?.inclusive.some(Boolean)).toBe(false);
    expect(staircase?.codes).toEqual(codes);
    expect(staircase?.scale).toBeCloseTo(scale, 7);
    expectClose(
      codes.slice(1).map((code) => code * (staircase?.scale ?? NaN)),
      [...LEVELS[levels]],
      1e-6,
    );
  });

  it('0.538 is the best step of three uniform levels for the positive half of a standard normal', () => {
    const error = (step: number) => {
      let sum = 0;
      for (let x = 5e-4; x < 8; x += 1e-3) {
        const q = reference(x, [step, 2 * step, 3 * step]);
        sum += (x - q) ** 2 * Math.exp((-x * x) / 2);
      }
      return sum;
    };
    expect(error(0.538)).toBeLessThan(Math.min(error(0.53), error(0.546)));
  });

  it.each(['uniform', 'non-uniform'])('learns, %s', async (levels) => {
    const quantization = { weights: { method: 'hwgq' }, activations: { method: 'hwgq', levels } };
    expect(await smallAccuracy(quantization)).toBeGreaterThan(0.9);
  });
});
