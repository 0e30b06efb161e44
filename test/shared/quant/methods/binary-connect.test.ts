import { beforeAll, describe, expect, it } from 'vitest';
import type { Tensor } from '#shared/base/tensorflow.ts';
import { weightMethod, type MethodChoice } from '#shared/quant/registry.ts';
import type { WeightShape } from '#shared/quant/types.ts';
import {
  SHAPES,
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

const FANS = { CONV: [45, 36], DENSE: [13, 6], DEPTHWISE: [9, 9] };

/** Value and gradient with the given noise. */
async function drawn(choice: MethodChoice, kernel: Float32Array, shape: WeightShape, noise: number[]) {
  const u = tf.tensor(noise, [...shape.shape], 'float32');
  const w = tf.tensor(kernel, [...shape.shape]);
  const context = { tf, variables: {}, noise: u, update: () => undefined };
  const quantize = (x: Tensor) => weightMethod(choice).form.quantize(x, shape, choice, context);
  const [value, gradient] = tf.tidy(() => [quantize(w), tf.grad((x: Tensor) => tf.sum(quantize(x)))(w)]) as [
    Tensor,
    Tensor,
  ];
  const numbers = { value: [...(await value.data())], gradient: [...(await gradient.data())] };
  tf.dispose([u, w, value, gradient]);
  return numbers;
}

describe.each(TEST_BACKENDS)('BinaryConnect on $id', (backend) => {
  beforeAll(() => backend.activate());

  describe.each(Object.entries(SHAPES))('%s', (name, shape) => {
    const kernel = kernelOf(shape);
    const g = incomingFor(kernel.length);

    it.each([1, 0.25])('deterministic, H = %d: ±H by the sign, gradient unchanged', async (magnitude) => {
      const choice = weightChoice('binary-connect', { magnitude });
      const got = await callWeights(choice, kernel, shape, {}, g);
      expect(got.value).toEqual([...kernel].map((w) => (w < 0 ? -magnitude : magnitude)));
      expectClose(got.gradient, g, 0);
      expect(deployedValues(deployWeights(choice, kernel, shape), shape)).toEqual(got.value);
    });

    it.each([1, 0.5])(
      'stochastic, H = %d: +H exactly where u < clip((W/H + 1)/2, 0, 1)',
      async (magnitude) => {
        const choice = weightChoice('binary-connect', { mode: 'stochastic', magnitude });
        const largest = 1 - 2 ** -24;
        for (const u of [0, 0.1, 0.5, 0.9, largest]) {
          const got = await drawn(choice, kernel, shape, new Array<number>(kernel.length).fill(u));
          const probability = [...kernel].map((w) => Math.min(1, Math.max(0, (w / magnitude + 1) / 2)));
          expect(got.value).toEqual(probability.map((p) => (u < p ? magnitude : -magnitude)));
          expect(got.gradient.every((slope) => slope === 1)).toBe(true);
        }
      },
    );

    it('multiplies updates by the inverse Glorot coefficient, then clips to [−H, H]', async () => {
      const [fanIn = 0, fanOut = 0] = FANS[name as keyof typeof FANS];
      for (const [scaledUpdates, c] of [
        [true, 1 / Math.sqrt(1.5 / (fanIn + fanOut))],
        [false, 1],
      ] as const) {
        const choice = weightChoice('binary-connect', { scaledUpdates, magnitude: 0.75 });
        const steps = incomingFor(kernel.length, 5).map((x) => 0.05 * x);
        const settled = tf.tidy(() => {
          const before = tf.tensor(kernel, [...shape.shape]);
          const proposed = tf.add(before, tf.tensor(steps, [...shape.shape]));
          const context = { tf, variables: {}, update: () => undefined };
          return weightMethod(choice).form.settle?.(proposed, before, shape, choice, context);
        });
        expectClose(
          [...((await settled?.data()) ?? [])],
          [...kernel].map((w, i) => Math.min(0.75, Math.max(-0.75, w + c * (steps[i] ?? 0)))),
        );
        settled?.dispose();
      }
    });
  });
});

describe('BinaryConnect', () => {
  beforeAll(() => TEST_BACKENDS[1]?.activate());

  it('draws weights whose mean is the clipped latent weight', async () => {
    const choice = weightChoice('binary-connect', { mode: 'stochastic' });
    const shape = SHAPES.DENSE;
    for (const w of [-1.5, -0.5, 0, 0.75]) {
      let sum = 0;
      for (let k = 0; k < 20; k++) {
        const noise = Array.from({ length: 78 }, (_, i) => (k * 78 + i + 0.5) / (20 * 78));
        const { value } = await drawn(choice, new Float32Array(78).fill(w), shape, noise);
        sum += value.reduce((total, x) => total + x, 0);
      }
      expect(sum / (20 * 78)).toBeCloseTo(Math.max(-1, w), 2);
    }
  });

  it('asks for noise only where it draws', () => {
    const deterministic = weightChoice('binary-connect');
    const stochastic = weightChoice('binary-connect', { mode: 'stochastic' });
    const { form } = weightMethod(deterministic);
    expect([form.noise?.(deterministic), form.noise?.(stochastic)]).toEqual([false, true]);
  });

  it('tests stochastic networks with real weights only where that is asked for', () => {
    const kernel = kernelOf(SHAPES.DENSE);
    const deployed = (parameters: Record<string, unknown>) => {
      const choice = weightChoice('binary-connect', parameters);
      const { levels, float } = deployWeights(choice, kernel, SHAPES.DENSE);
      return { levels: levels.length, float: float && [...float], bits: weightMethod(choice).bits };
    };
    expect(deployed({ mode: 'stochastic', test: 'real' })).toEqual({
      levels: 0,
      float: [...kernel],
      bits: 32,
    });
    const binary = { levels: 1, float: undefined, bits: 1 };
    expect(deployed({ mode: 'stochastic' })).toEqual(binary);
    expect(deployed({ mode: 'deterministic', test: 'real' })).toEqual(binary);
  });

  it.each([{}, { scaledUpdates: false }, { mode: 'stochastic' }, { mode: 'stochastic', test: 'real' }])(
    'learns: %o',
    async (parameters) => {
      const weights = { method: 'binary-connect', ...parameters };
      expect(await smallAccuracy({ weights, activations: { method: 'full-precision' } })).toBeGreaterThan(
        0.9,
      );
    },
  );
});
