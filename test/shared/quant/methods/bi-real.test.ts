import { beforeAll, describe, expect, it } from 'vitest';
import { groups } from '#shared/quant/parts/scales.ts';
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

describe.each(TEST_BACKENDS)('Bi-Real Net on $id', (backend) => {
  beforeAll(() => backend.activate());

  describe.each(Object.entries(SHAPES))('%s', (_name, shape) => {
    const kernel = kernelOf(shape);
    const g = incomingFor(kernel.length);
    const scale = new Array<number>(kernel.length).fill(0);
    for (const members of groups(shape, 'filter')) {
      const mean = members.reduce((sum, i) => sum + Math.abs(kernel[i] ?? 0), 0) / members.length;
      for (const i of members) scale[i] = mean;
    }

    it.each([true, false])('magnitudeAware %s: value and gradient', async (magnitudeAware) => {
      const choice = weightChoice('bi-real', { magnitudeAware });
      const got = await callWeights(choice, kernel, shape, {}, g);
      expectClose(
        got.value,
        [...kernel].map((w, i) => (w < 0 ? -1 : 1) * (scale[i] ?? 0)),
      );
      expectClose(
        got.gradient,
        g.map((x, i) => (Math.abs(kernel[i] ?? 0) <= 1 ? x * (magnitudeAware ? (scale[i] ?? 0) : 1) : 0)),
      );
      expectClose(deployedValues(deployWeights(choice, kernel, shape), shape), got.value, 1e-6);
    });
  });

  it('activations are sgn with the derivative of the piecewise quadratic', async () => {
    const x = [-2, -1, -0.75, -0.5, -0, 0, 0.125, 0.5, 1, 1.25];
    const got = await callActivations(
      activationChoice('bi-real'),
      x,
      [10],
      {},
      new Array<number>(10).fill(1),
    );
    expect(got.value).toEqual([-1, -1, -1, -1, 1, 1, 1, 1, 1, 1]);
    expect(got.gradient).toEqual([0, 0, 0.5, 1, 2, 2, 1.75, 1, 0, 0]);
  });

  it('that derivative has the area of the step from −1 to +1', async () => {
    const n = 4000;
    const x = Array.from({ length: n }, (_, i) => -2 + (4 * (i + 0.5)) / n);
    const got = await callActivations(activationChoice('bi-real'), x, [n], {}, new Array<number>(n).fill(1));
    expect(got.gradient.reduce((sum, slope) => sum + (slope * 4) / n, 0)).toBeCloseTo(2, 3);
  });
});

describe('Bi-Real Net', () => {
  beforeAll(() => TEST_BACKENDS[1]?.activate());

  it.each([true, false])('learns with binary activations, magnitudeAware %s', async (magnitudeAware) => {
    const accuracy = await smallAccuracy({
      weights: { method: 'bi-real', magnitudeAware },
      activations: { method: 'bnn' },
    });
    expect(accuracy).toBeGreaterThan(0.9);
  });
});
