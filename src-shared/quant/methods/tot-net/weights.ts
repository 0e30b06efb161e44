import { z } from 'zod';
import type { TF, Tensor } from '../../../base/tensorflow.ts';
import { customGradient } from '../../parts/custom-gradient.ts';
import { filterOf, groups, meanAbs, statisticAxes } from '../../parts/scales.ts';
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

/** Input channels per filter and the axis over which they run; null where there is one channel: nothing to centre. */
function inputChannels({ shape, filterAxis }: WeightShape): { axis: number; count: number } | null {
  if (filterAxis !== shape.length - 1) return null;
  const axis = shape.length - 2;
  const count = shape[axis] ?? 1;
  return count > 1 ? { axis, count } : null;
}

function quantize(latent: Tensor, shape: WeightShape, p: Parameters, { tf }: MethodContext): Tensor {
  const axes = statisticAxes(shape, 'filter');
  return customGradient(
    tf,
    [latent],
    (...inputs) => {
      const [w] = inputs as [Tensor];
      const codes = ternaryTensor(tf, w, tf.mul(meanAbs(tf, w, shape, 'filter'), p.factor));
      const alpha = meanKeptTensor(tf, w, codes, axes);
      return { value: tf.mul(alpha, codes), saved: [w, codes, alpha] };
    },
    (dy, saved) => {
      const [w, codes, alpha] = saved as [Tensor, Tensor, Tensor];
      return [gradient(tf, dy, { w, codes, alpha }, shape, p)];
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
  { w, codes, alpha }: { w: Tensor; codes: Tensor; alpha: Tensor },
  shape: WeightShape,
  p: Parameters,
): Tensor {
  const axes = statisticAxes(shape, 'filter');
  const cifar = p.gradient === 'repo-cifar';
  const pattern = cifar ? signTensor(tf, w) : codes;
  const scale = cifar ? meanAbs(tf, w, shape, 'filter') : alpha;
  const count =
    p.gradient === 'exact' ? tf.maximum(tf.sum(tf.abs(codes), axes, true), 1) : tf.scalar(shape.fanIn);
  const direct = tf.mul(tf.mul(scale, insideMask(tf, w, p.clip)), dy);
  const together = tf.div(tf.sum(tf.mul(pattern, dy), axes, true), count);
  const sum = tf.add(direct, tf.mul(pattern, together));
  if (p.gradient === 'exact') return sum;
  const channels = inputChannels(shape);
  const rescale = (channels ? 1 - 1 / channels.count : 1) * shape.fanIn;
  return tf.mul(sum, cifar ? rescale : rescale * IMAGENET_FACTOR);
}

/** The latent weights centred over their input channels and clipped. */
function settle(
  proposed: Tensor,
  _before: Tensor,
  shape: WeightShape,
  p: Parameters,
  { tf }: MethodContext,
): Tensor {
  const channels = p.centre ? inputChannels(shape) : null;
  const centred = channels ? tf.sub(proposed, tf.mean(proposed, channels.axis, true)) : proposed;
  return tf.clipByValue(centred, -p.clip, p.clip);
}

/** The same for the first weights. */
function initialize(kernel: Float32Array, shape: WeightShape, p: Parameters): Record<string, Float32Array> {
  const channels = p.centre ? inputChannels(shape) : null;
  const clipped = (w: number) => Math.min(p.clip, Math.max(-p.clip, w));
  if (!channels) return { kernel: kernel.map(clipped) };
  // Channels and filters are the last two axes: elements of one position and filter lie `filters` apart.
  const span = channels.count * shape.filters;
  const means = new Float64Array(kernel.length / channels.count);
  const groupOf = (i: number) => Math.floor(i / span) * shape.filters + filterOf(shape, i);
  kernel.forEach((w, i) => {
    means[groupOf(i)] = (means[groupOf(i)] ?? 0) + w / channels.count;
  });
  return { kernel: kernel.map((w, i) => clipped(w - (means[groupOf(i)] ?? 0))) };
}

function deploy(latent: Float32Array, shape: WeightShape, p: Parameters): DeployedWeights {
  const codes = new Int8Array(latent.length);
  const scale = groups(shape, 'filter').map((members) => {
    let sum = 0;
    for (const i of members) sum += Math.abs(latent[i] ?? 0);
    const delta = Math.fround((sum / members.length) * p.factor);
    for (const i of members) codes[i] = ternaryCode(latent[i] ?? 0, delta);
    return meanKept(latent, codes, members);
  });
  return { levels: [{ codes, scale: Float32Array.from(scale) }] };
}

export const totNetWeights = weightSide({
  parameters,
  form: { initialize, quantize, settle, deploy },
  curve: {
    // Drawn for a filter whose mean magnitude is 1, with scale 1.
    value: (x: number, p: Parameters) => ternaryCode(x, p.factor),
    slope: (x: number, p: Parameters) => (Math.abs(x) <= p.clip ? 1 : 0),
  },
});
