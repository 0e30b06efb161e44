import type { Method } from '../../types.ts';
import { activations } from './activations.ts';
import { weights } from './weights.ts';

/** LSQ (Esser, McKinstry, Bablani, Appuswamy, Modha, ICLR 2020, arXiv 1902.08153): the quantizer's step is trained. */
export const lsq: Method = {
  card: {
    id: 'lsq',
    title: 'LSQ',
    sentence: 'Uniform weights and activations of 2 to 8 bits whose step size is trained with the network.',
    quantizes: ['weights', 'activations'],
    bits: { weights: 4, activations: 4 },
    forward: [
      'v_q = s · clip(round(v/s), −Qn, Qp)',
      'weights: Qn = 2^(b−1), Qp = 2^(b−1) − 1; symmetric: Qn = Qp (2 bits: ternary, threshold s/2)',
      'activations: Qn = 0, Qp = 2^b − 1; signed: as weights',
      's starts at 2 · mean|v| / √Qp, of the first weights and of the first batch (v ≥ 0 where codes are not signed)',
    ],
    gradient: [
      'dL/dv = dL/dv_q · 1[−Qn < v/s < Qp]',
      'dL/ds = g · Σ dL/dv_q · (round(v/s) − v/s inside; −Qn below; Qp above)',
      'g = 1/√(N · Qp), N the weights per step, or the features of a sample',
    ],
    paper: {
      title: 'Learned Step Size Quantization',
      authors: 'S. K. Esser, J. L. McKinstry, D. Bablani, R. Appuswamy, D. S. Modha',
      year: 2020,
      venue: 'ICLR',
      url: 'https://arxiv.org/abs/1902.08153',
    },
    departures: [
      'Steps learn at 0.1 of the run’s rate (`stepRate`): the paper trains with SGD, and Adam undoes the gradient scale.',
      'A half is rounded up, so that deployed thresholds are all inclusive.',
      '8-bit weights leave the code −128 out: deployed codes lie in ±127.',
      'The step may also be trained per filter, and the code range be symmetric.',
    ],
  },
  weights,
  activations,
};
