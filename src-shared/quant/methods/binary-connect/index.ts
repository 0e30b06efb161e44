import { z } from 'zod';
import type { Tensor } from '../../../base/tensorflow.ts';
import { inverseGlorot, scaledUpdate } from '../../parts/glorot.ts';
import { sign, signTensor } from '../../parts/sign.ts';
import { straightThrough } from '../../parts/straight-through.ts';
import { weightSide } from '../../side.ts';
import type { DeployedWeights, Method, MethodContext, WeightShape } from '../../types.ts';

const parameters = z.strictObject({
  mode: z
    .enum(['deterministic', 'stochastic'])
    .default('deterministic')
    .describe('binary weights by their sign, or drawn anew in each step'),
  magnitude: z
    .number()
    .positive()
    .max(10)
    .default(1)
    .describe('H: binary weights are ±H, latent weights stay in [−H, H]'),
  scaledUpdates: z
    .boolean()
    .default(true)
    .describe('multiplies each step of the weights by the inverse Glorot coefficient of the layer'),
  test: z
    .enum(['binary', 'real'])
    .default('binary')
    .describe(
      'stochastic only: evaluates the signs, or the real weights as the paper does; real weights cannot be exported',
    ),
});
type Parameters = z.output<typeof parameters>;

function quantize(latent: Tensor, _shape: WeightShape, p: Parameters, { tf, noise }: MethodContext): Tensor {
  const scaled = (codes: Tensor) => (p.magnitude === 1 ? codes : tf.mul(codes, p.magnitude));
  if (p.mode === 'deterministic') return straightThrough(tf, latent, (w) => scaled(signTensor(tf, w)));
  if (!noise) throw new RangeError('stochastic BinaryConnect needs noise');
  // +H where u < (W/H + 1)/2; u < 1 always holds at W ≥ H, u < 0 never at W ≤ −H: the clip of the paper.
  return straightThrough(tf, latent, (w) => {
    const probability = tf.mul(tf.add(tf.div(w, p.magnitude), 1), 0.5);
    return scaled(tf.sub(tf.mul(2, tf.step(tf.sub(probability, noise))), 1));
  });
}

function settle(
  proposed: Tensor,
  before: Tensor,
  shape: WeightShape,
  p: Parameters,
  { tf }: MethodContext,
): Tensor {
  const moved = p.scaledUpdates ? scaledUpdate(tf, proposed, before, inverseGlorot(shape)) : proposed;
  return tf.clipByValue(moved, -p.magnitude, p.magnitude);
}

function testsReal(p: Parameters): boolean {
  return p.mode === 'stochastic' && p.test === 'real';
}

function deploy(latent: Float32Array, _shape: WeightShape, p: Parameters): DeployedWeights {
  if (testsReal(p)) return { levels: [], float: latent.slice() };
  return { levels: [{ codes: Int8Array.from(latent, sign), scale: Float32Array.of(p.magnitude) }] };
}

/** BinaryConnect (Courbariaux, Bengio, David, NIPS 2015, arXiv 1511.00363). */
export const binaryConnect: Method = {
  card: {
    id: 'binary-connect',
    title: 'BinaryConnect',
    sentence: 'Binary weights, by their sign or drawn at random in training; activations stay as they are.',
    quantizes: ['weights'],
    bits: { weights: 1 },
    forward: [
      'deterministic: W_b = H · sgn(W), sgn(0) = +1',
      'stochastic: W_b = +H with probability clip((W/H + 1)/2, 0, 1), else −H',
      'W ← clip(W + c · step of the optimizer, −H, H), c = √((fan-in + fan-out)/1.5)',
      'deployed: H · sgn(W)',
    ],
    gradient: ['dL/dW = dL/dW_b'],
    paper: {
      title: 'BinaryConnect: Training Deep Neural Networks with binary weights during propagations',
      authors: 'M. Courbariaux, Y. Bengio, J.-P. David',
      year: 2015,
      venue: 'NIPS',
      url: 'https://arxiv.org/abs/1511.00363',
    },
    departures: [
      'The paper tests networks that were trained with stochastic weights with their real weights. Those cannot be deployed as binary numbers, so the signs are evaluated and exported; `test: real` evaluates as the paper does, and such a run cannot be exported.',
    ],
  },
  weights: weightSide({
    parameters,
    form: {
      bits: (p: Parameters) => (testsReal(p) ? 32 : 1),
      noise: (p: Parameters) => p.mode === 'stochastic',
      quantize,
      settle,
      deploy,
    },
    curve: { value: (x, p: Parameters) => p.magnitude * sign(x), slope: () => 1 },
  }),
};
