import { z } from 'zod';
import type { Tensor } from '../../../base/tensorflow.ts';
import { GRANULARITIES, groups, meanAbs, statisticAxes } from '../../parts/scales.ts';
import { straightThrough } from '../../parts/straight-through.ts';
import { meanKept, meanKeptTensor, ternaryCode, ternaryTensor } from '../../parts/ternary.ts';
import { weightSide } from '../../side.ts';
import type { DeployedWeights, Method, MethodContext, WeightShape } from '../../types.ts';

const parameters = z.strictObject({
  factor: z.number().positive().max(3).default(0.7).describe('threshold as a multiple of mean |W|'),
  granularity: z
    .enum(GRANULARITIES)
    .default('layer')
    .describe('one threshold and scale per layer or per filter'),
});
type Parameters = z.output<typeof parameters>;

/**
 * Δ = factor · mean|W|; T = +1 where W > Δ, −1 where W < −Δ, else 0 (strict); α = mean of |W| over the kept weights;
 * W_q = α·T. The gradient passes to the latent weights unchanged.
 */
function quantize(
  latent: Tensor,
  shape: WeightShape,
  p: Parameters,
  { tf, variables: { mask } }: MethodContext,
): Tensor {
  return straightThrough(tf, latent, (w) => {
    const delta = tf.mul(meanAbs(tf, w, shape, p.granularity, mask), p.factor);
    const codes = ternaryTensor(tf, w, delta);
    return tf.mul(meanKeptTensor(tf, w, codes, statisticAxes(shape, p.granularity)), codes);
  });
}

/** The same from plain numbers, with the threshold in float32 so that no weight falls on the other side. */
function deploy(
  latent: Float32Array,
  shape: WeightShape,
  p: Parameters,
  { mask }: Record<string, Float32Array>,
): DeployedWeights {
  const codes = new Int8Array(latent.length);
  const scale = groups(shape, p.granularity, mask).map((members) => {
    let sum = 0;
    for (const i of members) sum += Math.abs(latent[i] ?? 0);
    const delta = Math.fround((sum / Math.max(members.length, 1)) * p.factor);
    for (const i of members) codes[i] = ternaryCode(latent[i] ?? 0, delta);
    return meanKept(latent, codes, members);
  });
  return { levels: [{ codes, scale: Float32Array.from(scale) }] };
}

export const twn: Method = {
  card: {
    id: 'twn',
    title: 'TWN',
    sentence:
      'Ternary weights {−α, 0, +α} with a threshold at 0.7 of the mean magnitude and the best scale for it.',
    quantizes: ['weights'],
    bits: { weights: 2 },
    forward: [
      'Δ = 0.7 · mean|W|',
      'T = +1 if W > Δ; −1 if W < −Δ; else 0',
      'α = mean of |W| where T ≠ 0',
      'W_q = α · T',
    ],
    gradient: ['dL/dW = dL/dW_q'],
    paper: {
      title: 'Ternary Weight Networks',
      authors: 'F. Li, B. Liu, X. Wang, B. Zhang, J. Yan',
      year: 2016,
      venue: 'arXiv',
      url: 'https://arxiv.org/abs/1605.04711',
    },
    departures: [
      'The scale may also be taken per filter (`granularity`); the paper has one per layer.',
      'The authors’ code divides by the number of kept weights plus 10⁻⁶, to the same effect.',
    ],
  },
  weights: weightSide({
    parameters,
    form: { quantize, deploy },
    curve: {
      drawn: 'for a layer whose mean magnitude is 1: the threshold is the factor itself',
      value: (x: number, p: Parameters) => (x > p.factor ? 1 : x < -p.factor ? -1 : 0),
      slope: () => 1,
    },
  }),
};
