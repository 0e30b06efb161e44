import { beforeAll, describe, expect, it } from 'vitest';
import { RandomStream } from '#shared/base/random.ts';
import { groups } from '#shared/quant/parts/scales.ts';
import { float32OfRank, rankOf } from '#shared/quant/parts/float32-steps.ts';
import { activationMethod, weightMethod } from '#shared/quant/registry.ts';
import type { Staircase } from '#shared/quant/types.ts';
import { staircaseTensor } from '#shared/train/evaluate.ts';
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
import { TEST_BACKENDS, tf } from '#test/support/tensorflow.ts';

/** The bases of the paper and their scales by the normal equations (BᵀB)α = BᵀW, solved by elimination. */
function fit(weights: readonly number[], count: number) {
  const mean = weights.reduce((sum, w) => sum + w, 0) / weights.length;
  const std = Math.sqrt(weights.reduce((sum, w) => sum + (w - mean) ** 2, 0) / weights.length);
  const shifted = Array.from({ length: count }, (_, i) => {
    const u = count === 1 ? 0 : -1 + (i * 2) / (count - 1);
    return weights.map((w) => w - mean + u * std);
  });
  const bases = shifted.map((row) => row.map((w) => (w < 0 ? -1 : 1)));
  const dot = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0);
  const rows = bases.map((a) => [...bases.map((b) => dot(a, b)), dot(a, weights)]);
  for (let k = 0; k < count; k++) {
    const pivot = rows[k] ?? [];
    for (let r = 0; r < count; r++) {
      if (r === k) continue;
      const row = rows[r] ?? [];
      const factor = (row[k] ?? 0) / (pivot[k] ?? 0);
      for (let c = k; c <= count; c++) row[c] = (row[c] ?? 0) - factor * (pivot[c] ?? 0);
    }
  }
  return { shifted, bases, alphas: rows.map((row, k) => (row[count] ?? 0) / (row[k] ?? 0)) };
}

describe.each(TEST_BACKENDS)('ABC-Net on $id', (backend) => {
  beforeAll(() => backend.activate());

  describe.each(Object.entries(SHAPES))('%s', (_name, shape) => {
    const kernel = kernelOf(shape);
    const g = incomingFor(kernel.length);

    it.each([
      [1, 'layer', false],
      [2, 'layer', false],
      [3, 'layer', true],
      [5, 'layer', true],
      [1, 'filter', true],
      [2, 'filter', false],
    ] as const)(
      '%d bases per %s, mask %s: value, gradient and deployment',
      async (bases, granularity, mask) => {
        const choice = weightChoice('abc-net', { bases, granularity, mask });
        const value = new Array<number>(kernel.length).fill(0);
        const slope = new Array<number>(kernel.length).fill(0);
        const scales: number[][] = [];
        for (const members of groups(shape, granularity)) {
          const solved = fit(
            Array.from(members, (i) => kernel[i] ?? 0),
            bases,
          );
          scales.push(solved.alphas);
          members.forEach((element, i) => {
            solved.alphas.forEach((alpha, b) => {
              value[element] = (value[element] ?? 0) + alpha * (solved.bases[b]?.[i] ?? 0);
              const inside = Math.abs(solved.shifted[b]?.[i] ?? 0) <= 1;
              slope[element] = (slope[element] ?? 0) + (!mask || inside ? alpha : 0);
            });
          });
        }
        const got = await callWeights(choice, kernel, shape, {}, g);
        expectClose(got.value, value, 2e-5);
        expectClose(
          got.gradient,
          slope.map((s, i) => s * (g[i] ?? 0)),
          2e-5,
        );
        const { levels } = deployWeights(choice, kernel, shape);
        expect(levels).toHaveLength(bases);
        expect(levels.every(({ codes }) => codes.every((code) => Math.abs(code) === 1))).toBe(true);
        levels.forEach(({ scale }, b) =>
          expectClose(
            [...scale],
            scales.map((alphas) => alphas[b] ?? NaN),
          ),
        );
        expectClose(deployedValues({ levels }, shape), value);
      },
    );
  });

  it('keeps a layer of zeros, and one of equal weights, finite', async () => {
    for (const w of [0, 0.5]) {
      const got = await callWeights(weightChoice('abc-net'), new Float32Array(78).fill(w), SHAPES.DENSE);
      expectClose(got.value, new Array<number>(78).fill(w), 1e-6);
      expect(got.gradient.every(Number.isFinite)).toBe(true);
    }
  });

  it.each([
    ['as it starts', [0.5 + 2 / 3, 0.5, 0.5 - 2 / 3], [1 / 3, 1 / 3, 1 / 3]],
    ['with trained shifts and scales', [0.1, 0.9, 0.35], [0.8, -0.2, 0.45]],
    ['with equal shifts', [0.5, 0.5, 0.25], [0.5, 0.25, 0.125]],
  ])('activations %s: value, all gradients and deployment', async (_name, shift, beta) => {
    const v = shift.map(Math.fround);
    const b = beta.map(Math.fround);
    const thresholds = v.map((s) => Math.fround(0.5 - s));
    const random = new RandomStream(2, 'abc');
    const x = [
      0,
      -0,
      ...thresholds.flatMap((t) => [-1, 0, 1].map((d) => float32OfRank(rankOf(t) + d))),
      ...Array.from({ length: 60 }, () => Math.fround(random.nextNormal())),
    ].filter((value) => value === 0 || Math.abs(value) > 2 ** -126);
    const g = incomingFor(x.length);
    const choice = activationChoice('abc-net');
    const given = Object.fromEntries(
      v.flatMap((s, n) => [
        [`v${n + 1}`, [s]],
        [`beta${n + 1}`, [b[n] ?? 0]],
      ]),
    );
    const got = await callActivations(choice, x, [x.length], given, g);
    const bit = (value: number, n: number) => (value >= (thresholds[n] ?? 0) ? 1 : -1);
    const inside = (value: number, n: number) =>
      value + (v[n] ?? 0) >= 0 && value + (v[n] ?? 0) <= 1 ? 1 : 0;
    expectClose(
      got.value,
      x.map((value) => b.reduce((sum, scale, n) => sum + scale * bit(value, n), 0)),
    );
    expectClose(
      got.gradient,
      x.map((value, i) => (g[i] ?? 0) * b.reduce((sum, scale, n) => sum + scale * inside(value, n), 0)),
    );
    b.forEach((scale, n) => {
      const toBeta = x.reduce((sum, value, i) => sum + (g[i] ?? 0) * bit(value, n), 0);
      const toShift = x.reduce((sum, value, i) => sum + (g[i] ?? 0) * scale * inside(value, n), 0);
      expectClose(got.variables[`beta${n + 1}`] ?? [], [toBeta], 1e-4);
      expectClose(got.variables[`v${n + 1}`] ?? [], [toShift], 1e-4);
    });
    const numbers = Object.fromEntries(
      Object.entries(given).map(([name, list]) => [name, Float32Array.from(list)]),
    );
    const staircase = activationMethod(choice).form.deploy(choice, numbers) as Staircase;
    expect([staircase.scale, ...(staircase.more ?? []).map(({ scale }) => scale)].every((s) => s >= 0)).toBe(
      true,
    );
    const value = tf.tidy(() => staircaseTensor(tf, staircase, tf.tensor1d(x)));
    expectClose([...(await value.data())], got.value, 1e-6);
    value.dispose();
  });
});

describe('ABC-Net', () => {
  beforeAll(() => TEST_BACKENDS[1]?.activate());

  it('more bases fit normal weights better, and one as well as a sign can', async () => {
    const shape = { shape: [40, 50], filters: 50, fanIn: 40, filterAxis: 1 };
    const random = new RandomStream(6, 'normal');
    const kernel = Float32Array.from({ length: 2000 }, () => random.nextNormal());
    const power = kernel.reduce((sum, w) => sum + w * w, 0);
    const errors = await Promise.all(
      [1, 3, 5].map(async (bases) => {
        const { value } = await callWeights(weightChoice('abc-net', { bases }), kernel, shape);
        return value.reduce((sum, w, i) => sum + (w - (kernel[i] ?? 0)) ** 2, 0) / power;
      }),
    );
    expect(errors[1]).toBeLessThan(errors[0] ?? 0);
    expect(errors[2]).toBeLessThan(errors[1] ?? 0);
    // One sign leaves 1 − 2/π.
    expect(errors[0]).toBeCloseTo(1 - 2 / Math.PI, 1);
  });

  it('starts activations as the uniform quantizer of N + 1 levels', () => {
    const choice = activationChoice('abc-net', { bases: 3, spread: 1.5 });
    const { curve, bits } = activationMethod(choice);
    expect(bits).toBe(3);
    for (let x = -1.5; x <= 1.5; x += 0.01) {
      const nearest = [-1.5, -0.5, 0.5, 1.5].sort((a, b) => Math.abs(a - x) - Math.abs(b - x))[0] ?? NaN;
      if (Math.abs(Math.abs(x) - 1) > 1e-6 && Math.abs(x) > 1e-6)
        expect(curve.value(x, choice)).toBeCloseTo(nearest, 5);
    }
  });

  it('draws weights as the fit of evenly spread ones', () => {
    const choice = weightChoice('abc-net', { bases: 3 });
    const { curve, bits } = weightMethod(choice);
    expect(bits).toBe(3);
    const spread = Array.from({ length: 30001 }, (_, i) => Math.sqrt(3) * (-1 + (2 * i) / 30000));
    const { alphas } = fit(spread, 3);
    expect(curve.value(1.5, choice)).toBeCloseTo(
      alphas.reduce((sum, alpha) => sum + alpha, 0),
      3,
    );
    expect(curve.value(0.5, choice)).toBeCloseTo((alphas[1] ?? 0) + (alphas[2] ?? 0) - (alphas[0] ?? 0), 3);
    expect(curve.slope(0.5, choice)).toBeCloseTo(curve.value(5, choice), 10);
  });

  it.each([
    [{}, {}],
    [{ bases: 5, mask: true }, { bases: 5 }],
    [{ bases: 2, granularity: 'filter' }, { bases: 1 }],
  ])('learns with weights %o and activations %o', async (weights, activations) => {
    const accuracy = await smallAccuracy({
      weights: { method: 'abc-net', ...weights },
      activations: { method: 'abc-net', ...activations },
    });
    expect(accuracy).toBeGreaterThan(0.9);
  });
});
