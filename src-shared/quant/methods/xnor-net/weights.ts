import { z } from 'zod';
import type { TF, Tensor } from '../../../base/tensorflow.ts';
import { customGradient } from '../../parts/custom-gradient.ts';
import { centred, centredNumbers, centringFactor } from '../../parts/input-channels.ts';
import { meanRemaining, remaining } from '../../parts/masks.ts';
import { deployMeanScaledSign, meanScaledSign } from '../../parts/mean-scaled-sign.ts';
import { meanAbs, statisticAxes } from '../../parts/scales.ts';
import { insideMask, sign, signTensor } from '../../parts/sign.ts';
import { weightSide } from '../../side.ts';
import type { WeightShape } from '../../types.ts';

const parameters = z.strictObject({
  gradient: z
    .enum(['exact', 'released'])
    .default('exact')
    .describe('the derivative of α·sgn(W), or the rule of the authors’ released code'),
  rescale: z
    .enum(['none', 'fan-in'])
    .default('none')
    .describe(
      'released rule only: multiplies the gradient by the weights per filter, as the released code does',
    ),
  centre: z
    .boolean()
    .default(true)
    .describe('subtracts the mean over the input channels from the latent weights after each step'),
});
type Parameters = z.output<typeof parameters>;

function clampNumbers(kernel: Float32Array): Float32Array {
  return kernel.map((w) => Math.min(1, Math.max(-1, w)));
}

function latentGradient(
  tf: TF,
  w: Tensor,
  g: Tensor,
  shape: WeightShape,
  p: Parameters,
  mask: Tensor | undefined,
): Tensor {
  const straight = tf.mul(meanAbs(tf, w, shape, 'filter', mask), insideMask(tf, w, 1));
  const axes = statisticAxes(shape, 'filter');
  if (p.gradient === 'exact') {
    const signs = signTensor(tf, w);
    return tf.add(tf.mul(straight, g), tf.mul(signs, meanRemaining(tf, tf.mul(g, signs), axes, mask)));
  }
  const factor = centringFactor(shape);
  if (!mask) {
    const scaled = factor * (p.rescale === 'fan-in' ? shape.fanIn : 1);
    return tf.mul(g, tf.mul(tf.add(straight, 1 / shape.fanIn), scaled));
  }
  const count = remaining(tf, mask, axes);
  const rule = tf.mul(tf.add(straight, tf.div(1, count)), factor);
  return tf.mul(g, p.rescale === 'fan-in' ? tf.mul(rule, count) : rule);
}

export const xnorWeights = weightSide({
  parameters,
  form: {
    initialize: (kernel, shape, p: Parameters) => ({
      kernel: clampNumbers(p.centre ? centredNumbers(kernel, shape) : kernel),
    }),
    quantize: (latent, shape, p: Parameters, { tf, variables: { mask } }) =>
      customGradient(
        tf,
        [latent],
        (w) => ({ value: meanScaledSign(tf, w as Tensor, shape, 'filter', mask), saved: [w as Tensor] }),
        (g, [w]) => [latentGradient(tf, w as Tensor, g, shape, p, mask)],
      ),
    settle: (proposed, _before, shape, p: Parameters, { tf, variables: { mask } }) =>
      tf.clipByValue(p.centre ? centred(tf, proposed, shape, mask) : proposed, -1, 1),
    deploy: (latent, shape, _p, { mask }) => deployMeanScaledSign(latent, shape, 'filter', mask),
  },
  curve: {
    drawn:
      'for a filter whose mean magnitude is 1 and without the share of the gradient that comes through α',
    value: sign,
    slope: (x) => (Math.abs(x) <= 1 ? 1 : 0),
  },
});
