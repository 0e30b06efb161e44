import { z } from 'zod';
import { deployMeanScaledSign, meanScaledSign } from '../../parts/mean-scaled-sign.ts';
import { GRANULARITIES, type Granularity } from '../../parts/scales.ts';
import { sign } from '../../parts/sign.ts';
import { straightThrough } from '../../parts/straight-through.ts';
import { weightSide } from '../../side.ts';
import type { Method } from '../../types.ts';
import { activations } from './activations.ts';

const parameters = z.strictObject({
  granularity: z.enum(GRANULARITIES).default('filter').describe('one scale per layer or per filter'),
});
interface Parameters {
  granularity: Granularity;
}

/** HWGQ (Cai, He, Sun, Vasconcelos, CVPR 2017, arXiv 1702.00953). */
export const hwgq: Method = {
  card: {
    id: 'hwgq',
    title: 'HWGQ',
    sentence:
      'Binary weights with a scale, and 2-bit activations at the best levels for a half-wave Gaussian.',
    quantizes: ['weights', 'activations'],
    bits: { weights: 1, activations: 2 },
    forward: [
      'W_q = α · sgn(W), α = mean|W| per filter, sgn(0) = +1',
      'x_q = 0 if x ≤ 0; q_i if t_i < x ≤ t_(i+1), t_1 = 0, t_i the midpoints of neighbouring levels',
      'uniform: q = 0.538, 1.076, 1.614; non-uniform: q = 0.453, 1.51',
    ],
    gradient: [
      'dL/dW = dL/dW_q',
      'clipped: dL/dx = dL/dx_q · 1[0 < x ≤ q_m], q_m the highest level',
      'log-tailed: dL/dx = dL/dx_q / max(1, x − q_m + 1) for x > 0; relu: dL/dx = dL/dx_q · 1[x > 0]',
    ],
    paper: {
      title: 'Deep Learning with Low Precision by Half-wave Gaussian Quantization',
      authors: 'Z. Cai, X. He, J. Sun, N. Vasconcelos',
      year: 2017,
      venue: 'CVPR',
      url: 'https://arxiv.org/abs/1702.00953',
    },
    departures: [
      'Batch norm in front of the activation keeps its trained scale and shift; the paper leaves them out.',
      'The log-tailed backward function is written from memory of the paper.',
    ],
  },
  weights: weightSide({
    parameters,
    form: {
      quantize: (latent, shape, p: Parameters, { tf, variables: { mask } }) =>
        straightThrough(tf, latent, (w) => meanScaledSign(tf, w, shape, p.granularity, mask)),
      deploy: (latent, shape, p: Parameters, { mask }) =>
        deployMeanScaledSign(latent, shape, p.granularity, mask),
    },
    curve: { drawn: 'for a filter whose mean magnitude is 1', value: sign, slope: () => 1 },
  }),
  activations,
};
