import { z } from 'zod';
import type { TF, Tensor } from '../../../base/tensorflow.ts';
import { deployMeanScaledSign, meanScaledSign } from '../../parts/mean-scaled-sign.ts';
import { sign, signTensor } from '../../parts/sign.ts';
import { straightThrough } from '../../parts/straight-through.ts';
import { customGradient } from '../../parts/custom-gradient.ts';
import { SMALLEST_STEP, uniformCode, uniformCodes } from '../../parts/uniform.ts';
import { weightSide } from '../../side.ts';
import type { DeployedWeights, MethodContext, WeightShape } from '../../types.ts';

const parameters = z.strictObject({
  bits: z
    .int()
    .min(1)
    .max(8)
    .default(1)
    .describe('k: bits per weight; 1 is the sign times the mean magnitude of the layer'),
  stopGradientAtMax: z
    .boolean()
    .default(true)
    .describe('treat max|tanh W| as a constant in the backward pass (k > 1)'),
});
type Parameters = z.output<typeof parameters>;

/** Number of steps between −1 and 1: W_q = (2q − n)/n. */
function stepsOf(p: Parameters): number {
  return 2 ** p.bits - 1;
}

function quantize(
  latent: Tensor,
  shape: WeightShape,
  p: Parameters,
  { tf, variables: { mask } }: MethodContext,
): Tensor {
  if (p.bits === 1) return straightThrough(tf, latent, (w) => meanScaledSign(tf, w, shape, 'layer', mask));
  const n = stepsOf(p);
  return customGradient(
    tf,
    [latent],
    (w) => {
      const t = tf.tanh(w);
      const largest = tf.maximum(tf.max(tf.abs(t)), SMALLEST_STEP);
      const unit = tf.add(tf.mul(t, tf.div(0.5, largest)), 0.5);
      const codes = uniformCodes(tf, unit, Math.fround(1 / n), 0, n);
      return { value: tf.mul(tf.sub(tf.mul(codes, 2), n), 1 / n), saved: [t, largest] };
    },
    (dy, [t, largest]) => {
      if (!t || !largest) throw new RangeError('DoReFa weights lost a saved tensor');
      const direct = tf.div(dy, largest);
      const total = p.stopGradientAtMax ? direct : tf.sub(direct, throughMax(tf, dy, t, largest));
      return [tf.mul(total, tf.sub(1, tf.square(t)))];
    },
  );
}

/** What the maximum M adds to d/dt of Σ g·t/M: Σ(g·t)/M² · sgn(t) at the largest |t|, shared among equals. */
function throughMax(tf: TF, dy: Tensor, t: Tensor, largest: Tensor): Tensor {
  const isLargest = tf.sub(1, tf.step(tf.sub(largest, tf.abs(t))));
  const share = tf.div(isLargest, tf.sum(isLargest));
  const slope = tf.div(tf.sum(tf.mul(dy, t)), tf.square(largest));
  return tf.mul(tf.mul(slope, share), signTensor(tf, t));
}

function deploy(
  latent: Float32Array,
  shape: WeightShape,
  p: Parameters,
  { mask }: Record<string, Float32Array>,
): DeployedWeights {
  if (p.bits === 1) return deployMeanScaledSign(latent, shape, 'layer', mask);
  const n = stepsOf(p);
  const t = Float32Array.from(latent, Math.tanh);
  const largest = Math.max(
    t.reduce((max, value) => Math.max(max, Math.abs(value)), 0),
    SMALLEST_STEP,
  );
  const factor = Math.fround(0.5 / largest);
  const odd = Array.from(t, (value) => {
    const unit = Math.fround(Math.fround(value * factor) + 0.5);
    return 2 * uniformCode(unit, Math.fround(1 / n), 0, n) - n;
  });
  if (n <= 127) return { levels: [{ codes: Int8Array.from(odd), scale: Float32Array.of(1 / n) }] };
  // 8 bits: odd codes up to ±255 as twice a code within ±127 and a sign.
  return {
    levels: [
      { codes: Int8Array.from(odd, (code) => (code - sign(code)) / 2), scale: Float32Array.of(2 / n) },
      { codes: Int8Array.from(odd, sign), scale: Float32Array.of(1 / n) },
    ],
  };
}

export const weights = weightSide({
  parameters,
  form: { bits: (p: Parameters) => p.bits, quantize, deploy },
  curve: {
    drawn: 'for a layer whose largest magnitude is 1 (k = 1: whose mean magnitude is 1)',
    value: (x: number, p: Parameters) => {
      if (p.bits === 1) return sign(x);
      const n = stepsOf(p);
      const unit = Math.fround(Math.tanh(x) / (2 * Math.tanh(1)) + 0.5);
      return (2 * uniformCode(unit, Math.fround(1 / n), 0, n) - n) / n;
    },
    slope: (x: number, p: Parameters) => (p.bits === 1 ? 1 : (1 - Math.tanh(x) ** 2) / Math.tanh(1)),
  },
});
