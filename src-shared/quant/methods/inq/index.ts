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
      'W_q = the nearest of 0, ±2^n2 … ±2^n1 for the largest |W| (a share of `portion`); W for the rest',
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
      'One run has one portion (the stages of the paper, 0.3, 0.6, 0.8, 1, are runs that go on from one another).',
      'Which weights are frozen, and s, are decided from the kernel at the start of the run.',
      'A weight midway between two levels goes to the smaller one, as in the authors’ code.',
    ],
  },
  weights,
};
