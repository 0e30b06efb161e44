import { z } from 'zod';
import { inverseGlorot, scaledUpdate } from '../../parts/glorot.ts';
import { insideMask, sign, signTensor } from '../../parts/sign.ts';
import { straightThrough } from '../../parts/straight-through.ts';
import { activationSide, weightSide } from '../../side.ts';
import type { Method } from '../../types.ts';

const weightParameters = z.strictObject({
  scaledUpdates: z
    .boolean()
    .default(false)
    .describe(
      'multiplies each step of the weights by the inverse Glorot coefficient of the layer, as the authors’ code does',
    ),
});
type WeightParameters = z.output<typeof weightParameters>;

/**
 * BNN (Courbariaux, Hubara, Soudry, El-Yaniv, Bengio, arXiv 1602.02830).
 *
 * Weights W_b = sgn(W) with sgn(0) = +1, no scale (batch norm follows); latent weights are clipped to [−1, 1] after
 * every optimizer step. Activations x_b = sgn(x). Both use the hard-tanh straight-through estimator.
 */
export const bnn: Method = {
  card: {
    id: 'bnn',
    title: 'BNN',
    sentence:
      'Binary weights and binary activations, {−1, +1}, with the hard-tanh straight-through estimator.',
    quantizes: ['weights', 'activations'],
    bits: { weights: 1, activations: 1 },
    forward: [
      'W_b = sgn(W), sgn(0) = +1',
      'x_b = sgn(x)',
      'W ← clip(W + c · step of the optimizer, −1, 1); c = 1, or √((fan-in + fan-out)/1.5) with `scaledUpdates`',
    ],
    gradient: ['dL/dW = dL/dW_b · 1[|W| ≤ 1]', 'dL/dx = dL/dx_b · 1[|x| ≤ 1]'],
    paper: {
      title:
        'Binarized Neural Networks: Training Deep Neural Networks with Weights and Activations Constrained to +1 or −1',
      authors: 'M. Courbariaux, I. Hubara, D. Soudry, R. El-Yaniv, Y. Bengio',
      year: 2016,
      venue: 'arXiv',
      url: 'https://arxiv.org/abs/1602.02830',
    },
    departures: [
      'The deterministic form only.',
      'Steps are not scaled per layer by default (`scaledUpdates`): with the authors’ learning rates they are to be.',
      'Zero padding contributes nothing (a padded tap is skipped), as in the authors’ training code.',
    ],
  },
  weights: weightSide({
    parameters: weightParameters,
    form: {
      quantize: (latent, _shape, _parameters, { tf }) =>
        straightThrough(
          tf,
          latent,
          (w) => signTensor(tf, w),
          (w) => insideMask(tf, w, 1),
        ),
      settle: (proposed, before, shape, { scaledUpdates }: WeightParameters, { tf }) =>
        tf.clipByValue(
          scaledUpdates ? scaledUpdate(tf, proposed, before, inverseGlorot(shape)) : proposed,
          -1,
          1,
        ),
      deploy: (latent) => ({
        levels: [{ codes: Int8Array.from(latent, sign), scale: Float32Array.of(1) }],
      }),
    },
    curve: { value: sign, slope: (x) => (Math.abs(x) <= 1 ? 1 : 0) },
  }),
  activations: activationSide({
    parameters: z.strictObject({}),
    form: {
      quantize: (x, _parameters, { tf }) =>
        straightThrough(
          tf,
          x,
          (value) => signTensor(tf, value),
          (value) => insideMask(tf, value, 1),
        ),
      deploy: () => ({ thresholds: [0], inclusive: [true], codes: [-1, 1], scale: 1 }),
    },
    curve: { value: sign, slope: (x) => (Math.abs(x) <= 1 ? 1 : 0) },
  }),
};
