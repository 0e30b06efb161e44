import { z } from 'zod';
import type { TF, Tensor } from '../../../base/tensorflow.ts';
import { customGradient } from '../../parts/custom-gradient.ts';
import { MILLS_LIMIT, inverseMills, inverseMillsTensor } from '../../parts/inverse-mills.ts';
import { masked, remains } from '../../parts/masks.ts';
import { maxThreshold } from '../../parts/ternary-max.ts';
import { weightSide } from '../../side.ts';
import type { DeployedWeights, Method, MethodContext, VariableSpec, WeightShape } from '../../types.ts';

const parameters = z.strictObject({
  initFactor: z
    .number()
    .positive()
    .max(1)
    .default(0.05)
    .describe('start of the threshold as a multiple of max |W|'),
  scale: z
    .enum(['symmetric', 'repo'])
    .default('symmetric')
    .describe('scale A = σ·λ(z), or μ + σ·λ(z) as in the authors’ code'),
  attached: z
    .boolean()
    .default(true)
    .describe('the gradient of the scale also reaches the weights through their mean and deviation'),
  clip: z
    .number()
    .positive()
    .max(MILLS_LIMIT)
    .default(3)
    .describe(
      'largest threshold in standard deviations of the weights; beyond it the threshold has no gradient',
    ),
  sequential: z
    .boolean()
    .default(true)
    .describe('update the thresholds in a forward and backward pass of their own before the weights'),
  gradientBound: z
    .number()
    .positive()
    .max(1e6)
    .default(0.001)
    .describe('bound on the gradient of the threshold before its optimizer step'),
  thresholdRate: z
    .number()
    .positive()
    .max(10)
    .default(1)
    .describe('learning rate of the threshold as a multiple of the run’s'),
});
type Parameters = z.output<typeof parameters>;

/** Deviations below it count as this much, so that a layer of equal weights does not divide by zero. */
const SMALLEST_DEVIATION = 1e-12;

/** The number N of weights that remain, and N − 1, neither below 1. */
function sizes(tf: TF, size: number, mask: Tensor | undefined) {
  if (!mask) return { count: size, freedom: Math.max(size - 1, 1) };
  const count = tf.sum(mask);
  return { count: tf.maximum(count, 1), freedom: tf.maximum(tf.sub(count, 1), 1) };
}

function quantize(latent: Tensor, _shape: WeightShape, p: Parameters, context: MethodContext): Tensor {
  const { tf } = context;
  const { threshold, mask } = context.variables;
  if (!threshold) throw new RangeError('tga lacks its threshold');
  return customGradient(
    tf,
    [latent, threshold],
    (...inputs) => {
      const [w, d] = inputs as [Tensor, Tensor];
      const { count, freedom } = sizes(tf, latent.size, mask);
      const mean = mask ? tf.div(tf.sum(w), count) : tf.mean(w);
      const centred = masked(tf, tf.sub(w, mean), mask);
      const deviation = tf.maximum(tf.sqrt(tf.div(tf.sum(tf.square(centred)), freedom)), SMALLEST_DEVIATION);
      const limit = tf.mul(deviation, p.clip);
      const delta = tf.minimum(tf.abs(d), limit);
      const ratio = tf.clipByValue(tf.div(delta, deviation), 0, p.clip);
      const mills = inverseMillsTensor(tf, ratio);
      const tail = tf.mul(deviation, mills);
      const scale = p.scale === 'repo' ? tf.add(tail, mean) : tail;
      const codes = tf.sub(tf.step(tf.sub(w, tf.add(mean, delta))), tf.step(tf.sub(tf.sub(mean, delta), w)));
      const rise = tf.mul(mills, tf.sub(mills, ratio));
      const inside = tf.step(tf.sub(limit, tf.abs(d)));
      return {
        value: tf.mul(codes, scale),
        saved: [codes, centred, deviation, ratio, mills, tf.mul(rise, inside), tf.sign(d)],
      };
    },
    (dy, saved) => {
      const [codes, centred, deviation, ratio, mills, rise, sign] = saved as [
        Tensor,
        Tensor,
        Tensor,
        Tensor,
        Tensor,
        Tensor,
        Tensor,
      ];
      const towardScale = tf.sum(tf.mul(dy, codes));
      const towardThreshold = tf.mul(tf.mul(towardScale, rise), sign);
      if (!p.attached) return [tf.clone(dy), towardThreshold];
      const { count, freedom } = sizes(tf, latent.size, mask);
      const perDeviation = tf.sub(mills, tf.mul(ratio, rise));
      const slope = tf.div(tf.mul(towardScale, perDeviation), tf.mul(deviation, freedom));
      const throughDeviation = tf.add(dy, tf.mul(centred, slope));
      return [
        p.scale === 'repo' ? tf.add(throughDeviation, tf.div(towardScale, count)) : throughDeviation,
        towardThreshold,
      ];
    },
  );
}

function deploy(
  latent: Float32Array,
  _shape: WeightShape,
  p: Parameters,
  variables: Record<string, Float32Array>,
): DeployedWeights {
  const kept = latent.filter((_, i) => remains(variables.mask, i));
  const mean = kept.reduce((sum, w) => sum + w, 0) / Math.max(kept.length, 1);
  const squares = kept.reduce((sum, w) => sum + (w - mean) ** 2, 0);
  const deviation = Math.max(Math.sqrt(squares / Math.max(kept.length - 1, 1)), SMALLEST_DEVIATION);
  const delta = Math.min(Math.abs(variables.threshold?.[0] ?? 0), p.clip * deviation);
  const tail = deviation * inverseMills(delta / deviation);
  const [above, below] = [Math.fround(mean + delta), Math.fround(mean - delta)];
  return {
    levels: [
      {
        codes: Int8Array.from(latent, (w) => (w > above ? 1 : w < below ? -1 : 0)),
        scale: Float32Array.of(p.scale === 'repo' ? tail + mean : tail),
      },
    ],
  };
}

function variables(_shape: WeightShape, p: Parameters): VariableSpec[] {
  return [
    {
      name: 'threshold',
      shape: [],
      trainable: true,
      decay: false,
      first: p.sequential,
      gradientBound: p.gradientBound,
      rate: p.thresholdRate,
      initial: { kind: 'constant', value: 0 },
    },
  ];
}

/** The threshold in deviations for which the function is drawn: the best one for normal weights. */
const DRAWN_RATIO = 0.612;

export const tga: Method = {
  card: {
    id: 'tga',
    title: 'TGA',
    sentence:
      'Ternary weights {−A, 0, +A} whose threshold is trained: the scale follows it in closed form from a truncated Gaussian.',
    quantizes: ['weights'],
    bits: { weights: 2 },
    forward: [
      'μ = mean(W), σ = deviation(W) with N − 1',
      'Δ = min(|d|, 3σ), d trained, one per layer, from 0.05 · max|W| on',
      'T = +1 if W > μ + Δ; −1 if W < μ − Δ; else 0',
      'z = Δ/σ, λ(z) = φ(z)/(1 − Φ(z))',
      'A = σ · λ(z) (symmetric) or μ + σ · λ(z) (repo)',
      'W_q = A · T',
    ],
    gradient: [
      'S = Σ g · T with g = dL/dW_q',
      'dL/dd = S · λ(z) · (λ(z) − z) · sgn(d) · 1[|d| < 3σ], clamped to ±0.001',
      'dL/dW = g; attached: + S · (λ − z · λ · (λ − z)) · (W − μ)/((N − 1)σ), in repo form + S/N',
    ],
    paper: {
      title:
        'Simultaneously Optimizing Weight and Quantizer of Ternary Neural Network Using Truncated Gaussian Approximation',
      authors: 'Z. He, D. Fan',
      year: 2019,
      venue: 'CVPR',
      url: 'https://arxiv.org/abs/1810.01018',
    },
    departures: [
      'The scale is σ · λ(z) by default: the mean cancels over both tails; `scale: repo` adds it, as the authors’ code does.',
      'Where |d| reaches 3σ the attached gradient is the exact derivative of A = σ · λ(3) (+ μ).',
      'Per batch the thresholds are stepped first, then the weights with the new thresholds (`sequential`), as in the authors’ code.',
      'The thresholds are stepped by the optimizer of the run at its rate (`thresholdRate`), without weight decay; the authors’ code has SGD with Nesterov momentum 0.9 for them, whatever the weights have. With Adam the bound on the gradient has little effect.',
      'All layers are ternarized where the run says so: the paper’s headline has the first and the last among them.',
      'The paper starts from a trained network in full precision: `initialize` of the run.',
    ],
  },
  weights: weightSide({
    parameters,
    form: {
      variables,
      initialize: (kernel: Float32Array, _shape: WeightShape, p: Parameters) => ({
        threshold: Float32Array.of(maxThreshold(kernel, kernel.keys(), p.initFactor)),
      }),
      quantize,
      deploy,
    },
    curve: {
      drawn: 'for weights of mean 0 and deviation 1',
      value: (x: number) => (Math.abs(x) > DRAWN_RATIO ? Math.sign(x) * inverseMills(DRAWN_RATIO) : 0),
      slope: () => 1,
    },
  }),
};
