import { z } from 'zod';
import type { TF, Tensor } from '../../../base/tensorflow.ts';
import { customGradient } from '../../parts/custom-gradient.ts';
import { meanMagnitude } from '../../parts/first-batch.ts';
import { numbersOf, variableOf } from '../../parts/group-variable.ts';
import { insideMask } from '../../parts/sign.ts';
import { activationSide } from '../../side.ts';
import type { MethodContext, Staircase } from '../../types.ts';

/** Mean of |x| for x of the standard normal distribution, √(2/π): where the running threshold starts. */
const NORMAL_MEAN_ABS = Math.sqrt(2 / Math.PI);

const parameters = z.strictObject({
  delta: z
    .number()
    .positive()
    .max(3)
    .default(0.5)
    .describe(
      'δ: threshold as a multiple of mean |x|; 0.5 in the authors’ code, 0.4 as we remember the paper',
    ),
  momentum: z
    .number()
    .min(0)
    .max(1)
    .default(0.01)
    .describe('share of each batch in the running threshold; 0 keeps the threshold fixed where it starts'),
  start: z
    .enum(['normal', 'first-batch'])
    .default('normal')
    .describe(
      'the running threshold starts at δ · mean |x| of a standard normal input, or of the first batch',
    ),
  variant: z
    .enum(['tbn', 'tbn-v2'])
    .default('tbn')
    .describe('codes −1, 0, +1; or scaled by 2Δ with a polynomial derivative'),
  order: z.number().min(1).max(8).default(2).describe('tbn-v2 only: order of the polynomial'),
});
type Parameters = z.output<typeof parameters>;

/** −1, 0 or +1: x ≥ Δ, x ≤ −Δ. */
function codes(tf: TF, x: Tensor, threshold: Tensor): Tensor {
  return tf.sub(tf.step(tf.add(x, threshold)), tf.step(tf.sub(threshold, x)));
}

/** order · (1 − ||x|/Δ − 1|)^(order − 1) for |x| ≤ 2Δ, else 0. */
function polynomialTensor(tf: TF, x: Tensor, threshold: Tensor, order: number): Tensor {
  const rise = tf.sub(1, tf.abs(tf.sub(tf.div(tf.abs(x), threshold), 1)));
  if (order === 2) return tf.mul(tf.relu(rise), 2);
  const inside = tf.step(rise);
  return order === 1 ? inside : tf.mul(tf.mul(tf.pow(tf.relu(rise), order - 1), inside), order);
}

function quantize(x: Tensor, p: Parameters, { tf, variables, update }: MethodContext): Tensor {
  const running = variableOf(variables, 'threshold');
  let threshold = running;
  if (p.momentum > 0) {
    threshold = tf.reshape(tf.mul(tf.mean(tf.abs(x)), p.delta), [1]);
    update('threshold', tf.add(tf.mul(running, 1 - p.momentum), tf.mul(threshold, p.momentum)));
  }
  const second = p.variant === 'tbn-v2';
  return customGradient(
    tf,
    [x],
    (value) => {
      const code = codes(tf, value as Tensor, threshold);
      return {
        value: second ? tf.mul(code, tf.mul(threshold, 2)) : code,
        saved: [value as Tensor, threshold],
      };
    },
    (dy, saved) => {
      const [value, limit] = saved as [Tensor, Tensor];
      const slope = second ? polynomialTensor(tf, value, limit, p.order) : insideMask(tf, value, 1);
      return [tf.mul(dy, slope)];
    },
  );
}

function calibrate(inputs: Float32Array, p: Parameters): Record<string, Float32Array> {
  return p.start === 'normal' ? {} : { threshold: Float32Array.of(p.delta * meanMagnitude(inputs)) };
}

function deploy(p: Parameters, variables: Record<string, Float32Array>): Staircase {
  const threshold = numbersOf(variables, 'threshold')[0] ?? 0;
  return {
    thresholds: [-threshold, threshold],
    inclusive: [false, true],
    codes: [-1, 0, 1],
    scale: p.variant === 'tbn-v2' ? 2 * threshold : 1,
  };
}

/** Drawn at the threshold of a standard normal input. */
function drawn({ delta }: Parameters): number {
  return Math.fround(delta * NORMAL_MEAN_ABS);
}

function value(x: number, p: Parameters): number {
  const threshold = drawn(p);
  const code = x >= threshold ? 1 : x <= -threshold ? -1 : 0;
  return p.variant === 'tbn-v2' ? 2 * threshold * code : code;
}

function slope(x: number, p: Parameters): number {
  if (p.variant === 'tbn') return Math.abs(x) <= 1 ? 1 : 0;
  const rise = 1 - Math.abs(Math.abs(x) / drawn(p) - 1);
  return rise > 0 ? p.order * rise ** (p.order - 1) : 0;
}

export const tbnActivations = activationSide({
  parameters,
  form: {
    variables: ({ delta }: Parameters) => [
      {
        name: 'threshold',
        shape: [1],
        trainable: false,
        decay: false,
        initial: { kind: 'constant', value: delta * NORMAL_MEAN_ABS },
      },
    ],
    dynamic: true,
    calibrate,
    quantize,
    deploy,
  },
  curve: { drawn: 'for a standard normal input', value, slope },
});
