import { z } from 'zod';
import type { TF, Tensor } from '../../../base/tensorflow.ts';
import { sign, signTensor } from '../../parts/sign.ts';
import { straightThrough } from '../../parts/straight-through.ts';
import { ternaryCode, ternaryTensor } from '../../parts/ternary.ts';
import { WINDOWS, windowTensor, windowValue, type Window } from '../../parts/windows.ts';
import { activationSide } from '../../side.ts';
import type { MethodContext, Staircase } from '../../types.ts';
import { stateBits } from './states.ts';

const parameters = z.strictObject({
  threshold: z
    .number()
    .positive()
    .max(10)
    .default(0.5)
    .describe('r: |x| at or below it becomes 0; without use in binary form'),
  window: z.enum(WINDOWS).default('rectangular').describe('shape of the derivative around each threshold'),
  halfWidth: z.number().positive().max(10).default(0.5).describe('a: half width of that window'),
  order: z
    .int()
    .min(0)
    .max(6)
    .default(1)
    .describe('N: activations have 2^N + 1 levels; 1 is ternary, 0 is binary {−1, +1}'),
  span: z
    .number()
    .positive()
    .max(10)
    .default(0.5)
    .describe('H − r: the thresholds of more than three levels are spread evenly from r towards H'),
});

/** `order` and `span` are absent in configurations from before there were several levels. */
interface Parameters {
  threshold: number;
  window: Window;
  halfWidth: number;
  order?: number;
  span?: number;
}

/** The positive thresholds r + (H − r) · (w − 1)/L for w = 1 … L, L = 2^(N−1), as float32. Not for the binary form. */
function thresholds({ threshold, order = 1, span = 0.5 }: Parameters): number[] {
  const count = 2 ** (order - 1);
  return Array.from({ length: count }, (_, w) => Math.fround(threshold + (span * w) / count));
}

function value(x: number, p: Parameters): number {
  if (p.order === 0) return sign(x);
  const all = thresholds(p);
  return all.reduce((sum, threshold) => sum + ternaryCode(x, threshold), 0) / all.length;
}

/** One window per threshold; its area is the height of the step. */
function slope(x: number, p: Parameters): number {
  if (p.order === 0) return 2 * windowValue(p.window, x, p.halfWidth);
  const all = thresholds(p);
  return all.reduce((sum, at) => sum + windowValue(p.window, Math.abs(x) - at, p.halfWidth), 0) / all.length;
}

function sum(tf: TF, terms: Tensor[]): Tensor {
  const total = terms.reduce((all, term) => tf.add(all, term));
  return terms.length === 1 ? total : tf.div(total, terms.length);
}

function quantize(x: Tensor, p: Parameters, { tf }: MethodContext): Tensor {
  if (p.order === 0)
    return straightThrough(
      tf,
      x,
      (v) => signTensor(tf, v),
      (v) => tf.mul(windowTensor(tf, p.window, v, p.halfWidth), 2),
    );
  const all = thresholds(p);
  return straightThrough(
    tf,
    x,
    (v) =>
      sum(
        tf,
        all.map((threshold) => ternaryTensor(tf, v, threshold)),
      ),
    (v) => {
      const magnitude = tf.abs(v);
      return sum(
        tf,
        all.map((threshold) => windowTensor(tf, p.window, tf.sub(magnitude, threshold), p.halfWidth)),
      );
    },
  );
}

function deploy(p: Parameters): Staircase {
  if (p.order === 0) return { thresholds: [0], inclusive: [true], codes: [-1, 1], scale: 1 };
  const all = thresholds(p);
  const count = all.length;
  return {
    // −t is passed at x ≥ −t (x < −t is one lower), +t only at x > t
    thresholds: [...all.map((threshold) => -threshold).reverse(), ...all],
    inclusive: [...all.map(() => true), ...all.map(() => false)],
    codes: Array.from({ length: 2 * count + 1 }, (_, i) => i - count),
    scale: 1 / count,
  };
}

export const gxnorActivations = activationSide({
  parameters,
  form: { bits: ({ order = 1 }: Parameters) => stateBits(order), quantize, deploy },
  curve: { value, slope },
});
