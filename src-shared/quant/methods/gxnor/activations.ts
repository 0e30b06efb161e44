import { z } from 'zod';
import type { TF, Tensor } from '../../../base/tensorflow.ts';
import { sign, signTensor } from '../../parts/sign.ts';
import { straightThrough } from '../../parts/straight-through.ts';
import { ternaryCode, ternaryTensor } from '../../parts/ternary.ts';
import { WINDOWS, windowTensor, windowValue } from '../../parts/windows.ts';
import { activationSide } from '../../side.ts';
import type { MethodContext, Staircase } from '../../types.ts';
import { spaceOf, stateBits, stateCount } from './states.ts';

/** r and a: as we remember the paper, and the effective values of the authors' code. */
const PRESETS = { paper: { threshold: 0.5, halfWidth: 0.5 }, repo: { threshold: 1, halfWidth: 0.5 } };

const parameters = z.strictObject({
  preset: z
    .enum(['paper', 'repo'])
    .default('paper')
    .describe(
      'r and a where they are not given: 0.5 and 0.5 as we remember the paper, 1 and 0.5 as in the authors’ code',
    ),
  threshold: z
    .union([z.literal('auto'), z.number().positive().max(10)])
    .default('auto')
    .describe('r: |x| at or below it becomes 0; auto: that of the preset; without use in binary form'),
  window: z.enum(WINDOWS).default('rectangular').describe('shape of the derivative around each threshold'),
  halfWidth: z
    .union([z.literal('auto'), z.number().positive().max(10)])
    .default('auto')
    .describe('a: half width of that window; auto: that of the preset'),
  order: z
    .int()
    .min(0)
    .max(6)
    .default(1)
    .describe('N: activations have 2^N + 1 levels; 1 is ternary, 0 is binary {−1, +1}'),
  states: z
    .union([z.literal('auto'), z.int().min(2).max(65)])
    .default('auto')
    .describe('any other number of equally spaced levels in [−1, 1]; auto: as `order` says'),
  span: z
    .number()
    .positive()
    .max(10)
    .default(0.5)
    .describe('H − r: the thresholds of more than three levels are spread evenly from r towards H'),
});
type Parameters = z.output<typeof parameters>;

function halfWidthOf({ halfWidth, preset }: Parameters): number {
  return halfWidth === 'auto' ? PRESETS[preset].halfWidth : halfWidth;
}

/**
 * The positive thresholds r + (H − r) · (w − 1)/L for w = 1 … L, as float32, L = (S − 1)/2 rounded down. An even number of
 * states has one more threshold at 0, and no state there.
 */
function thresholds(p: Parameters): number[] {
  const count = (stateCount(p) - 1) >> 1;
  const first = p.threshold === 'auto' ? PRESETS[p.preset].threshold : p.threshold;
  return Array.from({ length: count }, (_, w) => Math.fround(first + (p.span * w) / count));
}

function even(p: Parameters): boolean {
  return stateCount(p) % 2 === 0;
}

function value(x: number, p: Parameters): number {
  const { unit, stride } = spaceOf(stateCount(p));
  const steps = thresholds(p).reduce((sum, threshold) => sum + stride * ternaryCode(x, threshold), 0);
  return (steps + (even(p) ? sign(x) : 0)) * unit;
}

/** One window per threshold; its area is the height of the step. */
function slope(x: number, p: Parameters): number {
  const { unit, stride } = spaceOf(stateCount(p));
  const a = halfWidthOf(p);
  const outer = thresholds(p).reduce((sum, at) => sum + windowValue(p.window, Math.abs(x) - at, a), 0);
  return (outer + (even(p) ? windowValue(p.window, x, a) : 0)) * stride * unit;
}

function valueTensor(tf: TF, x: Tensor, p: Parameters): Tensor {
  const { unit, stride } = spaceOf(stateCount(p));
  const scaled = (tensor: Tensor, factor: number) => (factor === 1 ? tensor : tf.mul(tensor, factor));
  const terms = thresholds(p).map((threshold) => ternaryTensor(tf, x, threshold));
  if (terms.length === 0) return signTensor(tf, x);
  const steps = scaled(
    terms.reduce((sum, term) => tf.add(sum, term)),
    stride,
  );
  return scaled(even(p) ? tf.add(steps, signTensor(tf, x)) : steps, unit);
}

function slopeTensor(tf: TF, x: Tensor, p: Parameters): Tensor {
  const { unit, stride } = spaceOf(stateCount(p));
  const a = halfWidthOf(p);
  const magnitude = tf.abs(x);
  const windows = [
    ...(even(p) ? [windowTensor(tf, p.window, x, a)] : []),
    ...thresholds(p).map((threshold) => windowTensor(tf, p.window, tf.sub(magnitude, threshold), a)),
  ];
  const sum = windows.reduce((all, term) => tf.add(all, term));
  return stride * unit === 1 ? sum : tf.mul(sum, stride * unit);
}

function quantize(x: Tensor, p: Parameters, { tf }: MethodContext): Tensor {
  return straightThrough(
    tf,
    x,
    (v) => valueTensor(tf, v, p),
    (v) => slopeTensor(tf, v, p),
  );
}

function deploy(p: Parameters): Staircase {
  const all = thresholds(p);
  const middle = even(p) ? [0] : [];
  const { unit, stride, largest } = spaceOf(stateCount(p));
  return {
    // −t is passed at x ≥ −t (x < −t is one lower), so is 0; +t only at x > t
    thresholds: [...all.map((threshold) => -threshold).reverse(), ...middle, ...all],
    inclusive: [...all.map(() => true), ...middle.map(() => true), ...all.map(() => false)],
    codes: Array.from({ length: stateCount(p) }, (_, i) => i * stride - largest),
    scale: unit,
  };
}

export const gxnorActivations = activationSide({
  parameters,
  form: { bits: (p: Parameters) => stateBits(stateCount(p)), quantize, deploy },
  curve: { value, slope },
});
