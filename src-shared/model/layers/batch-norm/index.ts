import { z } from 'zod';
import type { TF, Tensor } from '../../../base/tensorflow.ts';
import { inputs, layerId } from '../../fields.ts';
import { layerKind } from '../../kind.ts';
import { foldBatchNorm } from './fold.ts';

const schema = z.strictObject({
  id: layerId,
  kind: z.literal('batch-norm'),
  inputs,
  /** Share of the old running statistics that each step keeps. */
  momentum: z.number().min(0).lt(1).default(0.9),
  epsilon: z.number().positive().max(1).default(1e-4),
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
  variables: (_spec, [shape]) => {
    const size = [shape?.at(-1) ?? 0];
    const constant = (value: number) => ({ kind: 'constant' as const, value });
    return [
      { name: 'gamma', shape: size, trainable: true, decay: false, initial: constant(1) },
      { name: 'beta', shape: size, trainable: true, decay: false, initial: constant(0) },
      { name: 'mean', shape: size, trainable: false, decay: false, initial: constant(0) },
      { name: 'variance', shape: size, trainable: false, decay: false, initial: constant(1) },
    ];
  },
  forward: ({ spec }, [x], { tf, variables, update }) => {
    const { gamma, beta, mean, variance } = variables;
    if (!x || !gamma || !beta || !mean || !variance)
      throw new RangeError(`layer ${spec.id} lacks a variable`);
    const flat = tf.reshape(x, [-1, x.shape.at(-1) ?? 0]);
    // Statistics leave from inside the operation, so that the tape does not see their arithmetic.
    const keepStatistics = (batchMean: Tensor, batchVariance: Tensor) => {
      update('mean', blend(tf, mean, batchMean, spec.momentum));
      update('variance', blend(tf, variance, batchVariance, spec.momentum));
    };
    return tf.reshape(normalise(tf, flat, gamma, beta, spec.epsilon, keepStatistics), x.shape);
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

/** x: [samples, channels]. One pass over x forward, two backward; the tape sees a single operation. */
function normalise(
  tf: TF,
  x: Tensor,
  gamma: Tensor,
  beta: Tensor,
  epsilon: number,
  statistics: (mean: Tensor, variance: Tensor) => void,
): Tensor {
  const operation = tf.customGrad((...args) => {
    const save = args.pop() as unknown as (tensors: Tensor[]) => void;
    const [input, scale, shift] = args as unknown as [Tensor, Tensor, Tensor];
    const mean = tf.mean(input, 0);
    const centred = tf.sub(input, mean);
    const variance = tf.mean(tf.square(centred), 0);
    statistics(mean, variance);
    const inverse = tf.rsqrt(tf.add(variance, epsilon));
    save([centred, inverse, scale]);
    return {
      value: tf.add(tf.mul(centred, tf.mul(inverse, scale)), shift),
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [c, inv, g] = saved as [Tensor, Tensor, Tensor];
        const count = dy.shape[0] ?? 1;
        const sumDy = tf.sum(dy, 0);
        const sumDyC = tf.sum(tf.mul(dy, c), 0);
        const projected = tf.mul(c, tf.div(tf.mul(sumDyC, tf.square(inv)), count));
        const dx = tf.mul(tf.sub(tf.sub(dy, tf.div(sumDy, count)), projected), tf.mul(inv, g));
        return [dx, tf.mul(sumDyC, inv), sumDy];
      },
    };
  });
  return operation(x, gamma, beta);
}
