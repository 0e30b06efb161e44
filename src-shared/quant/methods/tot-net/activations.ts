import { z } from 'zod';
import type { TF, Tensor } from '../../../base/tensorflow.ts';
import {
  BRANCHES,
  piecewiseCrossings,
  piecewiseSlope,
  piecewiseTensor,
  piecewiseValue,
} from '../../parts/activation-families.ts';
import { meanAbove, meanMagnitude } from '../../parts/first-batch.ts';
import { openMask } from '../../parts/open-mask.ts';
import { staircaseOf } from '../../parts/staircases.ts';
import { straightThrough } from '../../parts/straight-through.ts';
import { meanKeptTensor, ternaryCode, ternaryTensor } from '../../parts/ternary.ts';
import { activationSide } from '../../side.ts';
import type { MethodContext, Staircase, VariableSpec } from '../../types.ts';

const parameters = z.strictObject({
  factor: z
    .number()
    .positive()
    .max(3)
    .default(0.7)
    .describe('threshold as a multiple of mean |x| per sample'),
  left: z.enum(BRANCHES).default('identity').describe('activation function for x < 0, before the ternarizer'),
  right: z
    .enum(BRANCHES)
    .default('identity')
    .describe('activation function for x ≥ 0, before the ternarizer'),
  statistics: z
    .enum(['sample', 'running'])
    .default('sample')
    .describe(
      'threshold and scale of each sample, or the running averages, frozen as deployment will use them',
    ),
  start: z
    .enum(['first-batch', 'normal'])
    .default('first-batch')
    .describe('the running averages start at the values of the first batch, or of a standard normal input'),
  momentum: z
    .number()
    .positive()
    .max(1)
    .default(0.1)
    .describe('weight of a batch in the running averages of threshold and scale'),
});
type Parameters = z.output<typeof parameters>;

/** Threshold and scale of a standard normal input at factor 0.7: where the running averages start. */
const NORMAL_DELTA = 0.5585;
const NORMAL_ALPHA = 1.1842;

/** One threshold and one scale per sample, [batch, 1, …]; a tensor without a batch axis is one sample. */
function statistics(tf: TF, x: Tensor, factor: number): { delta: Tensor; alpha: Tensor } {
  const axes = x.shape.map((_, axis) => axis).slice(x.rank > 1 ? 1 : 0);
  const delta = tf.mul(tf.mean(tf.abs(x), axes, true), factor);
  return { delta, alpha: meanKeptTensor(tf, x, ternaryTensor(tf, x, delta), axes) };
}

function quantize(x: Tensor, p: Parameters, context: MethodContext): Tensor {
  const { tf, update } = context;
  const { delta, alpha } = context.variables;
  if (!delta || !alpha) throw new RangeError('tot-net lacks its running averages');
  const u = piecewiseTensor(tf, x, p);
  let used = { delta, alpha };
  if (p.statistics === 'sample') {
    used = statistics(tf, u, p.factor);
    const averaged = (before: Tensor, now: Tensor) =>
      tf.add(tf.mul(before, 1 - p.momentum), tf.mul(tf.mean(now), p.momentum));
    update('delta', averaged(delta, used.delta));
    update('alpha', averaged(alpha, used.alpha));
  }
  return straightThrough(
    tf,
    u,
    (v) => tf.mul(used.alpha, ternaryTensor(tf, v, used.delta)),
    (v) => openMask(tf, v, 1),
  );
}

/** Threshold and scale of the first batch as one sample. */
function calibrate(inputs: Float32Array, p: Parameters): Record<string, Float32Array> {
  if (p.start === 'normal') return {};
  const u = inputs.map((x) => piecewiseValue(x, p));
  const delta = Math.fround(p.factor * meanMagnitude(u));
  return { delta: Float32Array.of(delta), alpha: Float32Array.of(meanAbove(u, delta)) };
}

/** α · T(f(y)) with the running averages: an interval list where f is not monotone, so codes may go up and down. */
function deploy(p: Parameters, variables: Record<string, Float32Array>): Staircase {
  const delta = variables.delta?.[0] ?? NORMAL_DELTA;
  const alpha = variables.alpha?.[0] ?? NORMAL_ALPHA;
  const reach = Math.max(200, 10 * delta);
  const breaks = [...piecewiseCrossings(-delta, p, reach), ...piecewiseCrossings(delta, p, reach)];
  return staircaseOf((x) => [ternaryCode(piecewiseValue(x, p), delta)], [...new Set(breaks)], [alpha]);
}

function average(name: string, value: number): VariableSpec {
  return { name, shape: [], trainable: false, decay: false, initial: { kind: 'constant', value } };
}

export const totNetActivations = activationSide({
  parameters,
  form: {
    variables: () => [average('delta', NORMAL_DELTA), average('alpha', NORMAL_ALPHA)],
    dynamic: true,
    calibrate,
    quantize,
    deploy,
  },
  curve: {
    drawn: 'for a sample in which mean |f(x)| is 1, with scale 1',
    value: (x: number, p: Parameters) => ternaryCode(piecewiseValue(x, p), p.factor),
    slope: (x: number, p: Parameters) => (Math.abs(piecewiseValue(x, p)) < 1 ? piecewiseSlope(x, p) : 0),
  },
});
