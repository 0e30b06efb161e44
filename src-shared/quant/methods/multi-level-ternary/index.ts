import type { Method } from '../../types.ts';
import { multiLevelActivations } from './activations.ts';
import { multiLevelWeights } from './weights.ts';

/** Residual ternary levels for weights and activations, a choice of rules for each. */
export const multiLevelTernary: Method = {
  card: {
    id: 'multi-level-ternary',
    title: 'Multi-level ternary',
    sentence:
      'Weights and activations as sums of ternary levels, each for what the levels before left over: more exact than binary levels, with zeros.',
    quantizes: ['weights', 'activations'],
    bits: { weights: 4, activations: 4 },
    forward: [
      'r_1 = x; for l = 1 … M: T_l = +1 if r_l > Δ_l; −1 if r_l < −Δ_l; else 0; r_{l+1} = r_l − g_l · T_l',
      'x_q = Σ_l g_l · T_l',
      'weights: Δ_l = 0.7 · mean|r_l|, 0.05 · max|r_l|, g_l/2, or |δ_l| trained; g_l = mean of |r_l| where T_l ≠ 0, or |γ_l| trained',
      'weights, scales joint: g = (BᵀB)⁻¹ Bᵀ W, B the codes of the levels as columns',
      'weights, nested support: T_l = 0 for l ≥ 2 where T_1 = 0; statistics over the support only',
      'pruned words: T_l = 0 in every level; statistics over the weights that remain',
      'activations: g_l = |γ_l| trained, or a running average of the mean kept |r_l|; Δ_l = g_l/2, running averages of 0.7 · mean|r_l| or 0.05 · max|r_l|, or |δ_l| trained',
    ],
    gradient: [
      'dL/dW = dL/dW_q, or that · 1[|W| ≤ 1]',
      'dL/dx = dL/dx_q · (1 − Π_l (1 − g_l · s_l)), s_l = 1[|r_l| < 1]',
      'dL/dγ_l = sgn(γ_l) · Σ dL/dx_q · T_l · Π_{j>l} (1 − g_j · s_j); of weights without the product',
      'dL/dδ_l: the same with −g_l · sgn(r_l)/(2a) within a of ±Δ_l in place of T_l, a = thresholdWindow · Δ_l',
    ],
    departures: [
      'Follows “Multi-level ternary quantization for improving sparsity and computation in embedded deep neural networks” (H. Manavi Mofrad, S. A. Ansarmohammadi, M. Salehi), of which only the abstract was available.',
      'Threshold, scale and gradient rules are therefore a reconstruction after TWN and ReBNet, and parameters.',
      'A trained threshold moves by a rectangle of unit area around each step, as no derivative is known from the abstract.',
      'Averaged thresholds and scales of activations are used as they were before the batch, so that training and deployment agree.',
    ],
  },
  weights: multiLevelWeights,
  activations: multiLevelActivations,
};
