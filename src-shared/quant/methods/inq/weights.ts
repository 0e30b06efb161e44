import { z } from 'zod';
import type { TF, Tensor } from '../../../base/tensorflow.ts';
import { customGradient } from '../../parts/custom-gradient.ts';
import { numbersOf, variableOf } from '../../parts/group-variable.ts';
import { levelTensor } from '../../parts/level-steps.ts';
import { remains } from '../../parts/masks.ts';
import { signTensor } from '../../parts/sign.ts';
import { weightSide } from '../../side.ts';
import type { DeployedWeights, WeightShape } from '../../types.ts';
import { largestPower, magnitudeCount, nearestPower, powerSteps } from './powers.ts';
import { freezeLargest, portionAt } from './stages.ts';

function rising(numbers: readonly number[]): boolean {
  return numbers.every((value, i) => i === 0 || value > (numbers[i - 1] ?? 0));
}

const parameters = z
  .strictObject({
    bits: z
      .int()
      .min(2)
      .max(5)
      .default(5)
      .describe('b: 0 and 2^(b−2) powers of two of either sign; 2 bits are ternary'),
    portions: z
      .array(z.number().positive().max(1))
      .min(1)
      .max(20)
      .default([0.3, 0.6, 0.8, 1])
      .refine(rising, 'portions must rise from stage to stage')
      .refine(
        (portions) => portions.at(-1) === 1,
        'the last portion must be 1, so that the network can be deployed',
      )
      .describe('share of the weights, the largest first, that is quantized and frozen after each stage'),
    starts: z
      .union([
        z.literal('auto'),
        z
          .array(z.number().min(0).lt(1))
          .min(1)
          .max(20)
          .refine(rising, 'starts must rise from stage to stage'),
      ])
      .default('auto')
      .describe(
        'share of the run at which each stage begins; auto: evenly spaced, 0.2, 0.4, 0.6, 0.8 for four',
      ),
  })
  .superRefine(({ portions, starts }, { addIssue }) => {
    if (starts !== 'auto' && starts.length !== portions.length)
      addIssue({
        code: 'custom',
        path: ['starts'],
        message: `there must be one start per portion, ${portions.length} of them`,
      });
  });
type Parameters = z.output<typeof parameters>;

function quantizedTensor(tf: TF, w: Tensor, power: Tensor, bits: number): Tensor {
  const steps = powerSteps(bits);
  const levels = [0, ...steps.map(({ magnitude }) => magnitude)];
  // A power of two times ½ or ¾ of another is exact.
  const thresholds = steps.map(({ threshold }) => tf.mul(power, threshold));
  const magnitude = levelTensor(tf, tf.abs(w), thresholds, levels);
  return tf.mul(tf.mul(magnitude, signTensor(tf, w)), power);
}

/**
 * The stage that `progress` calls for. The powers are set by the largest weight when the first weights are frozen, as all
 * of them share one set; until then they follow the kernel.
 */
function refresh(
  kernel: Float32Array,
  _shape: WeightShape,
  p: Parameters,
  variables: Record<string, Float32Array>,
  progress: number,
): Record<string, Float32Array> {
  const before = numbersOf(variables, 'frozen');
  return {
    frozen: freezeLargest(kernel, before, portionAt(p, progress), variables.mask),
    power: before.some((one) => one !== 0)
      ? numbersOf(variables, 'power')
      : Float32Array.of(largestPower(kernel)),
  };
}

function deploy(
  latent: Float32Array,
  _shape: WeightShape,
  p: Parameters,
  variables: Record<string, Float32Array>,
): DeployedWeights {
  const [power = 1] = numbersOf(variables, 'power');
  const nearest = Float32Array.from(latent, (w) => nearestPower(w / power, p.bits));
  const frozen = numbersOf(variables, 'frozen');
  if (frozen.some((one, i) => one === 0 && remains(variables.mask, i))) {
    return { levels: [], float: latent.map((w, i) => (frozen[i] ? (nearest[i] ?? 0) * power : w)) };
  }
  return { levels: chunks(magnitudeCount(p.bits)).map((chunk) => level(nearest, power, chunk)) };
}

/** Exponents in runs of up to four, so that the codes of one level, 1 … 8, fit a byte; they share no weight. */
function chunks(count: number): { from: number; size: number }[] {
  const size = Math.min(count, 4);
  return Array.from({ length: count / size }, (_, i) => ({ from: i * size, size }));
}

function level(nearest: Float32Array, power: number, { from, size }: { from: number; size: number }) {
  const smallest = 2 ** -(from + size - 1);
  const codes = Int8Array.from(nearest, (value) => {
    const code = value / smallest;
    return Math.abs(code) >= 1 && Math.abs(code) < 2 ** size ? code : 0;
  });
  return { codes, scale: Float32Array.of(smallest * power) };
}

export const weights = weightSide({
  parameters,
  form: {
    bits: (p: Parameters) => p.bits,
    variables: (shape) => [
      {
        name: 'frozen',
        shape: shape.shape,
        trainable: false,
        decay: false,
        initial: { kind: 'constant', value: 0 },
      },
      { name: 'power', shape: [], trainable: false, decay: false, initial: { kind: 'constant', value: 1 } },
    ],
    initialize: (kernel, shape, p: Parameters) =>
      refresh(kernel, shape, p, { frozen: new Float32Array(kernel.length) }, 0),
    refresh,
    quantize: (latent, _shape, p: Parameters, { tf, variables }) => {
      const frozen = variableOf(variables, 'frozen');
      const power = variableOf(variables, 'power');
      return customGradient(
        tf,
        [latent],
        (w) => {
          const quantized = tf.mul(quantizedTensor(tf, w, power, p.bits), frozen);
          return { value: tf.add(quantized, tf.mul(w, tf.sub(1, frozen))), saved: [frozen] };
        },
        (dy, [mask]) => [tf.mul(dy, tf.sub(1, mask ?? frozen))],
      );
    },
    // Neither weight decay nor the momentum of earlier steps moves a frozen weight.
    settle: (proposed, before, _shape, _p, { tf, variables }) => {
      const frozen = variableOf(variables, 'frozen');
      return tf.add(tf.mul(before, frozen), tf.mul(proposed, tf.sub(1, frozen)));
    },
    deploy,
  },
  curve: {
    drawn: 'in units of the largest power, for a frozen weight',
    value: (x: number, p: Parameters) => nearestPower(x, p.bits),
    slope: () => 0,
  },
});
