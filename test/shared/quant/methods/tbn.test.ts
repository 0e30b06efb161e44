import { beforeAll, describe, expect, it } from 'vitest';
import { RandomStream } from '#shared/base/random.ts';
import { groups } from '#shared/quant/parts/scales.ts';
import { activationMethod } from '#shared/quant/registry.ts';
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

/** Mean magnitude exactly 1, so that Δ = δ: with δ = 0.5 the thresholds, zeros and the edges ±1 are among them. */
const INPUT = [-2.5, -1, -0.75, -0.5, -0.25, -0, 0, 0.25, 0.5, 0.75, 1, 2, 1.5, 1, 1, 3];
const ONES = new Array<number>(16).fill(1);
const ternary = (x: number, d: number) => (x >= d ? 1 : 0) - (x <= -d ? 1 : 0);

describe.each(TEST_BACKENDS)('TBN on $id', (backend) => {
  beforeAll(() => backend.activate());

  it('thresholds at δ · mean |x| of the whole batch, both thresholds included', async () => {
    expect(INPUT.reduce((sum, x) => sum + Math.abs(x), 0) / 16).toBe(1);
    const choice = activationChoice('tbn', { momentum: 0.25 });
    const got = await callActivations(choice, INPUT, [2, 2, 2, 2], { threshold: [0.7] }, ONES);
    expect(got.value).toEqual(INPUT.map((x) => ternary(x, 0.5)));
    expect(got.gradient).toEqual(INPUT.map((x) => (Math.abs(x) <= 1 ? 1 : 0)));
    expectClose(got.updates.threshold ?? [], [0.75 * 0.7 + 0.25 * 0.5], 1e-6);
  });

  it('with momentum 0 uses the running threshold and leaves it alone', async () => {
    const choice = activationChoice('tbn', { momentum: 0 });
    const got = await callActivations(choice, INPUT, [16], { threshold: [0.75] }, ONES);
    expect(got.value).toEqual(INPUT.map((x) => ternary(x, 0.75)));
    expect(got.updates).toEqual({});
  });

  it.each([1, 2, 3])('tbn-v2 of order %d: 2Δ times the code, polynomial slope', async (order) => {
    const choice = activationChoice('tbn', { variant: 'tbn-v2', order });
    const got = await callActivations(choice, INPUT, [16], {}, ONES);
    expectClose(
      got.value,
      INPUT.map((x) => ternary(x, 0.5)),
    );
    // As the authors write it, with Δ = 0.5; inputs on 2Δ, where order 1 jumps, are left to the next test.
    const slope = (x: number) => {
      const u = (((x / 0.5 + 3) % 2) + 2) % 2;
      return Math.abs(x) <= 1 ? order * Math.abs(u - 1) ** (order - 1) : 0;
    };
    INPUT.forEach((x, i) => {
      if (order > 1 || (Math.abs(x) !== 1 && x !== 0)) expect(got.gradient[i]).toBeCloseTo(slope(x), 5);
    });
  });

  it.each([1, 2, 3])('the slope of tbn-v2 of order %d has the area of its two steps, 4Δ', async (order) => {
    const n = 4096;
    const x = Array.from({ length: n }, (_, i) => -2 + (4 * (i + 0.5)) / n);
    const choice = activationChoice('tbn', { variant: 'tbn-v2', order, momentum: 0 });
    const got = await callActivations(choice, x, [n], { threshold: [0.5] }, new Array<number>(n).fill(1));
    expect(got.gradient.reduce((sum, slope) => sum + (slope * 4) / n, 0)).toBeCloseTo(2, 2);
  });

  it.each(['tbn', 'tbn-v2'])('%s deploys exactly the function of its running threshold', async (variant) => {
    const threshold = Math.fround(0.3141);
    const up = Math.fround(threshold * (1 + 2 ** -23));
    const x = [threshold, -threshold, up, -up, threshold - 2 ** -25, 2 ** -25 - threshold, 0, -0, 1, -1];
    const choice = activationChoice('tbn', { variant, momentum: 0 });
    const got = await callActivations(choice, x, [10], { threshold: [threshold] });
    const staircase = activationMethod(choice).form.deploy(choice, { threshold: Float32Array.of(threshold) });
    const deployed = tf.tidy(() => staircaseTensor(tf, staircase as never, tf.tensor1d(x)));
    expectClose([...(await deployed.data())], got.value, 0);
    deployed.dispose();
  });

  it.each(Object.entries(SHAPES))(
    'weights are α·sgn(W) per filter, gradient unchanged: %s',
    async (_name, shape) => {
      const kernel = kernelOf(shape);
      const g = incomingFor(kernel.length);
      const expected = new Array<number>(kernel.length).fill(0);
      for (const members of groups(shape, 'filter')) {
        const alpha = members.reduce((sum, i) => sum + Math.abs(kernel[i] ?? 0), 0) / members.length;
        for (const i of members) expected[i] = (kernel[i] ?? 0) < 0 ? -alpha : alpha;
      }
      const got = await callWeights(weightChoice('tbn'), kernel, shape, {}, g);
      expectClose(got.value, expected);
      expectClose(got.gradient, g, 0);
      expectClose(deployedValues(deployWeights(weightChoice('tbn'), kernel, shape), shape), expected);
    },
  );
});

describe('TBN', () => {
  beforeAll(() => TEST_BACKENDS[1]?.activate());

  it('keeps an input of zeros at zero', async () => {
    const got = await callActivations(activationChoice('tbn'), new Float32Array(4), [4], {}, [1, 1, 1, 1]);
    expect(got.value).toEqual([0, 0, 0, 0]);
    expect(got.gradient.every(Number.isFinite)).toBe(true);
  });

  it.each(['tbn', 'tbn-v2'])('%s: outputs are the three levels for any input', async (variant) => {
    const random = new RandomStream(4, 'tbn');
    const x = Array.from({ length: 300 }, () => 3 * random.nextNormal());
    const { value } = await callActivations(activationChoice('tbn', { variant }), x);
    expect(new Set(value.map(Math.abs)).size).toBe(2);
    expect(value).toContain(0);
  });

  it.each([{}, { delta: 0.4 }, { variant: 'tbn-v2' }, { variant: 'tbn-v2', order: 3 }])(
    'draws the function and slope of a fixed threshold: %o',
    async (parameters) => {
      const choice = activationChoice('tbn', { ...parameters, momentum: 0 });
      const { curve } = activationMethod(choice);
      const threshold = Math.fround((parameters.delta ?? 0.5) * Math.sqrt(2 / Math.PI));
      const x = [threshold, -threshold, ...Array.from({ length: 81 }, (_, i) => -2 + i / 20)].map(
        Math.fround,
      );
      const got = await callActivations(choice, x, [83], {}, new Array<number>(83).fill(1));
      expectClose(
        got.value,
        x.map((v) => curve.value(v, choice)),
      );
      expectClose(
        got.gradient,
        x.map((v) => curve.slope(v, choice)),
      );
    },
  );

  it('starts its running threshold where a normal input has it', () => {
    const choice = activationChoice('tbn', { delta: 0.4 });
    const [spec] = activationMethod(choice).form.variables?.(choice) ?? [];
    expect(spec).toMatchObject({ trainable: false, decay: false });
    expect(spec?.initial.kind === 'constant' && spec.initial.value).toBeCloseTo(0.4 * 0.7979, 4);
  });

  it.each([{}, { variant: 'tbn-v2' }, { momentum: 0 }])(
    'learns with weights and activations: %o',
    async (parameters) => {
      const activations = { method: 'tbn', ...parameters };
      expect(await smallAccuracy({ weights: { method: 'tbn' }, activations })).toBeGreaterThan(0.9);
    },
  );
});
