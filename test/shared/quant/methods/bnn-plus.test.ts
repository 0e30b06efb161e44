import { beforeAll, describe, expect, it } from 'vitest';
import { RandomStream } from '#shared/base/random.ts';
import type { Tensor } from '#shared/base/tensorflow.ts';
import { signSwishSlope } from '#shared/quant/methods/bnn-plus/sign-swish.ts';
import { stationaryScale } from '#shared/quant/methods/bnn-plus/regularizer.ts';
import { filterOf, groups } from '#shared/quant/parts/scales.ts';
import { activationMethod, weightMethod, type MethodChoice } from '#shared/quant/registry.ts';
import type { WeightShape } from '#shared/quant/types.ts';
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

const sgn = (w: number) => (w < 0 ? -1 : 1);

/** SS_b as the paper writes it, for a derivative by differences. */
function signSwish(x: number, b: number): number {
  const s = 1 / (1 + Math.exp(-b * x));
  return 2 * s * (1 + b * x * (1 - s)) - 1;
}

/** The derivative as the sheet writes it, with cosh and tanh. */
function signSwishDerivative(x: number, b: number): number {
  return (b * (2 - b * x * Math.tanh((b * x) / 2))) / (1 + Math.cosh(b * x));
}

/** The penalty of a layer with its gradients to the weights and to the trained variable. */
async function penalty(choice: MethodChoice, kernel: Float32Array, shape: WeightShape, alpha: number[]) {
  const { form } = weightMethod(choice);
  const w = tf.tensor(kernel, [...shape.shape]);
  const a = tf.tensor1d(alpha);
  const { value, grads } = tf.tidy(() =>
    tf.valueAndGrads((x: Tensor, y: Tensor): Tensor => {
      const context = { tf, variables: { alpha: y }, update: () => undefined };
      if (!form.regularize) throw new Error('BNN+ has a regulariser');
      return form.regularize(x, shape, choice, context);
    })([w, a]),
  );
  const numbers = {
    value: (await value.data())[0] ?? NaN,
    toWeights: [...(await (grads[0] as Tensor).data())],
    toAlpha: [...(await (grads[1] as Tensor).data())],
  };
  tf.dispose([w, a, value, grads]);
  return numbers;
}

describe('SignSwish', () => {
  it.each([
    [5, 0.1, 4.41229],
    [5, 0.2, 3.023661],
    [5, 0.5, -0.084622],
    [10, 0.1, 6.047322],
    [10, 0.2, 1.001243],
  ])('b = %d, x = %d: slope %d', (b, x, slope) => {
    expect(signSwishSlope(x, b)).toBeCloseTo(slope, 5);
    expect(signSwishSlope(-x, b)).toBeCloseTo(slope, 5);
  });

  it('is b at 0, zero where the function overshoots to 1.19968, at b·|x| = 2.39936', () => {
    expect(signSwishSlope(0, 7)).toBe(7);
    expect(signSwishSlope(2.39936 / 5, 5)).toBeCloseTo(0, 4);
    expect(signSwish(2.39936 / 5, 5)).toBeCloseTo(1.19968, 5);
  });

  it('is the derivative of the function, by differences, and the form with cosh', () => {
    for (let x = -2; x <= 2; x += 0.07) {
      const h = 1e-5;
      expect(signSwishSlope(x, 5)).toBeCloseTo((signSwish(x + h, 5) - signSwish(x - h, 5)) / (2 * h), 6);
      expect(signSwishSlope(x, 5)).toBeCloseTo(signSwishDerivative(x, 5), 10);
    }
  });
});

describe.each(TEST_BACKENDS)('BNN+ on $id', (backend) => {
  beforeAll(() => backend.activate());

  it('activations are sgn with the SignSwish slope, finite and zero far out', async () => {
    const x = [-1e30, -1e4, -8, -0.5, -0.1, -0, 0, 0.1, 0.2, 0.5, 2, 18, 89, 1e4, 1e30];
    for (const sharpness of [1, 5, 10]) {
      const choice = activationChoice('bnn-plus', { sharpness });
      const got = await callActivations(choice, x, [15], {}, new Array<number>(15).fill(1));
      expect(got.value).toEqual(x.map(sgn));
      expectClose(
        got.gradient,
        x.map((v) => (Math.abs(sharpness * v) > 100 ? 0 : signSwishDerivative(v, sharpness))),
      );
      expect(x.every((v) => Number.isFinite(activationMethod(choice).curve.slope(v, choice)))).toBe(true);
    }
  });

  describe.each(Object.entries(SHAPES))('%s', (_name, shape) => {
    const kernel = kernelOf(shape);
    const g = incomingFor(kernel.length);

    it.each([
      ['filter', true, 'clipped'],
      ['layer', true, 'sign-swish'],
      ['filter', false, 'clipped'],
    ] as const)(
      'α per %s, in forward %s, %s slope: value and gradients',
      async (granularity, alphaInForward, slope) => {
        const choice = weightChoice('bnn-plus', { granularity, alphaInForward, slope, sharpness: 3 });
        // Trained variables of both signs: α is their magnitude.
        const stored = Array.from(
          { length: granularity === 'layer' ? 1 : shape.filters },
          (_, f) => 0.4 - 0.3 * f,
        );
        const group = (i: number) => (granularity === 'layer' ? 0 : filterOf(shape, i));
        const variable = (i: number) => (alphaInForward ? (stored[group(i)] ?? 0) : 1);
        const specs = weightMethod(choice).form.variables?.(shape, choice) ?? [];
        expect(specs.map(({ shape: extents }) => extents)).toEqual([[stored.length]]);
        const context = { tf, update: () => undefined };
        const expectedValue = [...kernel].map((w, i) => sgn(w) * Math.abs(variable(i)));
        const expectedGradient = [...kernel].map((w, i) => {
          const stand = slope === 'clipped' ? (Math.abs(w) <= 1 ? 1 : 0) : signSwishDerivative(w, 3);
          return (g[i] ?? 0) * Math.abs(variable(i)) * stand;
        });
        if (alphaInForward) {
          const got = await callWeights(choice, kernel, shape, { alpha: stored }, g);
          expectClose(got.value, expectedValue);
          expectClose(got.gradient, expectedGradient);
          const toAlpha = stored.map((a, k) =>
            g.reduce((sum, x, i) => sum + (group(i) === k ? x * sgn(kernel[i] ?? 0) * sgn(a) : 0), 0),
          );
          expectClose(got.variables.alpha ?? [], toAlpha, 1e-4);
        } else {
          const value = tf.tidy(() =>
            weightMethod(choice).form.quantize(tf.tensor(kernel, [...shape.shape]), shape, choice, {
              ...context,
              variables: { alpha: tf.tensor1d(stored) },
            }),
          );
          expectClose([...(await value.data())], expectedValue);
          value.dispose();
        }
        const deployed = deployWeights(choice, kernel, shape, { alpha: Float32Array.from(stored) });
        expectClose(deployedValues(deployed, shape), expectedValue, 1e-6);
        expect([...(deployed.levels[0]?.scale ?? [])].every((a) => a >= 0)).toBe(true);
      },
    );

    it.each([
      ['manhattan', 'sum'],
      ['euclidean', 'sum'],
      ['manhattan', 'mean'],
      ['euclidean', 'mean'],
    ] as const)('R %s, %s: value and gradients', async (regularizer, reduction) => {
      const strength = 0.01;
      const choice = weightChoice('bnn-plus', { regularizer, reduction, strength });
      // α = 1 meets weights at exactly ±1, α = −0.5 stands for 0.5.
      const stored = Array.from({ length: shape.filters }, (_, f) => (f % 2 === 0 ? 1 : -0.5));
      const weight = strength / (reduction === 'mean' ? kernel.length : 1);
      const gap = [...kernel].map((w, i) => Math.abs(stored[filterOf(shape, i)] ?? 0) - Math.abs(w));
      const slope = gap.map((d) => (regularizer === 'manhattan' ? Math.sign(d) : 2 * d));
      const got = await penalty(choice, kernel, shape, stored);
      const total = gap.reduce((sum, d) => sum + (regularizer === 'manhattan' ? Math.abs(d) : d * d), 0);
      expect(got.value).toBeCloseTo(weight * total, 5);
      expectClose(
        got.toWeights,
        slope.map((s, i) => -weight * s * sgn(kernel[i] ?? 0)),
        1e-6,
      );
      const toAlpha = stored.map((a, f) =>
        slope.reduce((sum, s, i) => sum + (filterOf(shape, i) === f ? weight * s * sgn(a) : 0), 0),
      );
      expectClose(got.toAlpha, toAlpha, 1e-5);
    });

    it.each(['manhattan', 'euclidean'] as const)('starts α where R %s is smallest', (regularizer) => {
      const choice = weightChoice('bnn-plus', { regularizer });
      const { alpha, kernel: clipped } =
        weightMethod(choice).form.initialize?.(kernel, shape, choice, new RandomStream(1, 'x')) ?? {};
      groups(shape, 'filter').forEach((members, f) => {
        const at = (a: number) =>
          members.reduce((sum, i) => {
            const d = Math.abs(a - Math.abs(clipped?.[i] ?? 0));
            return sum + (regularizer === 'manhattan' ? d : d * d);
          }, 0);
        const best = at(alpha?.[f] ?? NaN);
        for (let a = 0; a <= 1.5; a += 0.01) expect(best).toBeLessThanOrEqual(at(a) + 1e-6);
      });
    });
  });
});

describe('BNN+', () => {
  beforeAll(() => TEST_BACKENDS[1]?.activate());

  it('takes the middle of the two middle magnitudes of an even count as median', () => {
    expect(stationaryScale('manhattan', [4, 1, 2, 3])).toBe(2.5);
    expect(stationaryScale('manhattan', [3, 1, 2])).toBe(2);
    expect(stationaryScale('euclidean', [4, 1, 1])).toBe(2);
  });

  it.each([true, false])('clip %s: latent weights stay in [−1, 1] or not', async (clip) => {
    const choice = weightChoice('bnn-plus', { clip });
    const settled = tf.tidy(() =>
      weightMethod(choice)
        .form.settle?.(tf.tensor1d([-3, 0.5, 2]), tf.zeros([3]), SHAPES.DENSE, choice, {
          tf,
          variables: {},
          update: () => undefined,
        })
        .clone(),
    );
    expect([...((await settled?.data()) ?? [])]).toEqual(clip ? [-1, 0.5, 1] : [-3, 0.5, 2]);
    settled?.dispose();
  });

  it('a strong regulariser draws the weights of a network to ±α', async () => {
    const shape = SHAPES.DENSE;
    const choice = weightChoice('bnn-plus', { regularizer: 'euclidean', strength: 1 });
    const kernel = Float32Array.from(kernelOf(shape), (w) => Math.min(1, Math.max(-1, w)));
    let alpha = [
      ...(weightMethod(choice).form.initialize?.(kernel, shape, choice, new RandomStream(1, 'x')).alpha ??
        []),
    ];
    const first = (await penalty(choice, kernel, shape, alpha)).value;
    let last = first;
    for (let step = 0; step < 50; step++) {
      const { value, toWeights, toAlpha } = await penalty(choice, kernel, shape, alpha);
      toWeights.forEach((slope, i) => (kernel[i] = (kernel[i] ?? 0) - 0.05 * slope));
      alpha = alpha.map((a, f) => a - 0.005 * (toAlpha[f] ?? 0));
      last = value;
    }
    expect(last).toBeLessThan(first / 100);
  });

  it.each([
    {},
    { regularizer: 'euclidean', strength: 1e-3, slope: 'sign-swish', alphaInForward: false },
    { granularity: 'layer', reduction: 'mean', strength: 0.01 },
  ])('learns with weights and activations: %o', async (parameters) => {
    const accuracy = await smallAccuracy({
      weights: { method: 'bnn-plus', ...parameters },
      activations: { method: 'bnn-plus' },
    });
    expect(accuracy).toBeGreaterThan(0.9);
  });
});
