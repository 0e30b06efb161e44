import type { Method } from '../../types.ts';
import { weights } from './weights.ts';

/** INQ (Zhou, Yao, Guo, Xu, Chen, ICLR 2017, arXiv 1702.03044). */
export const inq: Method = {
  card: {
    id: 'inq',
    title: 'INQ',
    sentence:
      'Weights become powers of two, the largest first; those are frozen while the rest makes up for them.',
    quantizes: ['weights'],
    bits: { weights: 5 },
    forward: [
      's = max|W|, n1 = floor(log2(4s/3)), n2 = n1 + 1 − 2^(b−2)',
      'frozen weights: W_q = the nearest of 0, ±2^n2 … ±2^n1; the rest: W_q = W',
      'stage i, from `starts`[i] of the run on: the largest |W| of the rest are frozen until `portions`[i] of all are',
    ],
    gradient: ['dL/dW = dL/dW_q for the rest, 0 where a weight is frozen'],
    paper: {
      title: 'Incremental Network Quantization: Towards Lossless CNNs with Low-Precision Weights',
      authors: 'A. Zhou, A. Yao, Y. Guo, L. Xu, Y. Chen',
      year: 2017,
      venue: 'ICLR',
      url: 'https://arxiv.org/abs/1702.03044',
    },
    departures: [
      'The stages follow one another in one run, at shares of its epochs; the paper retrains from scratch of its schedule in each (a learning-rate curve with restarts does the same).',
      'All weights are frozen before the end, so that batch norm and biases train with the network that is deployed.',
      's is taken when the first weights are frozen.',
      'A weight midway between two levels goes to the smaller one, as in the authors’ code.',
    ],
  },
  weights,
};
