import { beforeAll, describe, expect, it } from 'vitest';
import { RandomStream } from '#shared/base/random.ts';
import type { Tensor } from '#shared/base/tensorflow.ts';
import { resolveRun } from '#shared/run/config.ts';
import { quantizedGradient } from '#shared/quant/methods/dorefa/gradients.ts';
import { activationMethod } from '#shared/quant/registry.ts';
import { noiseShapes } from '#shared/train/noise.ts';
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
import { smallConfig } from '#test/support/small-run.ts';
import { TEST_BACKENDS, tf } from '#test/support/tensorflow.ts';

const quantizeK = (u: number, n: number) => Math.floor(n * u + 0.5) / n;

describe.each(TEST_BACKENDS)('DoReFa on $id', (backend) => {
  beforeAll(() => backend.activate());

  describe.each(Object.entries(SHAPES))('weights %s', (_name, shape) => {
    const kernel = kernelOf(shape);
    const g = incomingFor(kernel.length);

    it('1 bit: the sign times the mean magnitude of the layer, gradient unchanged', async () => {
      const choice = weightChoice('dorefa', { bits: 1 });
      const mean = kernel.reduce((sum, w) => sum + Math.abs(w), 0) / kernel.length;
      const got = await callWeights(choice, kernel, shape, {}, g);
      expectClose(
        got.value,
        [...kernel].map((w) => (w < 0 ? -mean : mean)),
      );
      expectClose(got.gradient, g);
      expectClose(deployedValues(deployWeights(choice, kernel, shape), shape), got.value);
    });

    it.each(
      [2, 3, 4, 7, 8].flatMap((bits) =>
        [true, false].map((stopGradientAtMax) => ({ bits, stopGradientAtMax })),
      ),
    )('$bits bits, stopped at the maximum: $stopGradientAtMax', async ({ bits, stopGradientAtMax }) => {
      const choice = weightChoice('dorefa', { bits, stopGradientAtMax });
      const n = 2 ** bits - 1;
      const t = [...kernel].map(Math.tanh);
      const M = Math.max(...t.map(Math.abs));
      const got = await callWeights(choice, kernel, shape, {}, g);
      expectClose(
        got.value,
        t.map((x) => 2 * quantizeK(x / (2 * M) + 0.5, n) - 1),
      );
      const atMax = t.filter((x) => Math.abs(x) === M).length;
      const slope = g.reduce((sum, gi, i) => sum + gi * (t[i] ?? 0), 0) / M ** 2;
      expectClose(
        got.gradient,
        t.map((x, i) => {
          const through = !stopGradientAtMax && Math.abs(x) === M ? (slope * Math.sign(x)) / atMax : 0;
          return ((g[i] ?? 0) / M - through) * (1 - x * x);
        }),
        1e-4,
      );
      const { levels } = deployWeights(choice, kernel, shape);
      expectClose(deployedValues({ levels }, shape), got.value, 1e-6);
      expect(levels).toHaveLength(bits === 8 ? 2 : 1);
      for (const { codes } of levels) expect(codes.every((code) => Math.abs(code) <= 127)).toBe(true);
      if (bits < 8) expect(levels[0]?.codes.every((code) => code % 2 !== 0)).toBe(true);
    });
  });

  it('weights of equal, largest magnitude share the gradient of the maximum', async () => {
    const shape = { shape: [4, 1], filters: 1, fanIn: 4, filterAxis: 1 };
    const kernel = Float32Array.of(1.5, -1.5, 0.5, 1.5);
    const choice = weightChoice('dorefa', { bits: 3, stopGradientAtMax: false });
    const g = [1, 0.5, -2, 0.25];
    const got = await callWeights(choice, kernel, shape, {}, g);
    const [M, t] = [Math.tanh(1.5), Math.tanh(0.5)];
    const slope = (1 * M - 0.5 * M - 2 * t + 0.25 * M) / M ** 2;
    expectClose(got.gradient, [
      (1 / M - slope / 3) * (1 - M * M),
      (0.5 / M + slope / 3) * (1 - M * M),
      (-2 / M) * (1 - t * t),
      (0.25 / M - slope / 3) * (1 - M * M),
    ]);
  });

  it('keeps a layer of zeros finite', async () => {
    const got = await callWeights(weightChoice('dorefa', { bits: 4 }), new Float32Array(78), SHAPES.DENSE);
    expectClose(
      got.value,
      Array.from({ length: 78 }, () => 1 / 15),
    );
    expect(got.gradient.every(Number.isFinite)).toBe(true);
  });

  it.each([1, 2, 4, 8])('activations of %d bits', async (bits) => {
    const n = 2 ** bits - 1;
    const random = new RandomStream(5, 'dorefa');
    const x = [-1, -1e-30, 0, 0.5, 1, 1 + 2 ** -23, 2].concat(
      Array.from({ length: 33 }, () => Math.fround(1.4 * random.nextUniform() - 0.2)),
    );
    const g = incomingFor(x.length);
    const got = await callActivations(activationChoice('dorefa', { bits }), x, [4, 10], {}, g);
    expectClose(
      got.value,
      x.map((v) => quantizeK(Math.min(1, Math.max(0, v)), n)),
    );
    expectClose(
      got.gradient,
      x.map((v, i) => (v >= 0 && v <= 1 ? (g[i] ?? 0) : 0)),
    );
  });

  it.each([1, 2, 6, 8])('gradients of %d bits follow the equation', async (bits) => {
    const n = 2 ** bits - 1;
    const g = [...incomingFor(20), 0, 0, 0, 0, 0, 1e-9, -3e-9, 2e-9, 0, 1e-10];
    const random = new RandomStream(6, 'noise');
    const noise = g.map(() => random.nextUniform());
    const value = tf.tidy(() => quantizedGradient(tf, tf.tensor(g, [6, 5]), tf.tensor(noise, [6, 5]), bits));
    const got = [...(await value.data())];
    value.dispose();
    const expected = g.map((x, i) => {
      const sample = g.slice(5 * Math.floor(i / 5), 5 * Math.floor(i / 5) + 5);
      const M = Math.max(...sample.map(Math.abs));
      if (M === 0) return 0;
      const u = x / (2 * M) + 0.5 + ((noise[i] ?? 0) - 0.5) / n;
      return 2 * M * (quantizeK(Math.min(1, Math.max(0, u)), n) - 0.5);
    });
    got.forEach((x, i) =>
      expect(Math.abs(x - (expected[i] ?? NaN))).toBeLessThan(1e-6 * Math.abs(expected[i] ?? 0) + 1e-14),
    );
  });
});

describe('DoReFa', () => {
  beforeAll(() => TEST_BACKENDS[1]?.activate());

  it('gradient bits: the mean over the noise is the gradient itself', async () => {
    const g = [0.31, -0.77, 1, 0.02, -0.5];
    const mean = new Float64Array(5);
    const draws = 400;
    for (let draw = 0; draw < draws; draw++) {
      // A low-discrepancy sequence: the mean over it is that over the noise.
      const noise = g.map(() => (draw + 0.5) / draws);
      const value = tf.tidy(() => quantizedGradient(tf, tf.tensor(g, [1, 5]), tf.tensor(noise, [1, 5]), 2));
      (await value.data()).forEach((x, i) => (mean[i] = (mean[i] ?? 0) + x / draws));
      value.dispose();
    }
    mean.forEach((x, i) => expect(x).toBeCloseTo(g[i] ?? NaN, 2));
  });

  it('gradient bits: takes the noise of the step into the backward pass', async () => {
    const choice = activationChoice('dorefa', { gradientBits: 2 });
    const { form } = activationMethod(choice);
    const noise = tf.tensor([0.1, 0.9, 0.4, 0.6], [1, 4]);
    const context = { tf, variables: {}, noise, update: () => undefined };
    const [gradient] = tf.tidy(() =>
      tf.grads((x: Tensor) => form.quantize(x, choice, context))(
        [tf.tensor([0.2, 0.4, 0.6, 5], [1, 4])],
        tf.tensor([1, 0.25, -0.5, 9], [1, 4]),
      ),
    );
    // M = 1 (the last input is outside): 1 → 1, 0.625 + 0.133 → 2/3, 0.25 − 0.033 → 1/3, 0.5 + 0.033 → 2/3.
    expectClose([...((await gradient?.data()) ?? [])], [1, 1 / 3, -1 / 3, 1 / 3]);
    tf.dispose([gradient ?? [], noise]);
    expect(() =>
      form.quantize(tf.tensor1d([1]), choice, { tf, variables: {}, update: () => undefined }),
    ).toThrow('noise');
  });

  it('gradient bits: asks for noise of the shape of each activation layer’s input, otherwise for none', () => {
    const info = { name: 'corners', shape: [8, 8, 1] as const, classes: ['a', 'b', 'c', 'd'] };
    const shapes = (gradientBits: number) => {
      const activations = { method: 'dorefa', gradientBits };
      return noiseShapes(resolveRun(smallConfig({ quantization: { activations } }), info), 20).filter(
        ([name]) => name.startsWith('act'),
      );
    };
    expect(shapes(4)).toEqual([
      ['act1/activation', [20, 8, 8, 6]],
      ['act2/activation', [20, 4, 4, 6]],
    ]);
    expect(shapes(0)).toEqual([]);
  });

  it.each([
    [{}, {}],
    [{ bits: 2 }, { bits: 2 }],
    [{ bits: 1 }, { bits: 2, gradientBits: 6 }],
    [{ bits: 8, stopGradientAtMax: false }, { bits: 8 }],
  ])('learns with weights %j, activations %j', async (weights, activations) => {
    const quantization = {
      weights: { method: 'dorefa', ...weights },
      activations: { method: 'dorefa', ...activations },
    };
    expect(await smallAccuracy(quantization)).toBeGreaterThan(0.9);
  });
});
