import { beforeAll, describe, expect, it } from 'vitest';
import { RandomStream } from '#shared/base/random.ts';
import { BRANCHES, piecewiseSlope, piecewiseValue } from '#shared/quant/parts/activation-families.ts';
import { filterOf, groups } from '#shared/quant/parts/scales.ts';
import { activationMethod, weightMethod } from '#shared/quant/registry.ts';
import type { Staircase, WeightShape } from '#shared/quant/types.ts';
import { staircaseTensor } from '#shared/train/evaluate.ts';
import {
  CONV,
  DENSE,
  DEPTHWISE,
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

const CHANNELS = new Map<WeightShape, number>([
  [CONV, 5],
  [DENSE, 13],
  [DEPTHWISE, 1],
]);

const add = (list: number[]) => list.reduce((sum, x) => sum + x, 0);

/** Value and gradient per filter, straight from the equations. */
function closedForm(
  kernel: Float32Array,
  g: readonly number[],
  shape: WeightShape,
  form: 'exact' | 'repo-cifar' | 'repo-imagenet',
  factor = 0.7,
) {
  const value = new Array<number>(kernel.length).fill(0);
  const gradient = new Array<number>(kernel.length).fill(0);
  const channels = CHANNELS.get(shape) ?? 1;
  for (const group of groups(shape, 'filter')) {
    const members = [...group];
    const n = members.length;
    const w = members.map((i) => kernel[i] ?? 0);
    const dy = members.map((i) => g[i] ?? 0);
    const m = add(w.map(Math.abs)) / n;
    const codes = w.map((x) => (Math.abs(x) > factor * m ? Math.sign(x) : 0));
    const kept = add(codes.map(Math.abs));
    const alpha = add(w.map((x, i) => x * (codes[i] ?? 0))) / Math.max(1, kept);
    const signs = w.map((x) => (x < 0 ? -1 : 1));
    const rescale = (channels === 1 ? 1 : 1 - 1 / channels) * n;
    members.forEach((at, i) => {
      const inside = Math.abs(w[i] ?? 0) <= 1 ? (dy[i] ?? 0) : 0;
      const along = (pattern: number[]) => (pattern[i] ?? 0) * add(pattern.map((p, j) => p * (dy[j] ?? 0)));
      value[at] = alpha * (codes[i] ?? 0);
      gradient[at] = {
        exact: alpha * inside + along(codes) / Math.max(1, kept),
        'repo-cifar': (m * inside + along(signs) / n) * rescale,
        'repo-imagenet': (alpha * inside + along(codes) / n) * rescale * 1e9,
      }[form];
    });
  }
  return { value, gradient };
}

describe.each(TEST_BACKENDS)('TOT-Net weights on $id', (backend) => {
  beforeAll(() => backend.activate());

  describe.each(Object.entries(SHAPES))('%s', (_name, shape) => {
    const kernel = kernelOf(shape);
    const g = incomingFor(kernel.length);

    it.each(['exact', 'repo-cifar', 'repo-imagenet'] as const)(
      'value and %s gradient are the closed form',
      async (gradient) => {
        const choice = weightChoice('tot-net', { gradient });
        const got = await callWeights(choice, kernel, shape, {}, g);
        const expected = closedForm(kernel, g, shape, gradient);
        expectClose(got.value, expected.value);
        const size = gradient === 'repo-imagenet' ? 1e9 : 1;
        expectClose(
          got.gradient.map((x) => x / size),
          expected.gradient.map((x) => x / size),
          2e-5,
        );
        expectClose(deployedValues(deployWeights(choice, kernel, shape), shape), got.value);
      },
    );

    it.each([true, false])('centre %s: the settled weights', async (centre) => {
      const choice = weightChoice('tot-net', { centre });
      const { form } = weightMethod(choice);
      const settled = tf.tidy(() => {
        const w = tf.tensor(kernel, [...shape.shape]);
        return form.settle?.(w, w, shape, choice, { tf, variables: {}, update: () => undefined });
      });
      const channels = centre ? (CHANNELS.get(shape) ?? 1) : 1;
      // All taps of one kernel position and filter: the elements that share everything but the input channel.
      const positionOf = (i: number) => `${Math.floor(i / (channels * shape.filters))} ${filterOf(shape, i)}`;
      const expected = [...kernel].map((w, i) => {
        const same = [...kernel].filter((_, j) => positionOf(j) === positionOf(i));
        const mean = channels > 1 ? add(same) / same.length : 0;
        return Math.min(1, Math.max(-1, w - mean));
      });
      expectClose([...((await settled?.data()) ?? [])], expected);
      settled?.dispose();
      const first = form.initialize?.(kernel, shape, choice, new RandomStream(1, 'x'));
      expectClose([...(first?.kernel ?? [])], expected);
    });
  });
});

/** Ternarised per sample; mean threshold and scale over the batch. */
function perSample(u: number[], batch: number, factor: number) {
  const size = u.length / batch;
  const samples = Array.from({ length: batch }, (_, b) => u.slice(b * size, (b + 1) * size));
  const statistics = samples.map((x) => {
    const delta = (factor * add(x.map(Math.abs))) / size;
    const kept = x.filter((v) => Math.abs(v) > delta).map(Math.abs);
    return { delta, alpha: add(kept) / Math.max(1, kept.length) };
  });
  return {
    value: samples.flatMap((x, b) => {
      const { delta, alpha } = statistics[b] ?? { delta: 0, alpha: 0 };
      return x.map((v) => (Math.abs(v) > delta ? Math.sign(v) * alpha : 0));
    }),
    delta: add(statistics.map(({ delta }) => delta)) / batch,
    alpha: add(statistics.map(({ alpha }) => alpha)) / batch,
  };
}

const random = new RandomStream(9, 'inputs');
const INPUT = Array.from({ length: 3 * 4 * 4 * 2 }, (_, i) =>
  Math.fround([0, 1, -1, -0, 0.25, -0.25][i] ?? (1 + (i % 3)) * 0.7 * random.nextNormal()),
);

describe.each(TEST_BACKENDS)('TOT-Net activations on $id', (backend) => {
  beforeAll(() => backend.activate());

  it.each([
    ['identity', 'identity'],
    ['relu', 'relu'],
    ['elu', 'hard-tanh'],
    ['sigmoid', 'identity'],
    ['swish', 'elish'],
    ['leaky-relu', 'selu'],
  ] as const)(
    'left %s, right %s: ternary per sample, slope f′ inside (−1, 1), averages updated',
    async (left, right) => {
      const choice = activationChoice('tot-net', { left, right });
      const g = incomingFor(INPUT.length);
      const got = await callActivations(choice, INPUT, [3, 4, 4, 2], { delta: 0.5, alpha: 1 }, g);
      const u = INPUT.map((x) => piecewiseValue(x, { left, right }));
      const expected = perSample(u, 3, 0.7);
      expectClose(got.value, expected.value, 1e-5);
      expectClose(
        got.gradient,
        INPUT.map((x, i) => {
          const inside = Math.abs(Math.fround(u[i] ?? 0)) < 1 ? 1 : 0;
          return inside * piecewiseSlope(x, { left, right }) * (g[i] ?? 0);
        }),
        1e-5,
      );
      expectClose(got.updates.delta ?? [], [0.9 * 0.5 + 0.1 * expected.delta]);
      expectClose(got.updates.alpha ?? [], [0.9 * 1 + 0.1 * expected.alpha]);
    },
  );

  it('with frozen statistics uses the running averages, updates nothing and is what is deployed', async () => {
    for (const left of BRANCHES) {
      const choice = activationChoice('tot-net', { left, right: 'identity', statistics: 'running' });
      const given = { delta: Math.fround(0.2), alpha: Math.fround(0.9) };
      const got = await callActivations(choice, INPUT, [3, 32], given);
      expect(got.updates).toEqual({});
      const staircase = activationMethod(choice).form.deploy(choice, {
        delta: Float32Array.of(0.2),
        alpha: Float32Array.of(0.9),
      }) as Staircase;
      const deployed = tf.tidy(() => staircaseTensor(tf, staircase, tf.tensor1d(INPUT)));
      expectClose([...(await deployed.data())], got.value);
      deployed.dispose();
    }
  });
});

describe('TOT-Net deployment', () => {
  it.each(BRANCHES.flatMap((left) => BRANCHES.map((right) => [left, right] as const)))(
    'left %s, right %s: the staircase is α · T(f(x)) everywhere',
    (left, right) => {
      const choice = activationChoice('tot-net', { left, right });
      for (const delta of [0.05, 0.2, 0.6, 2].map(Math.fround)) {
        const { thresholds, inclusive, codes, scale } = activationMethod(choice).form.deploy(choice, {
          delta: Float32Array.of(delta),
          alpha: Float32Array.of(1.5),
        }) as Staircase;
        expect(scale).toBe(1.5);
        for (let x = -8; x < 8; x += 1 / 64) {
          const f = piecewiseValue(x, { left, right });
          const step = thresholds.filter((t, i) => (inclusive[i] ? x >= t : x > t)).length;
          expect(codes[step], `x ${x}, Δ ${delta}`).toBe(f > delta ? 1 : f < -delta ? -1 : 0);
        }
      }
    },
  );

  it('has an interval list where the function turns around', () => {
    const choice = activationChoice('tot-net', { left: 'swish', right: 'swish' });
    const { codes } = activationMethod(choice).form.deploy(choice, {
      delta: Float32Array.of(0.2),
      alpha: Float32Array.of(1),
    }) as Staircase;
    expect(codes).toEqual([0, -1, 0, 1]);
  });
});

describe('TOT-Net', () => {
  beforeAll(() => TEST_BACKENDS[1]?.activate());

  it.each([
    { weights: { gradient: 'exact' }, activations: {} },
    { weights: { gradient: 'repo-cifar' }, activations: { left: 'elu', right: 'relu' } },
    { weights: { gradient: 'repo-imagenet' }, activations: { left: 'swish', right: 'elish' } },
  ])('learns with %o', async ({ weights, activations }) => {
    const accuracy = await smallAccuracy({
      weights: { method: 'tot-net', ...weights },
      activations: { method: 'tot-net', ...activations },
    });
    expect(accuracy).toBeGreaterThan(0.9);
  });
});
