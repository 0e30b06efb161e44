import { z } from 'zod';
import type { Tensor } from '../../../base/tensorflow.ts';
import { customGradient } from '../../parts/custom-gradient.ts';
import { GRANULARITIES, groups } from '../../parts/scales.ts';
import { insideMask } from '../../parts/sign.ts';
import { weightSide } from '../../side.ts';
import type { DeployedWeights, MethodContext, WeightShape } from '../../types.ts';
import { fitNumbers, fitTensor, shifts } from './bases.ts';

const parameters = z.strictObject({
  bases: z.int().min(1).max(8).default(3).describe('M: binary bases per weight, one bit each'),
  granularity: z
    .enum(GRANULARITIES)
    .default('layer')
    .describe('moments and scales over the whole layer or per filter'),
  mask: z
    .boolean()
    .default(false)
    .describe('stops the gradient through a base where its shifted weight is outside [−1, 1]'),
});
type Parameters = z.output<typeof parameters>;

function quantize(
  latent: Tensor,
  shape: WeightShape,
  p: Parameters,
  { tf, variables: { mask } }: MethodContext,
): Tensor {
  return customGradient(
    tf,
    [latent],
    (w) => {
      const fit = fitTensor(tf, w as Tensor, shape, p.bases, p.granularity, mask);
      const saved = p.mask ? [w as Tensor, ...fit.thresholds, ...fit.alphas] : [fit.total];
      return { value: fit.value, saved };
    },
    (g, saved) => {
      const [first, ...rest] = saved as [Tensor, ...Tensor[]];
      if (!p.mask) return [tf.mul(g, first)];
      const slopes = rest
        .slice(0, p.bases)
        .map((threshold, i) =>
          tf.mul(insideMask(tf, tf.sub(first, threshold), 1), rest[p.bases + i] as Tensor),
        );
      return [
        tf.mul(
          g,
          slopes.reduce((sum, slope) => tf.add(sum, slope)),
        ),
      ];
    },
  );
}

function deploy(
  latent: Float32Array,
  shape: WeightShape,
  p: Parameters,
  { mask }: Record<string, Float32Array>,
): DeployedWeights {
  const members = groups(shape, p.granularity, mask);
  const fits = members.map((group) => fitNumbers(latent, group, p.bases));
  const levels = shifts(p.bases).map((_, i) => {
    const codes = new Int8Array(latent.length);
    members.forEach((group, index) => {
      const threshold = fits[index]?.thresholds[i] ?? 0;
      for (const element of group) codes[element] = (latent[element] ?? 0) >= threshold ? 1 : -1;
    });
    return { codes, scale: Float32Array.from(fits, ({ alphas }) => alphas[i] ?? 0) };
  });
  return { levels };
}

/** Scales of the drawn curve: the least-squares fit of weights spread evenly over [−√3, √3], whose deviation is 1. */
function drawnScales(count: number): number[] {
  const edge = Math.sqrt(3);
  const bounds = [edge, ...shifts(count).map((u) => -u), -edge];
  const level = (k: number): number =>
    k === 0
      ? (edge + (bounds[1] ?? 0)) / 2
      : k === count
        ? -level(0)
        : ((bounds[k] ?? 0) + (bounds[k + 1] ?? 0)) / 2;
  return shifts(count).map((_, i) => (level(i) - level(i + 1)) / 2);
}

export const abcWeights = weightSide({
  parameters,
  form: { bits: ({ bases }: Parameters) => bases, quantize, deploy },
  curve: {
    drawn: 'for weights spread evenly, of mean 0 and deviation 1',
    value: (x, p: Parameters) =>
      drawnScales(p.bases).reduce(
        (sum, alpha, i) => sum + (x >= -(shifts(p.bases)[i] ?? 0) ? alpha : -alpha),
        0,
      ),
    slope: (x, p: Parameters) =>
      drawnScales(p.bases).reduce(
        (sum, alpha, i) => sum + (!p.mask || Math.abs(x + (shifts(p.bases)[i] ?? 0)) <= 1 ? alpha : 0),
        0,
      ),
  },
});
