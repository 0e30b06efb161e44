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
  copies: z.int().min(1).max(8).default(2).describe('t_ex: ternary copies of the same latent weights'),
  step: z
    .number()
    .positive()
    .max(0.125)
    .default(0.05)
    .describe('copy k has its threshold at k · step · max |W|'),
  granularity: z
    .enum(GRANULARITIES)
    .default('layer')
    .describe('one threshold and scale per copy and layer, or per copy and filter'),
});
type Parameters = z.output<typeof parameters>;

/** Threshold factors of the copies: step, 2·step, … */
function factors({ copies, step }: Parameters): number[] {
  return Array.from({ length: copies }, (_, k) => step * (k + 1));
}

function quantize(latent: Tensor, shape: WeightShape, p: Parameters, { tf }: MethodContext): Tensor {
  return straightThrough(
    tf,
    latent,
    (w) => tf.addN(factors(p).map((factor) => ternaryMaxTensor(tf, w, shape, factor, p.granularity))),
    (w) => tf.mul(openMask(tf, w, 1), p.copies),
  );
}

export const residualExpansion: Method = {
  card: {
    id: 'residual-expansion',
    title: 'Residual expansion',
    sentence:
      'Several ternary copies of the same latent weights with growing thresholds, summed: closer to full precision at two bits per copy.',
    quantizes: ['weights'],
    bits: { weights: 4 },
    forward: [
      'Δ_k = k · 0.05 · max|W|, k = 1 … t_ex',
      'T_k = +1 if W ≥ Δ_k; −1 if W ≤ −Δ_k; else 0',
      'α_k = mean of |W| where T_k ≠ 0',
      'W_q = Σ_k α_k · T_k',
    ],
    gradient: ['dL/dW = t_ex · dL/dW_q · 1[|W| < 1]: the gradients of the copies add up'],
    paper: {
      title: 'Optimize Deep Convolutional Neural Network with Ternarized Weights and High Accuracy',
      authors: 'Z. He, B. Gong, D. Fan',
      year: 2019,
      venue: 'WACV',
      url: 'https://arxiv.org/abs/1807.07948',
    },
    departures: [
      'The copies are summed as weights before one convolution, which is the same as summing the outputs of one convolution each.',
      'Any number of copies up to 8; the paper has 2 (thresholds 0.05, 0.10) and 4 (0.05 … 0.20).',
    ],
  },
  weights: weightSide({
    parameters,
    form: {
      bits: (p: Parameters) => 2 * p.copies,
      quantize,
      deploy: (latent: Float32Array, shape: WeightShape, p: Parameters) => ({
        levels: factors(p).map((factor) => ternaryMaxLevel(latent, shape, factor, p.granularity)),
      }),
    },
    curve: {
      drawn: 'for a layer whose largest magnitude is 1, every copy with scale 1',
      value: (x: number, p: Parameters) =>
        factors(p).reduce((sum, factor) => sum + ternaryInclusiveCode(x, factor), 0),
      slope: (x: number, p: Parameters) => (Math.abs(x) < 1 ? p.copies : 0),
    },
  }),
};
