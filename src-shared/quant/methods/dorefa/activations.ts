import { z } from 'zod';
import type { Tensor } from '../../../base/tensorflow.ts';
import { customGradient } from '../../parts/custom-gradient.ts';
import { uniformCode, uniformCodes, uniformStaircase } from '../../parts/uniform.ts';
import { activationSide } from '../../side.ts';
import type { MethodContext } from '../../types.ts';
import { quantizedGradient } from './gradients.ts';

const parameters = z.strictObject({
  bits: z.int().min(1).max(8).default(2).describe('k: bits per activation, levels on [0, 1]'),
  gradientBits: z
    .int()
    .min(0)
    .max(8)
    .default(0)
    .describe(
      'bits of the gradient that goes back through this layer, rounded at random; 0 leaves it as it is',
    ),
});
type Parameters = z.output<typeof parameters>;

function stepOf(p: Parameters): { step: number; high: number } {
  const high = 2 ** p.bits - 1;
  return { step: Math.fround(1 / high), high };
}

function quantize(x: Tensor, p: Parameters, { tf, noise }: MethodContext): Tensor {
  const { step, high } = stepOf(p);
  if (p.gradientBits > 0 && !noise) throw new RangeError('DoReFa gradients lack their noise');
  return customGradient(
    tf,
    [x],
    (value) => ({
      value: tf.mul(uniformCodes(tf, value, step, 0, high), step),
      saved: noise && p.gradientBits > 0 ? [value, noise] : [value],
    }),
    (dy, [value, drawn]) => {
      if (!value) throw new RangeError('DoReFa activations lost a saved tensor');
      // 1 on [0, 1], both ends included.
      const inside = tf.mul(tf.sub(1, tf.step(tf.neg(value))), tf.sub(1, tf.step(tf.sub(value, 1))));
      const dx = tf.mul(dy, inside);
      return [drawn ? quantizedGradient(tf, dx, drawn, p.gradientBits) : dx];
    },
  );
}

export const activations = activationSide({
  parameters,
  form: {
    bits: (p: Parameters) => p.bits,
    noise: (p: Parameters) => p.gradientBits > 0,
    quantize,
    deploy: (p: Parameters) => uniformStaircase(stepOf(p).step, 0, stepOf(p).high),
  },
  curve: {
    value: (x: number, p: Parameters) => {
      const { step, high } = stepOf(p);
      return uniformCode(x, step, 0, high) * step;
    },
    slope: (x: number) => (x >= 0 && x <= 1 ? 1 : 0),
  },
});
