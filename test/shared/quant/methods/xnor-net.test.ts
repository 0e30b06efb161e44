import { beforeAll, describe, expect, it } from 'vitest';
import { RandomStream } from '#shared/base/random.ts';
import { filterOf } from '#shared/quant/parts/scales.ts';
import { weightMethod } from '#shared/quant/registry.ts';
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

/** Elements of the filter that element i belongs to. */
function filterMates(shape: WeightShape, i: number, count: number): number[] {
  const filter = filterOf(shape, i);
  return Array.from({ length: count }, (_, j) => j).filter((j) => filterOf(shape, j) === filter);
}

const sgn = (w: number) => (w < 0 ? -1 : 1);
const CHANNELS = { CONV: 5, DENSE: 13, DEPTHWISE: 1 };

describe.each(TEST_BACKENDS)('XNOR-Net on $id', (backend) => {
  beforeAll(() => backend.activate());

  describe.each(Object.entries(SHAPES))('%s', (name, shape) => {
    const kernel = kernelOf(shape);
    const g = incomingFor(kernel.length);
    const alpha = [...kernel].map((_, i) => {
      const mates = filterMates(shape, i, kernel.length);
      return mates.reduce((sum, j) => sum + Math.abs(kernel[j] ?? 0), 0) / mates.length;
    });
    const inside = [...kernel].map((w) => (Math.abs(w) <= 1 ? 1 : 0));

    it('exact rule: value and gradient are those of α·sgn(W), through α too', async () => {
      const got = await callWeights(weightChoice('xnor-net'), kernel, shape, {}, g);
      expectClose(
        got.value,
        [...kernel].map((w, i) => (alpha[i] ?? 0) * sgn(w)),
      );
      const expected = [...kernel].map((w, i) => {
        const mates = filterMates(shape, i, kernel.length);
        const shared = mates.reduce((sum, j) => sum + (g[j] ?? 0) * sgn(kernel[j] ?? 0), 0);
        return (alpha[i] ?? 0) * (inside[i] ?? 0) * (g[i] ?? 0) + (sgn(w) * shared) / shape.fanIn;
      });
      expectClose(got.gradient, expected);
    });

    it.each(['none', 'fan-in'])('released rule, rescale %s: elementwise factors', async (rescale) => {
      const choice = weightChoice('xnor-net', { gradient: 'released', rescale });
      const got = await callWeights(choice, kernel, shape, {}, g);
      const channels = CHANNELS[name as keyof typeof CHANNELS];
      const factor = (channels > 1 ? 1 - 1 / channels : 1) * (rescale === 'fan-in' ? shape.fanIn : 1);
      expectClose(
        got.gradient,
        g.map((x, i) => x * ((alpha[i] ?? 0) * (inside[i] ?? 0) + 1 / shape.fanIn) * factor),
      );
    });

    it('starts from and settles to weights centred over the input channels, within [−1, 1]', async () => {
      const choice = weightChoice('xnor-net');
      const { form } = weightMethod(choice);
      const channels = CHANNELS[name as keyof typeof CHANNELS];
      const expected = [...kernel].map((w, i) => {
        const filters = shape.shape.at(-1) ?? 1;
        const mates = Array.from(kernel.keys()).filter(
          (j) =>
            j % filters === i % filters &&
            Math.floor(j / (channels * filters)) === Math.floor(i / (channels * filters)),
        );
        const mean = mates.reduce((sum, j) => sum + (kernel[j] ?? 0), 0) / mates.length;
        return Math.min(1, Math.max(-1, channels > 1 ? w - mean : w));
      });
      const start = form.initialize?.(kernel, shape, choice, new RandomStream(1, 'x')) ?? {};
      expectClose([...(start.kernel ?? [])], expected, 1e-6);
      const settled = tf.tidy(() => {
        const proposed = tf.tensor(kernel, [...shape.shape]);
        const context = { tf, variables: {}, update: () => undefined };
        return form.settle?.(proposed, tf.zerosLike(proposed), shape, choice, context);
      });
      expectClose([...((await settled?.data()) ?? [])], expected, 1e-6);
      settled?.dispose();
    });

    it('leaves the mean where `centre` is off', () => {
      const choice = weightChoice('xnor-net', { centre: false });
      const start = weightMethod(choice).form.initialize?.(kernel, shape, choice, new RandomStream(1, 'x'));
      expect([...(start?.kernel ?? [])]).toEqual([...kernel].map((w) => Math.min(1, Math.max(-1, w))));
    });

    it('deploys ±1 with one scale per filter', async () => {
      const choice = weightChoice('xnor-net');
      const deployed = deployWeights(choice, kernel, shape);
      expect(deployed.levels[0]?.scale).toHaveLength(shape.filters);
      const { value } = await callWeights(choice, kernel, shape, {}, g);
      expectClose(deployedValues(deployed, shape), value, 1e-6);
    });
  });

  it('activations are sgn with the clipped derivative, zero on its edges', async () => {
    const x = [-1.5, -1, -0.999, -0.25, -0, 0, 0.25, 0.999, 1, 1.5];
    const g = x.map((_, i) => i + 1);
    const got = await callActivations(activationChoice('xnor-net'), x, [10], {}, g);
    expect(got.value).toEqual([-1, -1, -1, -1, 1, 1, 1, 1, 1, 1]);
    expect(got.gradient).toEqual([0, 0, 3, 4, 5, 6, 7, 8, 0, 0]);
  });
});

describe('XNOR-Net', () => {
  beforeAll(() => TEST_BACKENDS[1]?.activate());

  it.each([{ gradient: 'exact' }, { gradient: 'released', rescale: 'fan-in' }])(
    'learns with weights and activations: %o',
    async (parameters) => {
      const accuracy = await smallAccuracy({
        weights: { method: 'xnor-net', ...parameters },
        activations: { method: 'xnor-net' },
      });
      expect(accuracy).toBeGreaterThan(0.9);
    },
  );
});
