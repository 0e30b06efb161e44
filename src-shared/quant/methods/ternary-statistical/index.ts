import { z } from 'zod';
import type { Tensor } from '../../../base/tensorflow.ts';
import { openMask } from '../../parts/open-mask.ts';
import { GRANULARITIES } from '../../parts/scales.ts';
import { straightThrough } from '../../parts/straight-through.ts';
import { ternaryInclusiveCode } from '../../parts/ternary.ts';
import { ternaryMaxLevel, ternaryMaxTensor } from '../../parts/ternary-max.ts';
import { weightSide } from '../../side.ts';
import type { Method, MethodContext, WeightShape } from '../../types.ts';

const parameters = z.strictObject({
  factor: z.number().positive().max(1).default(0.05).describe('threshold as a multiple of max |W|'),
  granularity: z
    .enum(GRANULARITIES)
    .default('layer')
    .describe('one threshold and scale per layer or per filter'),
});
type Parameters = z.output<typeof parameters>;

export const ternaryStatistical: Method = {
  card: {
    id: 'ternary-statistical',
    title: 'Ternary with statistical scale',
    sentence:
      'Ternary weights {−α, 0, +α} with a threshold at 0.05 of the largest magnitude and the mean of the kept weights as scale.',
    quantizes: ['weights'],
    bits: { weights: 2 },
    forward: [
      'Δ = 0.05 · max|W|',
      'T = +1 if W ≥ Δ; −1 if W ≤ −Δ; else 0',
      'α = mean of |W| where T ≠ 0',
      'W_q = α · T',
    ],
    gradient: ['dL/dW = dL/dW_q · 1[|W| < 1], α taken as a constant'],
    paper: {
      title: 'Optimize Deep Convolutional Neural Network with Ternarized Weights and High Accuracy',
      authors: 'Z. He, B. Gong, D. Fan',
      year: 2019,
      venue: 'WACV',
      url: 'https://arxiv.org/abs/1807.07948',
    },
    departures: [
      'The scale may also be taken per filter (`granularity`); the paper has one per layer.',
      'A weight of exactly 0 stays 0, also where the whole layer is 0.',
    ],
  },
  weights: weightSide({
    parameters,
    form: {
      quantize: (latent: Tensor, shape: WeightShape, p: Parameters, { tf }: MethodContext) =>
        straightThrough(
          tf,
          latent,
          (w) => ternaryMaxTensor(tf, w, shape, p.factor, p.granularity),
          (w) => openMask(tf, w, 1),
        ),
      deploy: (latent: Float32Array, shape: WeightShape, p: Parameters) => ({
        levels: [ternaryMaxLevel(latent, shape, p.factor, p.granularity)],
      }),
    },
    curve: {
      drawn: 'for a layer whose largest magnitude is 1, with scale 1',
      value: (x: number, p: Parameters) => ternaryInclusiveCode(x, p.factor),
      slope: (x: number) => (Math.abs(x) < 1 ? 1 : 0),
    },
  }),
};
