import type { Method } from '../../types.ts';
import { abcActivations } from './activations.ts';
import { abcWeights } from './weights.ts';

/** ABC-Net (Lin, Zhao, Pan, NIPS 2017, arXiv 1711.11294). */
export const abcNet: Method = {
  card: {
    id: 'abc-net',
    title: 'ABC-Net',
    sentence:
      'Weights as a least-squares sum of shifted binary bases, activations as a trained sum of shifted binary steps.',
    quantizes: ['weights', 'activations'],
    bits: { weights: 3, activations: 3 },
    forward: [
      'B_i = sgn(W − mean(W) + u_i · std(W)), u_i = −1 + 2(i − 1)/(M − 1), i = 1 … M; u = 0 for M = 1',
      'α = argmin ‖W − Σ_i α_i · B_i‖²; W_q = Σ_i α_i · B_i',
      'A_n = +1 if clip(x + v_n, 0, 1) ≥ 0.5, else −1; x_q = Σ_n β_n · A_n, n = 1 … N',
    ],
    gradient: [
      'dL/dW = dL/dW_q · Σ_i α_i; with `mask` only over the bases where |W − mean(W) + u_i · std(W)| ≤ 1',
      'dL/dx = dL/dx_q · Σ_n β_n · 1[0 ≤ x + v_n ≤ 1]',
      'dL/dβ_n = Σ dL/dx_q · A_n; dL/dv_n = Σ dL/dx_q · β_n · 1[0 ≤ x + v_n ≤ 1]',
    ],
    paper: {
      title: 'Towards Accurate Binary Convolutional Neural Network',
      authors: 'X. Lin, C. Zhao, W. Pan',
      year: 2017,
      venue: 'NIPS',
      url: 'https://arxiv.org/abs/1711.11294',
    },
    departures: [
      'The least-squares α are taken in closed form in every step, and are constants in the backward pass.',
      'Shifts and scales of the activations start as a uniform quantizer, over a fixed range or that of the first batch: bases that start alike would never part.',
      'The gradients are written from memory of the paper.',
      'M = N = 3 by default; the paper’s best results have 5.',
    ],
  },
  weights: abcWeights,
  activations: abcActivations,
};
