import type { Method } from '../../types.ts';
import { activations } from './activations.ts';
import { weights } from './weights.ts';

/** LQ-Nets (Zhang, Yang, Ye, Hua, ECCV 2018, arXiv 1807.10029). */
export const lqNets: Method = {
  card: {
    id: 'lq-nets',
    title: 'LQ-Nets',
    sentence:
      'Levels that are sums of a learned basis of K numbers, fitted to weights and activations at each step.',
    quantizes: ['weights', 'activations'],
    bits: { weights: 2, activations: 2 },
    forward: [
      'levels: all vᵀb, b in {−1, +1}^K per filter for weights, {0, 1}^K per layer for activations',
      'x_q = the level of the cell that x lies in; thresholds midway between neighbouring levels',
      'fit: v* = (BᵀB + εI)⁻¹ (Bᵀx + εv), B the codes of this step',
      'v ← 0.9 · v + 0.1 · v*; of activations from 2 · 0.6745/(2^K − 1) · 2^k or a fit to the first batch on',
    ],
    gradient: ['dL/dW = dL/dW_q', 'dL/dx = dL/dx_q · 1[0 < x ≤ highest level]', 'v has no gradient'],
    paper: {
      title: 'LQ-Nets: Learned Quantization for Highly Accurate and Compact Deep Neural Networks',
      authors: 'D. Zhang, J. Yang, D. Ye, G. Hua',
      year: 2018,
      venue: 'ECCV',
      url: 'https://arxiv.org/abs/1807.10029',
    },
    departures: [
      'ε is a share of the number of values and also holds for activations, so that a code that no value uses keeps its place.',
      'The basis of weights starts from the root mean square of the initial kernel, not from a formula of its shape.',
      'A value exactly on a threshold belongs to the lower level.',
    ],
  },
  weights,
  activations,
};
