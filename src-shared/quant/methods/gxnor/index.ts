import type { Method } from '../../types.ts';
import { gxnorActivations } from './activations.ts';
import { gxnorWeights } from './weights.ts';

/**
 * GXNOR-Net (Deng, Jiao, Pei, Wu, Li, Neural Networks 100, 2018, arXiv 1705.09283): weights that live in a discrete
 * space and jump between its states, and activations of several levels whose derivative is a window at each threshold.
 */
export const gxnor: Method = {
  card: {
    id: 'gxnor',
    title: 'GXNOR-Net',
    sentence:
      'Weights of a few discrete states and no latent weights, moved between states by chance, and activations of as many levels with a window as derivative.',
    quantizes: ['weights', 'activations'],
    bits: { weights: 2, activations: 2 },
    forward: [
      'W in {n/2^(N−1) − 1 : n = 0 … 2^N}, step Δz = 1/2^(N−1); N = 0: {−1, +1}, Δz = 2; any other number S of states: Δz = 2/(S − 1)',
      'after each step, for the change dW that the optimizer proposes:',
      'ρ = dW restricted so that W + ρ stays in [−1, 1]; κ = fix(ρ/Δz); ν = ρ − κ · Δz',
      'W ← W + κ · Δz + sgn(ρ) · Δz with probability tanh(m · |ν|/Δz), else W + κ · Δz',
      'φ(x) = sgn(x) · w/L, w the number of thresholds below |x|, L = 2^(N−1)',
      'thresholds r + (H − r) · (w − 1)/L, w = 1 … L; ternary: φ_r(x) = +1 if x > r; 0 if |x| ≤ r; −1 if x < −r',
      'an even number S of levels: one more threshold at 0, φ(x) = sgn(x) · (1 + 2w)/(S − 1), L = (S − 2)/2',
    ],
    gradient: [
      'weights: the gradient with respect to the discrete W itself',
      'rectangular: dφ/dx = 1/(2a) for r − a ≤ |x| ≤ r + a, else 0',
      'triangular: dφ/dx = (a − ||x| − r|)/a² for ||x| − r| ≤ a, else 0',
      'several levels: the sum of the windows of all thresholds, times the height of a step',
    ],
    paper: {
      title:
        'GXNOR-Net: Training deep neural networks with ternary weights and activations without full-precision memory under a unified discretization framework',
      authors: 'L. Deng, P. Jiao, J. Pei, Z. Wu, G. Li',
      year: 2018,
      venue: 'Neural Networks 100',
      url: 'https://arxiv.org/abs/1705.09283',
    },
    departures: [
      'r = 0.5, a = 0.5 by default, as we remember the paper; the authors’ code has the effective values r = 1, a = 0.5 (`preset: repo`), with ±1 at the thresholds themselves, where the paper has 0.',
      'Numbers of states other than 2^N + 1 are an addition.',
      'Where windows of both signs overlap (a > r), the nearer one counts: the slope is a function of |x|.',
      'Weights start on states at once; the authors’ code snaps uniform weights to them in a first epoch with learning rate 0.',
      'The random moves of the authors’ code after many epochs without improvement are left out: they look at the test error.',
    ],
  },
  weights: gxnorWeights,
  activations: gxnorActivations,
};
