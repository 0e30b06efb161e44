import { z } from 'zod';
import { signActivation } from '../../parts/sign-activation.ts';
import type { Method } from '../../types.ts';
import { signSwishSlope, signSwishSlopeTensor } from './sign-swish.ts';
import { bnnPlusWeights } from './weights.ts';

/** BNN+ (Darabi, Belbahri, Courbariaux, Partovi Nia, arXiv 1812.11800). */
export const bnnPlus: Method = {
  card: {
    id: 'bnn-plus',
    title: 'BNN+',
    sentence:
      'Binary weights that a regulariser draws to ±α with a trained scale α, and binary activations with the SignSwish derivative.',
    quantizes: ['weights', 'activations'],
    bits: { weights: 1, activations: 1 },
    forward: [
      'W_q = α · sgn(W), sgn(0) = +1; α > 0 trained, one per filter',
      'loss + λ · s(t) · Σ_layers R; R1 = Σ |α − |W||, R2 = Σ (α − |W|)²; s(t) the schedule `training.regularization`',
      'α starts where R is stationary: median |W| (R1), mean |W| (R2)',
      'x_q = sgn(x)',
      'W ← clip(W, −1, 1) after each step',
    ],
    gradient: [
      'dL/dW = α · dL/dW_q · 1[|W| ≤ 1], or with the SignSwish slope; dL/dα = Σ dL/dW_q · sgn(W)',
      'dR1/dW = −sgn(α − |W|) · sgn(W), dR1/dα = Σ sgn(α − |W|)',
      'dR2/dW = −2 · (α − |W|) · sgn(W), dR2/dα = 2 · Σ (α − |W|)',
      "dL/dx = dL/dx_q · SS_b'(x), SS_b'(x) = b · (2 − b·x·tanh(b·x/2))/(1 + cosh(b·x))",
    ],
    paper: {
      title: 'BNN+: Improved Binary Network Training',
      authors: 'S. Darabi, M. Belbahri, M. Courbariaux, V. Partovi Nia',
      year: 2018,
      venue: 'arXiv',
      url: 'https://arxiv.org/abs/1812.11800',
    },
    departures: [
      'Defaults of λ, of sum or mean, of the granularity of α, of α in the forward pass and of clipping are choices of ours: the abstract leaves them open, so each is a parameter.',
      'α is the magnitude of the trained variable, so that it stays positive.',
      'The schedule of the regulariser is the run’s (`training.regularization`, a factor, 1 by default): a linear rise over the first fifth of the epochs, say, is written there.',
      'The exact derivative of SS_b is used, which is slightly negative beyond b·|x| ≈ 2.4.',
    ],
  },
  weights: bnnPlusWeights,
  activations: signActivation(
    z.strictObject({
      sharpness: z.number().positive().max(100).default(5).describe('b: how narrow the SignSwish slope is'),
    }),
    {
      value: (x, { sharpness }) => signSwishSlope(x, sharpness),
      tensor: (tf, x, { sharpness }) => signSwishSlopeTensor(tf, x, sharpness),
    },
  ),
};
