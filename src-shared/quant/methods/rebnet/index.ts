import { z } from 'zod';
import { numbersOf, variableOf } from '../../parts/group-variable.ts';
import { insideMask, sign, signTensor } from '../../parts/sign.ts';
import { straightThrough } from '../../parts/straight-through.ts';
import { weightSide } from '../../side.ts';
import type { Method } from '../../types.ts';
import { rebnetActivations } from './activations.ts';

/** ReBNet (Ghasemzadeh, Samragh, Koushanfar, FCCM 2018, arXiv 1711.01243). */
export const rebnet: Method = {
  card: {
    id: 'rebnet',
    title: 'ReBNet',
    sentence:
      'Activations as a sum of residual binary levels with trained scales, and binary weights with one trained scale per layer.',
    quantizes: ['weights', 'activations'],
    bits: { weights: 1, activations: 2 },
    forward: [
      'r_1 = x; b_l = sgn(r_l), sgn(0) = +1; r_{l+1} = r_l − |γ_l| · b_l; x_q = Σ_l |γ_l| · b_l, l = 1 … M',
      'γ_l starts at (M − l + 1)/(M(M + 1)/2), or at mean|r_l| of the first batch clipped to [−1, 1], divided by their sum',
      'W_q = |γ_w| · sgn(W); γ_w starts at 1',
    ],
    gradient: [
      'with t_l = 1 − |γ_l| · 1[|r_l| < 1]: dL/dx = dL/dx_q · (1 − Π_l t_l)',
      'dL/dγ_l = sgn(γ_l) · Σ dL/dx_q · b_l · Π_{j>l} t_j; plain: without the product',
      'dL/dW = |γ_w| · dL/dW_q · 1[|W| ≤ 1]; dL/dγ_w = sgn(γ_w) · Σ dL/dW_q · sgn(W)',
    ],
    paper: {
      title: 'ReBNet: Residual Binarized Neural Network',
      authors: 'M. Ghasemzadeh, M. Samragh, F. Koushanfar',
      year: 2018,
      venue: 'FCCM',
      url: 'https://arxiv.org/abs/1711.01243',
    },
    departures: [
      'sgn(0) is +1; the authors’ code has 0 there.',
      'The gradient is that of the authors’ code: the residual is not detached between levels.',
      'The authors’ code clips weights and stops the gradient at |W| = 1 itself; here a weight at ±1 passes it.',
      'The simpler gradient of the scales (`scaleGradient: plain`) is how we remember the text of the paper.',
    ],
  },
  weights: weightSide({
    parameters: z.strictObject({}),
    form: {
      variables: () => [
        {
          name: 'gamma',
          shape: [1],
          trainable: true,
          decay: false,
          initial: { kind: 'constant', value: 1 },
        },
      ],
      quantize: (latent, _shape, _parameters, { tf, variables }) =>
        tf.mul(
          straightThrough(
            tf,
            latent,
            (w) => signTensor(tf, w),
            (w) => insideMask(tf, w, 1),
          ),
          tf.abs(variableOf(variables, 'gamma')),
        ),
      deploy: (latent, _shape, _parameters, variables) => ({
        levels: [{ codes: Int8Array.from(latent, sign), scale: numbersOf(variables, 'gamma').map(Math.abs) }],
      }),
    },
    curve: { drawn: 'at the initial scale 1', value: sign, slope: (x) => (Math.abs(x) <= 1 ? 1 : 0) },
  }),
  activations: rebnetActivations,
};
