import { z } from 'zod';
import { openMask } from '../../parts/open-mask.ts';
import { signActivation } from '../../parts/sign-activation.ts';
import type { Method } from '../../types.ts';
import { xnorWeights } from './weights.ts';

/** XNOR-Net (Rastegari, Ordonez, Redmon, Farhadi, ECCV 2016, arXiv 1603.05279). */
export const xnorNet: Method = {
  card: {
    id: 'xnor-net',
    title: 'XNOR-Net',
    sentence: 'Binary weights with one scale per filter, the mean magnitude, and binary activations.',
    quantizes: ['weights', 'activations'],
    bits: { weights: 1, activations: 1 },
    forward: [
      'α_f = mean |W| of filter f (n weights)',
      'W_q = α_f · sgn(W), sgn(0) = +1',
      'x_q = sgn(x)',
      'W ← clip(W − mean of W over the input channels, −1, 1) after each step',
    ],
    gradient: [
      'exact: dL/dW_i = α_f · 1[|W_i| ≤ 1] · g_i + (1/n) · sgn(W_i) · Σ_j g_j · sgn(W_j), g = dL/dW_q',
      'released: dL/dW_i = g_i · (α_f · 1[|W_i| ≤ 1] + 1/n) · (1 − 1/c_in), times n with `rescale: fan-in`',
      'dL/dx = dL/dx_q · 1[|x| < 1]',
    ],
    paper: {
      title: 'XNOR-Net: ImageNet Classification Using Binary Convolutional Neural Networks',
      authors: 'M. Rastegari, V. Ordonez, J. Redmon, A. Farhadi',
      year: 2016,
      venue: 'ECCV',
      url: 'https://arxiv.org/abs/1603.05279',
    },
    departures: [
      'No map K of activation scales: the released code leaves it out, and a factor per pixel cannot be folded into thresholds.',
      'A weight at ±1 passes its gradient, so that a clamped weight can come back; the released code stops it.',
      'Filters with one input channel (depthwise, grey input) are not mean-centred, which would make them zero.',
      'The released code also multiplies gradients by 10⁹ for Adam, which only makes its ε negligible; left out.',
    ],
  },
  weights: xnorWeights,
  activations: signActivation(z.strictObject({}), {
    value: (x) => (Math.abs(x) < 1 ? 1 : 0),
    tensor: (tf, x) => openMask(tf, x, 1),
  }),
};
