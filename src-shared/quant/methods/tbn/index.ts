import { z } from 'zod';
import { deployMeanScaledSign, meanScaledSign } from '../../parts/mean-scaled-sign.ts';
import { sign } from '../../parts/sign.ts';
import { straightThrough } from '../../parts/straight-through.ts';
import { weightSide } from '../../side.ts';
import type { Method } from '../../types.ts';
import { tbnActivations } from './activations.ts';

/** TBN (Wan, Shen, Liu, Zhu, Qin, Shao, Shen, ECCV 2018) and the second form in its authors' code. */
export const tbn: Method = {
  card: {
    id: 'tbn',
    title: 'TBN',
    sentence:
      'Ternary activations with a threshold from the mean magnitude of the batch, and binary weights scaled per filter.',
    quantizes: ['weights', 'activations'],
    bits: { weights: 1, activations: 2 },
    forward: [
      'α_f = mean |W| of filter f; W_q = α_f · sgn(W), sgn(0) = +1',
      'Δ = δ · mean |x| over the whole batch tensor; deployed: its running average, from δ · √(2/π) or the first batch on',
      'x_q = +1 if x ≥ Δ; −1 if x ≤ −Δ; else 0',
      'tbn-v2: x_q = 2Δ · that',
    ],
    gradient: [
      'dL/dW = dL/dW_q',
      'dL/dx = dL/dx_q · 1[|x| ≤ 1]',
      'tbn-v2: dL/dx = dL/dx_q · k · (1 − ||x|/Δ − 1|)^(k − 1) for |x| ≤ 2Δ, else 0; order k = 2',
    ],
    paper: {
      title: 'TBN: Convolutional Neural Network with Ternary Inputs and Binary Weights',
      authors: 'D. Wan, F. Shen, L. Liu, F. Zhu, J. Qin, L. Shao, H. T. Shen',
      year: 2018,
      venue: 'ECCV',
      url: 'https://openaccess.thecvf.com/content_ECCV_2018/html/Diwen_Wan_TBN_Convolutional_Neural_ECCV_2018_paper.html',
    },
    departures: [
      'Equations and defaults follow the authors’ code (δ = 0.5, momentum 0.01); we remember δ = 0.4 in the paper.',
      'The threshold that is deployed is the running average, so a trained and a deployed network differ a little; `momentum: 0` trains with a fixed threshold and has no such difference.',
    ],
  },
  weights: weightSide({
    parameters: z.strictObject({}),
    form: {
      quantize: (latent, shape, _parameters, { tf, variables: { mask } }) =>
        straightThrough(tf, latent, (w) => meanScaledSign(tf, w, shape, 'filter', mask)),
      deploy: (latent, shape, _p, { mask }) => deployMeanScaledSign(latent, shape, 'filter', mask),
    },
    curve: { drawn: 'for a filter whose mean magnitude is 1', value: sign, slope: () => 1 },
  }),
  activations: tbnActivations,
};
