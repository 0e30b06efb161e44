import { beforeAll, describe, expect, it } from 'vitest';
import { activationMethod } from '#shared/quant/registry.ts';
import { filterOf, groups } from '#shared/quant/parts/scales.ts';
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

const RANGE = [-3.5, -2, -1, -1e-3, 0, 1e-3, 0.5, 1, 2.25, 5.5, 7, 40];

describe.each(TEST_BACKENDS)('int8 on $id', (backend) => {
  beforeAll(() => backend.activate());

  describe.each(Object.entries(SHAPES))('weights %s', (_name, shape) => {
    it.each(['layer', 'filter'] as const)('are multiples of max|W|/127 per %s', async (granularity) => {
      const kernel = kernelOf(shape);
      const g = incomingFor(kernel.length);
      const choice = weightChoice('int8', { granularity });
      const got = await callWeights(choice, kernel, shape, {}, g);
      const scales = groups(shape, granularity).map(
        (members) => Math.max(...[...members].map((i) => Math.abs(kernel[i] ?? 0))) / 127,
      );
      expectClose(
        got.value,
        [...kernel].map((w, i) => {
          const scale = scales[granularity === 'layer' ? 0 : filterOf(shape, i)] ?? NaN;
          return Math.floor(w / scale + 0.5) * scale;
        }),
      );
      expectClose(got.gradient, g);
      const deployed = deployWeights(choice, kernel, shape);
      expectClose(deployedValues(deployed, shape), got.value, 1e-6);
      expectClose([...(deployed.levels[0]?.scale ?? [])], scales, 1e-6);
      for (const members of groups(shape, granularity)) {
        const codes = [...members].map((i) => Math.abs(deployed.levels[0]?.codes[i] ?? 0));
        expect(Math.max(...codes)).toBe(127);
      }
    });
  });

  it('keeps a layer of zeros at zero', async () => {
    const got = await callWeights(weightChoice('int8'), new Float32Array(78), SHAPES.DENSE);
    expect(got.value.every((w) => w === 0)).toBe(true);
  });

  it.each([
    { scheme: 'affine', relu: true, state: { low: 0, high: 6 } },
    { scheme: 'affine', relu: false, state: { low: -2, high: 6 } },
    { scheme: 'symmetric', relu: true, state: { low: 0, high: 6 } },
    { scheme: 'symmetric', relu: false, state: { low: -7, high: 6 } },
  ])('activations, $scheme, relu $relu: range, value and gradient', async ({ scheme, relu, state }) => {
    const momentum = 0.75;
    const choice = activationChoice('int8', { scheme, relu, momentum });
    const g = incomingFor(RANGE.length);
    const got = await callActivations(choice, RANGE, [3, 4], state, g);
    const low = relu ? 0 : momentum * state.low + (1 - momentum) * Math.min(0, ...RANGE);
    const high = momentum * state.high + (1 - momentum) * Math.max(...RANGE);
    expectClose(got.updates.low ?? [], [low]);
    expectClose(got.updates.high ?? [], [high]);
    const symmetric = scheme === 'symmetric';
    const step = symmetric ? Math.max(-low, high) / 127 : (high - low) / 255;
    const zero = Math.floor(-low / step + 0.5);
    const first = symmetric ? (relu ? 0 : -127) : -zero;
    const last = symmetric ? 127 : 255 - zero;
    expectClose(
      got.value,
      RANGE.map((x) => Math.min(last, Math.max(first, Math.floor(x / step + 0.5))) * step),
    );
    expectClose(
      got.gradient,
      RANGE.map((x, i) => {
        const inside = x <= last * step && x >= first * step && (!relu || x > 0);
        return inside ? (g[i] ?? 0) : 0;
      }),
    );
    // What the new range deploys is what this step computed.
    const staircase = activationMethod(choice).form.deploy(choice, {
      low: Float32Array.from(got.updates.low ?? []),
      high: Float32Array.from(got.updates.high ?? []),
    });
    if (!staircase) throw new Error('int8 has a deployment form');
    expect(staircase.codes).toHaveLength(last - first + 1);
    expect([staircase.codes[0], staircase.codes.at(-1)]).toEqual([first + 0, last]);
    const evaluated = tf.tidy(() => staircaseTensor(tf, staircase, tf.tensor1d(RANGE)));
    expectClose([...(await evaluated.data())], got.value, 1e-6);
    evaluated.dispose();
  });

  it.each(['affine', 'symmetric'])('survives a batch of zeros and a range of zero, %s', async (scheme) => {
    const choice = activationChoice('int8', { scheme, momentum: 0 });
    const got = await callActivations(choice, [0, 0, 0, 0], [2, 2]);
    expect(got.value).toEqual([0, 0, 0, 0]);
    const staircase = activationMethod(choice).form.deploy(choice, {
      low: Float32Array.of(0),
      high: Float32Array.of(0),
    });
    expect(staircase?.thresholds.every(Number.isFinite)).toBe(true);
  });
});

describe('int8', () => {
  beforeAll(() => TEST_BACKENDS[1]?.activate());

  it.each([
    { low: -0.004, high: 1 },
    { low: -1, high: 0.0001 },
    { low: -1, high: 0 },
    { low: 0, high: 1 },
  ])('zero is a code of every affine range: $low … $high', ({ low, high }) => {
    const choice = activationChoice('int8', { scheme: 'affine', relu: false });
    const staircase = activationMethod(choice).form.deploy(choice, {
      low: Float32Array.of(low),
      high: Float32Array.of(high),
    });
    expect(staircase?.codes).toContain(0);
    expect(staircase?.codes).toHaveLength(256);
    expect(staircase?.scale).toBeCloseTo((high - low) / 255, 7);
  });

  it.each([
    [{}, {}],
    [{ granularity: 'layer' }, { relu: false }],
    [{}, { scheme: 'affine' }],
    [{}, { scheme: 'affine', relu: false }],
  ])('learns with weights %j, activations %j', async (weights, activations) => {
    const quantization = {
      weights: { method: 'int8', ...weights },
      activations: { method: 'int8', ...activations },
    };
    expect(await smallAccuracy(quantization)).toBeGreaterThan(0.9);
  });
});
