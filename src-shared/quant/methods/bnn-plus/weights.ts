import { z } from 'zod';
import type { TF, Tensor } from '../../../base/tensorflow.ts';
import { againstKernel, groupCount, numbersOf, variableOf } from '../../parts/group-variable.ts';
import { GRANULARITIES, groups } from '../../parts/scales.ts';
import { insideMask, sign, signTensor } from '../../parts/sign.ts';
import { straightThrough } from '../../parts/straight-through.ts';
import { weightSide } from '../../side.ts';
import type { MethodContext, WeightShape } from '../../types.ts';
import { penaltyTensor, REGULARIZERS, stationaryScale } from './regularizer.ts';
import { signSwishSlope, signSwishSlopeTensor } from './sign-swish.ts';

const parameters = z.strictObject({
  regularizer: z
    .enum(REGULARIZERS)
    .default('manhattan')
    .describe('R1 = Σ |α − |W|| (manhattan) or R2 = Σ (α − |W|)² (euclidean)'),
  strength: z
    .number()
    .min(0)
    .max(1)
    .default(1e-6)
    .describe(
      'λ: weight of the regulariser in the loss; the schedule `training.regularization` multiplies it over time',
    ),
  reduction: z
    .enum(['sum', 'mean'])
    .default('sum')
    .describe('whether R is summed or averaged over the weights of a layer'),
  granularity: z
    .enum(GRANULARITIES)
    .default('filter')
    .describe('one trained scale α per layer or per filter'),
  alphaInForward: z
    .boolean()
    .default(true)
    .describe('weights are ±α; otherwise ±1, and α acts in the regulariser only'),
  slope: z
    .enum(['clipped', 'sign-swish'])
    .default('clipped')
    .describe('what stands in for the derivative of the sign of a weight'),
  sharpness: z.number().positive().max(100).default(5).describe('b of the SignSwish slope of the weights'),
  clip: z.boolean().default(true).describe('keeps latent weights in [−1, 1]'),
});
type Parameters = z.output<typeof parameters>;

/** α = |a| of the trained variable a, in a shape that broadcasts against the kernel. */
function scaleTensor({ tf, variables }: MethodContext, shape: WeightShape): Tensor {
  return againstKernel(tf, tf.abs(variableOf(variables, 'alpha')), shape);
}

function slopeTensor(tf: TF, w: Tensor, p: Parameters): Tensor {
  return p.slope === 'clipped' ? insideMask(tf, w, 1) : signSwishSlopeTensor(tf, w, p.sharpness);
}

function quantize(latent: Tensor, shape: WeightShape, p: Parameters, context: MethodContext): Tensor {
  const { tf } = context;
  const signs = straightThrough(
    tf,
    latent,
    (w) => signTensor(tf, w),
    (w) => slopeTensor(tf, w, p),
  );
  return p.alphaInForward ? tf.mul(signs, scaleTensor(context, shape)) : signs;
}

function regularize(latent: Tensor, shape: WeightShape, p: Parameters, context: MethodContext): Tensor {
  const { tf } = context;
  const { mask } = context.variables;
  const penalty = penaltyTensor(tf, p.regularizer, latent, scaleTensor(context, shape), mask);
  if (p.reduction === 'mean' && mask) return tf.div(tf.mul(penalty, p.strength), tf.maximum(tf.sum(mask), 1));
  return tf.mul(penalty, p.reduction === 'sum' ? p.strength : p.strength / latent.size);
}

export const bnnPlusWeights = weightSide({
  parameters,
  form: {
    variables: (shape, p: Parameters) => [
      {
        name: 'alpha',
        shape: [groupCount(shape, p.granularity)],
        trainable: true,
        decay: false,
        initial: { kind: 'constant', value: 1 },
      },
    ],
    initialize: (kernel, shape, p: Parameters) => {
      const start = p.clip ? kernel.map((w) => Math.min(1, Math.max(-1, w))) : kernel;
      const alpha = groups(shape, p.granularity).map((members) =>
        stationaryScale(
          p.regularizer,
          Array.from(members, (i) => Math.abs(start[i] ?? 0)),
        ),
      );
      return { kernel: start, alpha: Float32Array.from(alpha) };
    },
    quantize,
    regularize,
    settle: (proposed, _before, _shape, p: Parameters, { tf }) =>
      p.clip ? tf.clipByValue(proposed, -1, 1) : proposed,
    deploy: (latent, _shape, p: Parameters, variables) => ({
      levels: [
        {
          codes: Int8Array.from(latent, sign),
          scale: p.alphaInForward ? numbersOf(variables, 'alpha').map(Math.abs) : Float32Array.of(1),
        },
      ],
    }),
  },
  curve: {
    drawn: 'for a scale of 1',
    value: sign,
    slope: (x, p: Parameters) =>
      p.slope === 'clipped' ? (Math.abs(x) <= 1 ? 1 : 0) : signSwishSlope(x, p.sharpness),
  },
});
