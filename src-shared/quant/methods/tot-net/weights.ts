import { z } from 'zod';
import type { TF, Tensor } from '../../../base/tensorflow.ts';
import { customGradient } from '../../parts/custom-gradient.ts';
import { centred, centredNumbers, centringFactor } from '../../parts/input-channels.ts';
import { remaining } from '../../parts/masks.ts';
import { groups, meanAbs, statisticAxes } from '../../parts/scales.ts';
import { insideMask, signTensor } from '../../parts/sign.ts';
import { meanKept, meanKeptTensor, ternaryCode, ternaryTensor } from '../../parts/ternary.ts';
import { weightSide } from '../../side.ts';
import type { DeployedWeights, MethodContext, WeightShape } from '../../types.ts';

const GRADIENTS = ['exact', 'repo-cifar', 'repo-imagenet'] as const;

const parameters = z.strictObject({
  factor: z
    .number()
    .positive()
    .max(3)
    .default(0.7)
    .describe('threshold as a multiple of mean |W| per filter'),
  centre: z
    .boolean()
    .default(true)
    .describe('subtract the mean over the input channels from the latent weights after each step'),
  clip: z.number().positive().max(100).default(1).describe('latent weights are kept in [−clip, clip]'),
  gradient: z
    .enum(GRADIENTS)
    .default('exact')
    .describe(
      'exact derivative of the scaled ternary weights, or the forms of the authors’ CIFAR and ImageNet code',
    ),
});
type Parameters = z.output<typeof parameters>;

/** The factor by which the ImageNet code multiplies its gradient. */
const IMAGENET_FACTOR = 1e9;

function quantize(
  latent: Tensor,
  shape: WeightShape,
  p: Parameters,
  { tf, variables: { mask } }: MethodContext,
): Tensor {
  const axes = statisticAxes(shape, 'filter');
  return customGradient(
    tf,
    [latent],
    (...inputs) => {
      const [w] = inputs as [Tensor];
      const codes = ternaryTensor(tf, w, tf.mul(meanAbs(tf, w, shape, 'filter', mask), p.factor));
      const alpha = meanKeptTensor(tf, w, codes, axes);
      return { value: tf.mul(alpha, codes), saved: [w, codes, alpha] };
    },
    (dy, saved) => {
      const [w, codes, alpha] = saved as [Tensor, Tensor, Tensor];
      return [gradient(tf, dy, { w, codes, alpha, mask }, shape, p)];
    },
  );
}

/**
 * scale · 1[|w| ≤ clip] · g + pattern · (Σ pattern · g)/count, per filter: in the exact form with α, T and the number of
 * kept weights; the two published forms use all n weights and multiply by (1 − 1/c_in) · n, and 10⁹ for ImageNet.
 */
function gradient(
  tf: TF,
  dy: Tensor,
  { w, codes, alpha, mask }: { w: Tensor; codes: Tensor; alpha: Tensor; mask: Tensor | undefined },
  shape: WeightShape,
  p: Parameters,
): Tensor {
  const axes = statisticAxes(shape, 'filter');
  const cifar = p.gradient === 'repo-cifar';
  const pattern = cifar ? signTensor(tf, w) : codes;
  const scale = cifar ? meanAbs(tf, w, shape, 'filter', mask) : alpha;
  const all = mask ? remaining(tf, mask, axes) : shape.fanIn;
  const count = p.gradient === 'exact' ? remaining(tf, tf.abs(codes), axes) : all;
  const direct = tf.mul(tf.mul(scale, insideMask(tf, w, p.clip)), dy);
  const together = tf.div(tf.sum(tf.mul(pattern, dy), axes, true), count);
  const sum = tf.add(direct, tf.mul(pattern, together));
  if (p.gradient === 'exact') return sum;
  const factor = centringFactor(shape) * (cifar ? 1 : IMAGENET_FACTOR);
  return typeof all === 'number' ? tf.mul(sum, factor * all) : tf.mul(sum, tf.mul(all, factor));
}

/** The latent weights centred over their input channels and clipped. */
function settle(
  proposed: Tensor,
  _before: Tensor,
  shape: WeightShape,
  p: Parameters,
  { tf, variables: { mask } }: MethodContext,
): Tensor {
  return tf.clipByValue(p.centre ? centred(tf, proposed, shape, mask) : proposed, -p.clip, p.clip);
}

/** The same for the first weights. */
function initialize(kernel: Float32Array, shape: WeightShape, p: Parameters): Record<string, Float32Array> {
  const start = p.centre ? centredNumbers(kernel, shape) : kernel;
  return { kernel: start.map((w) => Math.min(p.clip, Math.max(-p.clip, w))) };
}

function deploy(
  latent: Float32Array,
  shape: WeightShape,
  p: Parameters,
  { mask }: Record<string, Float32Array>,
): DeployedWeights {
  const codes = new Int8Array(latent.length);
  const scale = groups(shape, 'filter', mask).map((members) => {
    let sum = 0;
    for (const i of members) sum += Math.abs(latent[i] ?? 0);
    const delta = Math.fround((sum / Math.max(members.length, 1)) * p.factor);
    for (const i of members) codes[i] = ternaryCode(latent[i] ?? 0, delta);
    return meanKept(latent, codes, members);
  });
  return { levels: [{ codes, scale: Float32Array.from(scale) }] };
}

export const totNetWeights = weightSide({
  parameters,
  form: { initialize, quantize, settle, deploy },
  curve: {
    drawn: 'for a filter whose mean magnitude is 1, with scale 1',
    value: (x: number, p: Parameters) => ternaryCode(x, p.factor),
    slope: (x: number, p: Parameters) => (Math.abs(x) <= p.clip ? 1 : 0),
  },
});
