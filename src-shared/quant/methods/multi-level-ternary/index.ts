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
      'weights: Δ_l = 0.7 · mean|r_l|, 0.05 · max|r_l| or g_l/2; g_l = mean of |r_l| where T_l ≠ 0',
      'weights, scales joint: g = (BᵀB)⁻¹ Bᵀ W, B the codes of the levels as columns',
      'weights, nested support: T_l = 0 for l ≥ 2 where T_1 = 0; statistics over the support only',
      'activations: g_l = |γ_l| trained, Δ_l = g_l/2',
    ],
    gradient: [
      'dL/dW = dL/dW_q, or that · 1[|W| ≤ 1]',
      'dL/dx = dL/dx_q · (1 − Π_l (1 − g_l · s_l)), s_l = 1[|r_l| < 1]',
      'dL/dγ_l = sgn(γ_l) · Σ dL/dx_q · T_l · Π_{j>l} (1 − g_j · s_j)',
    ],
    departures: [
      'Follows “Multi-level ternary quantization for improving sparsity and computation in embedded deep neural networks” (H. Manavi Mofrad, S. A. Ansarmohammadi, M. Salehi), of which only the abstract was available.',
      'Threshold, scale and gradient rules are therefore a reconstruction after TWN and ReBNet, and parameters.',
      'The scales of activations start from constants; a calibration batch is not looked at.',
    ],
  },
  weights: multiLevelWeights,
  activations: multiLevelActivations,
};
