import { beforeAll, describe, expect, it } from 'vitest';
import { RandomStream } from '#shared/base/random.ts';
import { initialGamma } from '#shared/quant/methods/rebnet/levels.ts';
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

/** Bits, value and slopes by the recursion of the paper, in double precision. */
function levels(x: number, gammas: readonly number[]) {
  const bits: number[] = [];
  const inside: number[] = [];
  let r = x;
  for (const gamma of gammas) {
    const b = r < 0 ? -1 : 1;
    bits.push(b);
    inside.push(Math.abs(r) < 1 ? 1 : 0);
    r -= Math.abs(gamma) * b;
  }
  const factor = (j: number) => 1 - Math.abs(gammas[j] ?? 0) * (inside[j] ?? 0);
  const after = (l: number) => gammas.reduce((p, _, j) => (j > l ? p * factor(j) : p), 1);
  return {
    bits,
    value: bits.reduce((sum, b, l) => sum + b * Math.abs(gammas[l] ?? 0), 0),
    slope: 1 - after(-1),
    toGammas: gammas.map((gamma, l) => (gamma < 0 ? -1 : 1) * (bits[l] ?? 0) * after(l)),
  };
}

function named(gammas: readonly number[]): Record<string, number[]> {
  return Object.fromEntries(gammas.map((gamma, l) => [`gamma${l + 1}`, [gamma]]));
}

function deployed(gammas: readonly number[]): Staircase {
  const choice = activationChoice('rebnet', { levels: gammas.length });
  const given = Object.fromEntries(gammas.map((gamma, l) => [`gamma${l + 1}`, Float32Array.of(gamma)]));
  return activationMethod(choice).form.deploy(choice, given) as Staircase;
}

/** Scales as training may leave them: falling, rising, alike, negative, far apart. */
const TRAINED: Record<string, number[]> = {
  falling: [0.71, 0.33, 0.12],
  rising: [0.2, 0.5, 0.9],
  alike: [0.5, 0.5, 0.5],
  negative: [0.6, -0.3],
  'binary fractions': [0.5, 0.25, 0.125, 0.0625],
  'with a zero': [0.7, 0],
  'far apart': [1.1, 1e-6, 0.3],
};

describe('ReBNet', () => {
  it.each([
    [1, [1]],
    [2, [2 / 3, 1 / 3]],
    [3, [1 / 2, 1 / 3, 1 / 6]],
  ])('M = %d: initial scales', (count, expected) => {
    const choice = activationChoice('rebnet', { levels: count });
    const specs = activationMethod(choice).form.variables?.(choice) ?? [];
    const starts = specs.map(({ initial }) => (initial.kind === 'constant' ? initial.value : NaN));
    expectClose(starts, expected, 1e-12);
    expect(activationMethod(choice).bits).toBe(count);
    expect(initialGamma(1, count)).toBeCloseTo(expected[0] ?? NaN, 12);
  });

  it.each([
    [2, 0.4, [1, -1], 1 / 3, 0.7778],
    [2, 1.3, [1, 1], 1, 0.3333],
    [3, -0.7, [-1, -1, 1], -2 / 3, 0.7222],
  ])('M = %d, x = %d: bits %o, out %d, slope %d', (count, x, bits, out, slope) => {
    const choice = activationChoice('rebnet', { levels: count });
    const { curve } = activationMethod(choice);
    expect(curve.value(x, choice)).toBeCloseTo(out, 5);
    expect(curve.slope(x, choice)).toBeCloseTo(slope, 4);
    const gammas = Array.from({ length: count }, (_, l) => initialGamma(l + 1, count));
    const { thresholds, codes, more = [] } = deployed(gammas);
    const step = thresholds.filter((threshold) => x >= threshold).length;
    expect([codes, ...more.map((term) => term.codes)].map((term) => term[step])).toEqual(bits);
  });
});

describe.each(TEST_BACKENDS)('ReBNet on $id', (backend) => {
  beforeAll(() => backend.activate());

  it.each(Object.entries(TRAINED))('%s scales: value and all gradients', async (_name, gammas) => {
    const random = new RandomStream(9, 'rebnet');
    const x = [
      0,
      2,
      -2,
      1,
      -1,
      0.99,
      -0.99,
      ...Array.from({ length: 60 }, () => Math.fround(random.nextNormal())),
    ];
    const g = incomingFor(x.length);
    const rounded = gammas.map(Math.fround);
    const choice = activationChoice('rebnet', { levels: gammas.length });
    const got = await callActivations(choice, x, [x.length], named(gammas), g);
    const expected = x.map((v) => levels(v, rounded));
    expectClose(
      got.value,
      expected.map(({ value }) => value),
    );
    expectClose(
      got.gradient,
      expected.map(({ slope }, i) => slope * (g[i] ?? 0)),
    );
    rounded.forEach((_, l) => {
      const sum = expected.reduce((total, { toGammas }, i) => total + (toGammas[l] ?? 0) * (g[i] ?? 0), 0);
      // At a scale of exactly zero either direction is a subgradient.
      const [got1 = NaN] = got.variables[`gamma${l + 1}`] ?? [];
      expectClose([got1], [sum], 1e-4);
    });
  });

  it.each(Object.entries(TRAINED))(
    '%s scales: deploys the same function to the last bit',
    async (_name, gammas) => {
      const staircase = deployed(gammas);
      expect(staircase.thresholds.length).toBeLessThan(2 ** gammas.length);
      const random = new RandomStream(5, 'staircase');
      const x = [
        0,
        -0,
        ...staircase.thresholds.flatMap((t) => [-2, -1, 0, 1, 2].map((d) => float32OfRank(rankOf(t) + d))),
        ...Array.from({ length: 500 }, () => Math.fround(random.nextNormal())),
        1e30,
        -1e30,
      ].filter((v) => v === 0 || Math.abs(v) > 2 ** -126);
      const choice = activationChoice('rebnet', { levels: gammas.length });
      const got = await callActivations(choice, x, [x.length], named(gammas));
      const value = tf.tidy(() => staircaseTensor(tf, staircase, tf.tensor1d(x)));
      expectClose([...(await value.data())], got.value, 1e-6);
      value.dispose();
    },
  );

  it.each(Object.entries(SHAPES))(
    'weights are |γ|·sgn(W) with one trained scale: %s',
    async (_name, shape) => {
      const kernel = kernelOf(shape);
      const g = incomingFor(kernel.length);
      for (const gamma of [0.75, -0.75]) {
        const choice = weightChoice('rebnet');
        const got = await callWeights(choice, kernel, shape, { gamma }, g);
        const signs = [...kernel].map((w) => (w < 0 ? -1 : 1));
        expectClose(
          got.value,
          signs.map((s) => 0.75 * s),
        );
        expectClose(
          got.gradient,
          g.map((x, i) => (Math.abs(kernel[i] ?? 0) <= 1 ? 0.75 * x : 0)),
        );
        const sum = g.reduce((total, x, i) => total + x * (signs[i] ?? 0), 0);
        expectClose(got.variables.gamma ?? [], [Math.sign(gamma) * sum], 1e-4);
        const numbers = deployWeights(choice, kernel, shape, { gamma: Float32Array.of(gamma) });
        expectClose(deployedValues(numbers, shape), got.value, 0);
      }
    },
  );
});

describe('ReBNet', () => {
  beforeAll(() => TEST_BACKENDS[1]?.activate());

  it('starts the scale of weights at 1', () => {
    const choice = weightChoice('rebnet');
    expect(weightMethod(choice).form.variables?.(SHAPES.CONV, choice)).toMatchObject([
      { name: 'gamma', shape: [1], trainable: true, decay: false, initial: { value: 1 } },
    ]);
  });

  it.each([1, 2, 3])('learns with weights and activations of %d levels', async (count) => {
    const accuracy = await smallAccuracy({
      weights: { method: 'rebnet' },
      activations: { method: 'rebnet', levels: count },
    });
    expect(accuracy).toBeGreaterThan(0.9);
  });
});
