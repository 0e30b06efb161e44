import { beforeAll, describe, expect, it } from 'vitest';
import { RandomStream } from '#shared/base/random.ts';
import { activationMethod, weightMethod } from '#shared/quant/registry.ts';
import { filterOf } from '#shared/quant/parts/scales.ts';
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

/** The equations of the paper for one number: quantized value, and its derivatives by v and by s. */
function reference(v: number, s: number, low: number, high: number) {
  const code = Math.min(high, Math.max(low, Math.floor(v / s + 0.5)));
  const inside = v > low * s && v < high * s;
  const byStep = inside ? code - v / s : v <= low * s ? low : high;
  return { value: code * s, byInput: inside ? 1 : 0, byStep };
}

const BITS = [2, 3, 4, 8];

describe.each(TEST_BACKENDS)('LSQ on $id', (backend) => {
  beforeAll(() => backend.activate());

  describe.each(Object.entries(SHAPES))('weights %s', (_name, shape) => {
    const kernel = kernelOf(shape);
    const g = incomingFor(kernel.length);

    it.each(
      BITS.flatMap((bits) =>
        [true, false].flatMap((symmetric) =>
          (['layer', 'filter'] as const).map((granularity) => ({ bits, symmetric, granularity })),
        ),
      ),
    )('$bits bits, symmetric $symmetric, per $granularity', async ({ bits, symmetric, granularity }) => {
      const choice = weightChoice('lsq', { bits, symmetric, granularity });
      const high = 2 ** (bits - 1) - 1;
      const low = symmetric ? -high : bits === 8 ? -127 : -(2 ** (bits - 1));
      // Powers of two: so 0, ±1, ±1.5 of the kernel lie exactly on thresholds and clip edges.
      const steps = Array.from(
        { length: granularity === 'layer' ? 1 : shape.filters },
        (_, f) => 2 ** ((f % 3) - 2),
      );
      const stepOf = (i: number) => steps[granularity === 'layer' ? 0 : filterOf(shape, i)] ?? NaN;
      const got = await callWeights(choice, kernel, shape, { step: steps }, g);
      const expected = [...kernel].map((w, i) => reference(w, stepOf(i), low, high));
      expect(got.value).toEqual(expected.map(({ value }) => value + 0));
      expectClose(
        got.gradient,
        expected.map(({ byInput }, i) => byInput * (g[i] ?? 0)),
      );
      const weightsPerStep = kernel.length / steps.length;
      const byStep = steps.map((_, f) =>
        expected.reduce(
          (sum, e, i) =>
            granularity === 'layer' || filterOf(shape, i) === f ? sum + e.byStep * (g[i] ?? 0) : sum,
          0,
        ),
      );
      expectClose(
        got.variables.step ?? [],
        byStep.map((total) => total / Math.sqrt(weightsPerStep * high)),
        1e-4,
      );
      const deployed = deployWeights(choice, kernel, shape, { step: Float32Array.from(steps) });
      expect(deployedValues(deployed, shape)).toEqual(got.value);
      const codes = deployed.levels[0]?.codes ?? new Int8Array();
      expect(codes.every((code) => code >= low && code <= high)).toBe(true);
    });
  });

  it.each(
    BITS.flatMap((bits) => [
      { bits, signed: false, symmetric: false },
      { bits, signed: true, symmetric: false },
      { bits, signed: true, symmetric: true },
    ]),
  )(
    'activations of $bits bits, signed $signed, symmetric $symmetric',
    async ({ bits, signed, symmetric }) => {
      const choice = activationChoice('lsq', { bits, signed, symmetric });
      const high = signed ? 2 ** (bits - 1) - 1 : 2 ** bits - 1;
      const low = signed ? (symmetric ? -high : -high - 1) : 0;
      const step = 0.125;
      const random = new RandomStream(4, 'activations');
      const x = [
        ...[0, low, high, low - 1, high + 1].map((code) => code * step),
        ...[-0.5, 0.5, 1.5, 2.5].map((code) => code * step),
        ...Array.from({ length: 51 }, () => Math.fround(high * step * random.nextNormal())),
      ];
      const g = incomingFor(x.length);
      const got = await callActivations(choice, x, [3, 4, 5], { step }, g);
      const expected = x.map((v) => reference(v, step, low, high));
      expect(got.value).toEqual(expected.map(({ value }) => value + 0));
      expectClose(
        got.gradient,
        expected.map(({ byInput }, i) => byInput * (g[i] ?? 0)),
      );
      const total = expected.reduce((sum, e, i) => sum + e.byStep * (g[i] ?? 0), 0);
      expectClose(got.variables.step ?? [], [total / Math.sqrt(20 * high)], 1e-4);
    },
  );

  it('holds a step that training made negative above zero, and still gives it a gradient', async () => {
    const got = await callActivations(
      activationChoice('lsq'),
      [-1, 0, 1, 2],
      [4],
      { step: -0.3 },
      [1, 1, 1, 1],
    );
    expect(got.value.every((value) => Number.isFinite(value) && Math.abs(value) < 1e-9)).toBe(true);
    // Two inputs beyond the highest code 15; one feature per sample.
    expectClose(got.variables.step ?? [], [30 / Math.sqrt(15)], 1e-5);
  });
});

describe('LSQ', () => {
  beforeAll(() => TEST_BACKENDS[1]?.activate());

  it('starts the step of weights at 2·mean|w|/√Qp, per layer or filter', () => {
    const shape = { shape: [2, 2], filters: 2, fanIn: 2, filterAxis: 1 };
    const kernel = Float32Array.of(1, -4, -3, 8);
    const start = (granularity: string) => {
      const choice = weightChoice('lsq', { bits: 3, granularity });
      const made = weightMethod(choice).form.initialize?.(kernel, shape, choice, new RandomStream(1, 'x'));
      return [...(made?.step ?? [])];
    };
    expectClose(start('layer'), [8 / Math.sqrt(3)], 1e-6);
    expectClose(start('filter'), [4 / Math.sqrt(3), 12 / Math.sqrt(3)], 1e-6);
  });

  it('starts the step of activations at 2·mean|x|/√Qp', () => {
    const choice = activationChoice('lsq', { bits: 4, meanMagnitude: 0.6 });
    const [step] = activationMethod(choice).form.variables?.(choice) ?? [];
    expect(step?.initial).toEqual({ kind: 'constant', value: Math.fround(1.2 / Math.sqrt(15)) });
    expect(step).toMatchObject({ trainable: true, decay: false, rate: 0.1 });
  });

  it('2 bits, symmetric: ternary weights with the threshold at half the step', () => {
    const shape = { shape: [7, 1], filters: 1, fanIn: 7, filterAxis: 1 };
    const choice = weightChoice('lsq', { bits: 2, symmetric: true });
    const { levels } = deployWeights(choice, Float32Array.of(-9, -0.26, -0.24, 0, 0.24, 0.25, 9), shape, {
      step: Float32Array.of(0.5),
    });
    expect([...(levels[0]?.codes ?? [])]).toEqual([-1, -1, 0, 0, 0, 1, 1]);
  });

  it('tells its bits from its parameters', () => {
    expect(weightMethod(weightChoice('lsq', { bits: 3 })).bits).toBe(3);
    expect(activationMethod(activationChoice('lsq', { bits: 6 })).bits).toBe(6);
  });

  it.each([
    [4, {}, {}],
    [2, { symmetric: true, granularity: 'filter' }, { signed: true, symmetric: true }],
    [8, {}, {}],
  ])('learns with %d bits', async (bits, weights, activations) => {
    const quantization = {
      weights: { method: 'lsq', bits, ...weights },
      activations: { method: 'lsq', bits, ...activations },
    };
    expect(await smallAccuracy(quantization)).toBeGreaterThan(0.9);
  });
});
