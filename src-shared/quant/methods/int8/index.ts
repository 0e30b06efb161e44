import type { Method } from '../../types.ts';
import { activations } from './activations.ts';
import { weights } from './weights.ts';

/** Plain 8-bit integers as deployed by integer inference engines (Jacob et al., CVPR 2018, arXiv 1712.05877). */
export const int8: Method = {
  card: {
    id: 'int8',
    title: 'int8',
    sentence: 'Plain 8-bit weights and activations, the yardstick of deployable networks.',
    quantizes: ['weights', 'activations'],
    bits: { weights: 8, activations: 8 },
    forward: [
      's_w = max|W| / 127 per filter or layer, from the weights of each step; W_q = s_w · round(W/s_w)',
      '[l, h] ← m · [l, h] + (1 − m) · [min(x, 0), max(x, 0)] of the batch',
      'affine: s_x = (h − l)/255, z = round(−l/s_x); x_q = s_x · clip(round(x/s_x), −z, 255 − z)',
      'symmetric: s_x = max(−l, h)/127; x_q = s_x · clip(round(x/s_x), ±127)',
      'relu: l = 0 (affine codes 0…255, symmetric 0…127)',
    ],
    gradient: [
      'dL/dW = dL/dW_q',
      'dL/dx = dL/dx_q · 1[x within the range of the codes], for relu also 1[x > 0]',
    ],
    paper: {
      title: 'Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference',
      authors: 'B. Jacob, S. Kligys, B. Chen, M. Zhu, M. Tang, A. Howard, H. Adam, D. Kalenichenko',
      year: 2018,
      venue: 'CVPR',
      url: 'https://arxiv.org/abs/1712.05877',
    },
    departures: [
      'Activations are symmetric by default, so that codes after a ReLU lie in 0…127 and fit a signed byte; affine uses all 256.',
      'Weights are symmetric without a zero point and may have a scale per filter.',
      'The range of activations is a moving average from the first step on, starting at the range of the first batch (`start`).',
      'Activations are quantized from the first step on unless the run’s schedule says otherwise; the paper waits until training has settled (`training.activationQuantization`).',
      'A half is rounded up, so that deployed thresholds are all inclusive.',
    ],
  },
  weights,
  activations,
};
