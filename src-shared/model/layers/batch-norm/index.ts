import { z } from 'zod';
import type { TF, Tensor } from '../../../base/tensorflow.ts';
import { inputs, layerId } from '../../fields.ts';
import { layerKind } from '../../kind.ts';
import { foldBatchNorm } from './fold.ts';

const schema = z.strictObject({
  id: layerId,
  kind: z.literal('batch-norm'),
  inputs,
  momentum: z
    .number()
    .min(0)
    .lt(1)
    .default(0.9)
    .describe('share of the old running statistics that each step keeps'),
  epsilon: z.number().positive().max(1).default(1e-4).describe('added to the variance'),
  scale: z.boolean().default(true).describe('γ is trained; otherwise it stays 1'),
  offset: z.boolean().default(true).describe('β is trained; otherwise it stays 0'),
});

/**
 * Batch normalisation over all axes but the last (Ioffe, Szegedy, arXiv 1502.03167), with the closed-form gradient:
 *   x̂ = (x − μ)/σ, y = γ·x̂ + β;  dx = γ/σ · (dy − mean(dy) − x̂ · mean(dy · x̂)).
 * Running statistics use the biased batch variance.
 */
export const batchNorm = layerKind({
  kind: 'batch-norm',
  title: 'Batch normalisation',
  schema,
  arity: 1,
  inferShape: (_spec, [shape]) => shape ?? [],
  bits: () => 32,
  variables: (spec, [shape]) => {
    const size = [shape?.at(-1) ?? 0];
    const constant = (value: number) => ({ kind: 'constant' as const, value });
    return [
      { name: 'gamma', shape: size, trainable: spec.scale, decay: false, initial: constant(1) },
      { name: 'beta', shape: size, trainable: spec.offset, decay: false, initial: constant(0) },
      { name: 'mean', shape: size, trainable: false, decay: false, initial: constant(0) },
      { name: 'variance', shape: size, trainable: false, decay: false, initial: constant(1) },
    ];
  },
  deployedFloats: (_spec, [shape]) => 2 * (shape?.at(-1) ?? 0),
  forward: ({ spec }, [x], { tf, variables, update, inference, frozen }) => {
    const { gamma, beta, mean, variance } = variables;
    if (!x || !gamma || !beta || !mean || !variance)
      throw new RangeError(`layer ${spec.id} lacks a variable`);
    const flat = tf.reshape(x, [-1, x.shape.at(-1) ?? 0]);
    if (inference) {
      const factor = tf.mul(gamma, tf.rsqrt(tf.add(variance, spec.epsilon)));
      return tf.reshape(tf.add(tf.mul(tf.sub(flat, mean), factor), beta), x.shape);
    }
    const running = frozen ? { share: frozen, mean, variance } : null;
    // Statistics leave from inside the operation, so that the tape does not see their arithmetic.
    const keepStatistics = (batchMean: Tensor, batchVariance: Tensor) => {
      update('mean', kept(tf, frozen, mean, blend(tf, mean, batchMean, spec.momentum)));
      update('variance', kept(tf, frozen, variance, blend(tf, variance, batchVariance, spec.momentum)));
    };
    return tf.reshape(normalise(tf, flat, gamma, beta, spec.epsilon, running, keepStatistics), x.shape);
  },
  trained: ({ spec, inputs: from, shape }, { variables }) => {
    const { gamma, beta, mean, variance } = variables;
    if (!gamma || !beta || !mean || !variance) throw new RangeError(`layer ${spec.id} lacks a variable`);
    const folded = foldBatchNorm(gamma, beta, mean, variance, spec.epsilon);
    return { id: spec.id, kind: 'batch-norm', inputs: from, shape, ...folded };
  },
});

function blend(tf: TF, old: Tensor, fresh: Tensor, momentum: number): Tensor {
  return tf.add(tf.mul(old, momentum), tf.mul(fresh, 1 - momentum));
}

/** Old and new by a share of 1 or 0: exactly the old value while frozen. */
function kept(tf: TF, frozen: Tensor | undefined, old: Tensor, fresh: Tensor): Tensor {
  return frozen ? tf.add(tf.mul(old, frozen), tf.mul(fresh, tf.sub(1, frozen))) : fresh;
}

/**
 * x: [samples, channels]. One pass over x forward, two backward; the tape sees a single operation.
 *
 * @param running where batch norm may be frozen: the share (0 or 1) of the running statistics in those that are used,
 *   through which no gradient flows
 */
function normalise(
  tf: TF,
  x: Tensor,
  gamma: Tensor,
  beta: Tensor,
  epsilon: number,
  running: { share: Tensor; mean: Tensor; variance: Tensor } | null,
  statistics: (mean: Tensor, variance: Tensor) => void,
): Tensor {
  const operation = tf.customGrad((...args) => {
    const save = args.pop() as unknown as (tensors: Tensor[]) => void;
    const [input, scale, shift] = args as unknown as [Tensor, Tensor, Tensor];
    const batchMean = tf.mean(input, 0);
    const batchCentred = tf.sub(input, batchMean);
    const batchVariance = tf.mean(tf.square(batchCentred), 0);
    statistics(batchMean, batchVariance);
    const centred = running ? tf.sub(input, kept(tf, running.share, running.mean, batchMean)) : batchCentred;
    const variance = kept(tf, running?.share, running?.variance ?? batchVariance, batchVariance);
    const inverse = tf.rsqrt(tf.add(variance, epsilon));
    save([centred, inverse, scale, ...(running ? [running.share] : [])]);
    return {
      value: tf.add(tf.mul(centred, tf.mul(inverse, scale)), shift),
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [c, inv, g, share] = saved as [Tensor, Tensor, Tensor, Tensor | undefined];
        const count = dy.shape[0] ?? 1;
        const sumDy = tf.sum(dy, 0);
        const sumDyC = tf.sum(tf.mul(dy, c), 0);
        const mean = tf.div(sumDy, count);
        const slope = tf.div(tf.mul(sumDyC, tf.square(inv)), count);
        const followed = share ? tf.sub(1, share) : null;
        const through = tf.add(
          followed ? tf.mul(mean, followed) : mean,
          tf.mul(c, followed ? tf.mul(slope, followed) : slope),
        );
        const dx = tf.mul(tf.sub(dy, through), tf.mul(inv, g));
        return [dx, tf.mul(sumDyC, inv), sumDy];
      },
    };
  });
  return operation(x, gamma, beta);
}
