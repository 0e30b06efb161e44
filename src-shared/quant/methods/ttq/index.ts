import { z } from 'zod';
import type { TF, Tensor } from '../../../base/tensorflow.ts';
import { customGradient } from '../../parts/custom-gradient.ts';
import { remains } from '../../parts/masks.ts';
import { maxThreshold } from '../../parts/ternary-max.ts';
import { weightSide } from '../../side.ts';
import type { DeployedWeights, Method, MethodContext, VariableSpec, WeightShape } from '../../types.ts';

const parameters = z.strictObject({
  rule: z
    .enum(['max', 'sparsity'])
    .default('max')
    .describe('threshold as a multiple of max |W|, or such that a fixed share of the weights is zero'),
  factor: z
    .number()
    .positive()
    .max(1)
    .default(0.05)
    .describe('t: threshold as a multiple of max |W| (rule max)'),
  sparsity: z
    .number()
    .positive()
    .lt(1)
    .default(0.5)
    .describe('share of the weights that become zero (rule sparsity)'),
  initialScale: z
    .enum(['one', 'mean'])
    .default('one')
    .describe('start of the scales: 1, or the mean magnitude of the first positive and negative weights'),
});
type Parameters = z.output<typeof parameters>;

/** How many of the smallest magnitudes the rule `sparsity` sets to zero; at least one. In float32, as the tensor form. */
function zeroCount(count: number, { sparsity }: Parameters): number {
  const share = Math.fround(Math.fround(sparsity) * count);
  return Math.min(count, Math.max(1, Math.floor(Math.fround(share + 0.5))));
}

function thresholdTensor(tf: TF, w: Tensor, p: Parameters, mask: Tensor | undefined): Tensor {
  const magnitude = tf.abs(w);
  if (p.rule === 'max') return tf.mul(tf.max(magnitude), p.factor);
  const flat = tf.reshape(magnitude, [w.size]);
  if (!mask) return tf.min(tf.topk(flat, w.size - zeroCount(w.size, p) + 1, true).values);
  // Descending, the pruned weights last: of those that remain, the largest that becomes zero.
  const count = tf.sum(mask);
  const zeros = tf.minimum(count, tf.maximum(tf.floor(tf.add(tf.mul(count, p.sparsity), 0.5)), 1));
  const place = tf.clipByValue(tf.sub(count, zeros), 0, w.size - 1);
  return tf.gather(tf.topk(flat, w.size, true).values, tf.cast(place, 'int32'));
}

function threshold(latent: Float32Array, p: Parameters, mask?: Float32Array): number {
  if (p.rule === 'max') return maxThreshold(latent, latent.keys(), p.factor);
  const magnitudes = latent.filter((_, i) => remains(mask, i)).map(Math.abs);
  return magnitudes.sort()[zeroCount(magnitudes.length, p) - 1] ?? 0;
}

/** W_q = W_p · 1[W > Δ] − W_n · 1[W < −Δ] with the gradients of the paper for W, W_p and W_n. */
function quantize(latent: Tensor, _shape: WeightShape, p: Parameters, context: MethodContext): Tensor {
  const { tf } = context;
  const { positive, negative, mask } = context.variables;
  if (!positive || !negative) throw new RangeError('ttq lacks its scales');
  return customGradient(
    tf,
    [latent, positive, negative],
    (w, wp, wn) => {
      const delta = thresholdTensor(tf, w as Tensor, p, mask);
      const above = tf.step(tf.sub(w as Tensor, delta));
      const below = tf.step(tf.sub(tf.neg(w as Tensor), delta));
      return {
        value: tf.sub(tf.mul(above, wp as Tensor), tf.mul(below, wn as Tensor)),
        saved: [above, below, wp as Tensor, wn as Tensor],
      };
    },
    (dy, [above, below, wp, wn]) => {
      if (!above || !below || !wp || !wn) throw new RangeError('nothing was saved');
      const rise = tf.add(tf.mul(above, tf.sub(wp, 1)), tf.mul(below, tf.sub(wn, 1)));
      return [
        tf.mul(dy, tf.add(rise, 1)),
        tf.reshape(tf.sum(tf.mul(dy, above)), wp.shape),
        tf.reshape(tf.neg(tf.sum(tf.mul(dy, below))), wn.shape),
      ];
    },
  );
}

function initialize(kernel: Float32Array, _shape: WeightShape, p: Parameters): Record<string, Float32Array> {
  if (p.initialScale === 'one') return {};
  const delta = threshold(kernel, p);
  const mean = (kept: Float32Array) =>
    Float32Array.of(kept.reduce((sum, w) => sum + Math.abs(w), 0) / Math.max(kept.length, 1));
  return {
    positive: mean(kernel.filter((w) => w > delta)),
    negative: mean(kernel.filter((w) => w < -delta)),
  };
}

/** Two levels: the positive codes with W_p, the negative ones with W_n. */
function deploy(
  latent: Float32Array,
  _shape: WeightShape,
  p: Parameters,
  variables: Record<string, Float32Array>,
): DeployedWeights {
  const delta = threshold(latent, p, variables.mask);
  return {
    levels: [
      {
        codes: Int8Array.from(latent, (w) => (w > delta ? 1 : 0)),
        scale: Float32Array.of(variables.positive?.[0] ?? 1),
      },
      {
        codes: Int8Array.from(latent, (w) => (w < -delta ? -1 : 0)),
        scale: Float32Array.of(variables.negative?.[0] ?? 1),
      },
    ],
  };
}

function scale(name: string): VariableSpec {
  return { name, shape: [], trainable: true, decay: false, initial: { kind: 'constant', value: 1 } };
}

export const ttq: Method = {
  card: {
    id: 'ttq',
    title: 'TTQ',
    sentence: 'Ternary weights {−Wn, 0, +Wp} whose two scales per layer are trained.',
    quantizes: ['weights'],
    bits: { weights: 2 },
    forward: ['Δ = t · max|W|', 'W_q = +W_p if W > Δ; −W_n if W < −Δ; else 0'],
    gradient: [
      'dL/dW = W_p · g where W > Δ; W_n · g where W < −Δ; g elsewhere, with g = dL/dW_q',
      'dL/dW_p = Σ g over W > Δ',
      'dL/dW_n = −Σ g over W < −Δ',
    ],
    paper: {
      title: 'Trained Ternary Quantization',
      authors: 'C. Zhu, S. Han, H. Mao, W. J. Dally',
      year: 2017,
      venue: 'ICLR',
      url: 'https://arxiv.org/abs/1612.01064',
    },
    departures: [
      'The fixed share of zeros (`rule: sparsity`) is taken over |W| itself; the authors’ code ranks |tanh W|, which is the same order.',
      'The scales may start at the mean magnitudes of the first weights (`initialScale`); the authors’ code starts them at 1.',
    ],
  },
  weights: weightSide({
    parameters,
    form: {
      variables: () => [scale('positive'), scale('negative')],
      initialize,
      quantize,
      deploy,
    },
    curve: {
      drawn: 'for a layer whose largest magnitude is 1, with both scales at 1',
      value: (x: number, p: Parameters) => {
        const delta = p.rule === 'max' ? p.factor : p.sparsity;
        return x > delta ? 1 : x < -delta ? -1 : 0;
      },
      slope: () => 1,
    },
  }),
};
