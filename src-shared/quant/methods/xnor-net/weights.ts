import { z } from 'zod';
import type { TF, Tensor } from '../../../base/tensorflow.ts';
import { customGradient } from '../../parts/custom-gradient.ts';
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

/** The axis over the input channels of a filter and its extent; a filter of a depthwise layer has one input channel. */
function inputChannels({ shape, filterAxis }: WeightShape): { axis: number; extent: number } {
  const axis = filterAxis - 1;
  return { axis, extent: filterAxis === shape.length - 1 ? (shape[axis] ?? 1) : 1 };
}

/** Mean-centred over the input channels at each kernel position, then clamped to [−1, 1]. */
function prepare(tf: TF, w: Tensor, shape: WeightShape, { centre }: Parameters): Tensor {
  const { axis, extent } = inputChannels(shape);
  const centred = centre && extent > 1 ? tf.sub(w, tf.mean(w, axis, true)) : w;
  return tf.clipByValue(centred, -1, 1);
}

/** The same from plain numbers. */
function prepareNumbers(kernel: Float32Array, shape: WeightShape, { centre }: Parameters): Float32Array {
  const { extent } = inputChannels(shape);
  const result = kernel.slice();
  if (centre && extent > 1) {
    const { filters } = shape;
    for (let i = 0; i < result.length; i++) {
      const start = i - (i % (extent * filters)) + (i % filters);
      let sum = 0;
      for (let c = 0; c < extent; c++) sum += kernel[start + c * filters] ?? 0;
      result[i] = (kernel[i] ?? 0) - sum / extent;
    }
  }
  return result.map((w) => Math.min(1, Math.max(-1, w)));
}

function latentGradient(tf: TF, w: Tensor, g: Tensor, shape: WeightShape, p: Parameters): Tensor {
  const straight = tf.mul(meanAbs(tf, w, shape, 'filter'), insideMask(tf, w, 1));
  if (p.gradient === 'exact') {
    const signs = signTensor(tf, w);
    const shared = tf.mean(tf.mul(g, signs), statisticAxes(shape, 'filter'), true);
    return tf.add(tf.mul(straight, g), tf.mul(signs, shared));
  }
  const { extent } = inputChannels(shape);
  const centring = extent > 1 ? 1 - 1 / extent : 1;
  const factor = centring * (p.rescale === 'fan-in' ? shape.fanIn : 1);
  return tf.mul(g, tf.mul(tf.add(straight, 1 / shape.fanIn), factor));
}

export const xnorWeights = weightSide({
  parameters,
  form: {
    initialize: (kernel, shape, p: Parameters) => ({ kernel: prepareNumbers(kernel, shape, p) }),
    quantize: (latent, shape, p: Parameters, { tf }) =>
      customGradient(
        tf,
        [latent],
        (w) => ({ value: meanScaledSign(tf, w as Tensor, shape, 'filter'), saved: [w as Tensor] }),
        (g, [w]) => [latentGradient(tf, w as Tensor, g, shape, p)],
      ),
    settle: (proposed, _before, shape, p: Parameters, { tf }) => prepare(tf, proposed, shape, p),
    deploy: (latent, shape) => deployMeanScaledSign(latent, shape, 'filter'),
  },
  // Drawn for a filter whose mean magnitude is 1 and without the share of the gradient that comes through α.
  curve: { value: sign, slope: (x) => (Math.abs(x) <= 1 ? 1 : 0) },
});
