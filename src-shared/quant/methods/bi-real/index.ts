import { z } from 'zod';
import type { Tensor } from '../../../base/tensorflow.ts';
import { deployMeanScaledSign, meanScaledSign } from '../../parts/mean-scaled-sign.ts';
import { meanAbs } from '../../parts/scales.ts';
import { signActivation } from '../../parts/sign-activation.ts';
import { insideMask, sign } from '../../parts/sign.ts';
import { straightThrough } from '../../parts/straight-through.ts';
import { weightSide } from '../../side.ts';
import type { Method } from '../../types.ts';

const parameters = z.strictObject({
  magnitudeAware: z
    .boolean()
    .default(true)
    .describe('multiplies the gradient of a weight by the mean magnitude of its filter, as the paper does'),
});
type Parameters = z.output<typeof parameters>;

/** Bi-Real Net (Liu, Wu, Luo, Yang, Liu, Cheng, ECCV 2018, arXiv 1808.00278). */
export const biReal: Method = {
  card: {
    id: 'bi-real',
    title: 'Bi-Real Net',
    sentence:
      'Binary weights scaled per filter and binary activations with a piecewise quadratic stand-in for the sign.',
    quantizes: ['weights', 'activations'],
    bits: { weights: 1, activations: 1 },
    forward: ['s_f = mean |W| of filter f', 'W_q = s_f · sgn(W), sgn(0) = +1', 'x_q = sgn(x)'],
    gradient: [
      'dL/dW = s_f · dL/dW_q · 1[|W| ≤ 1]; without the factor s_f where `magnitudeAware` is false',
      'dL/dx = dL/dx_q · (2 − 2|x|) for |x| ≤ 1, else 0',
    ],
    paper: {
      title:
        'Bi-Real Net: Enhancing the Performance of 1-bit CNNs With Improved Representational Capability and Advanced Training Algorithm',
      authors: 'Z. Liu, B. Wu, W. Luo, X. Yang, W. Liu, K.-T. Cheng',
      year: 2018,
      venue: 'ECCV',
      url: 'https://arxiv.org/abs/1808.00278',
    },
    departures: [
      'The shortcut around every binary convolution belongs to the network: put an `add` layer there.',
      'The authors’ PyTorch code leaves the factor s_f out of the gradient (`magnitudeAware: false`).',
      'The training in stages (pretrained with ReLU, then with a clip) is left out.',
    ],
  },
  weights: weightSide({
    parameters,
    form: {
      quantize: (latent: Tensor, shape, { magnitudeAware }: Parameters, { tf, variables: { mask } }) =>
        straightThrough(
          tf,
          latent,
          (w) => meanScaledSign(tf, w, shape, 'filter', mask),
          (w) => {
            const inside = insideMask(tf, w, 1);
            return magnitudeAware ? tf.mul(meanAbs(tf, w, shape, 'filter', mask), inside) : inside;
          },
        ),
      deploy: (latent, shape, _p, { mask }) => deployMeanScaledSign(latent, shape, 'filter', mask),
    },
    curve: {
      drawn: 'for a filter whose mean magnitude is 1',
      value: sign,
      slope: (x) => (Math.abs(x) <= 1 ? 1 : 0),
    },
  }),
  activations: signActivation(z.strictObject({}), {
    value: (x) => 2 * Math.max(0, 1 - Math.abs(x)),
    tensor: (tf, x) => tf.mul(tf.relu(tf.sub(1, tf.abs(x))), 2),
  }),
};
