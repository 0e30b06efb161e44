import type { TF, Tensor } from '../../base/tensorflow.ts';
import type { Staircase } from '../types.ts';
import { largerOf, smallerOf } from './fast-elementwise.ts';

/**
 * Rounding to the nearest multiple of a step, the quantizer of all int-n methods. It is defined by comparison: code k
 * becomes k + 1 at x ≥ fl((k + ½)·step), in float32. So the tensor form, the codes of weights and the staircase of
 * activations decide alike on every float32 number, whatever a back end makes of a division.
 */

/** Steps are held above it, so that neither an all-zero tensor nor a step trained below zero divides by zero. */
export const SMALLEST_STEP = 2 ** -40;

/**
 * Codes clip(round(x / step), low, high), a half rounded up.
 *
 * @param step > 0, float32; broadcasts against x
 * @param low integers with |low|, |high| ≤ 256 and low < high
 */
export function uniformCodes(
  tf: TF,
  x: Tensor,
  step: Tensor | number,
  low: Tensor | number,
  high: Tensor | number,
): Tensor {
  // A guess that is right or one too low (its error is below 2⁻¹² for all codes), then one comparison.
  const guess = tf.floor(tf.add(tf.mul(x, inverse(tf, step)), 0.5 - 2 ** -12));
  const half = tf.add(clipBelowLast(tf, guess, low, high), 0.5);
  return tf.sub(tf.add(half, 0.5), tf.step(tf.sub(tf.mul(half, step), x)));
}

function inverse(tf: TF, step: Tensor | number): Tensor | number {
  return typeof step === 'number' ? 1 / step : tf.div(1, step);
}

/** Into [low, high − 1]: the comparison adds the last code. */
function clipBelowLast(tf: TF, x: Tensor, low: Tensor | number, high: Tensor | number): Tensor {
  if (typeof low === 'number' && typeof high === 'number') return tf.clipByValue(x, low, high - 1);
  const [least, most] = [low, tf.sub(high, 1)].map((bound) =>
    typeof bound === 'number' ? tf.scalar(bound) : bound,
  ) as [Tensor, Tensor];
  // Codes are at most 256, so this takes nothing away but infinities.
  return smallerOf(tf, largerOf(tf, tf.clipByValue(x, -512, 512), least), most);
}

/** The same for a number; `step` is a float32 number. */
export function uniformCode(x: number, step: number, low: number, high: number): number {
  let code = Math.min(high, Math.max(low, Math.round(x / step)));
  while (code < high && x >= Math.fround((code + 0.5) * step)) code++;
  while (code > low && x < Math.fround((code - 0.5) * step)) code--;
  return code;
}

/** The same as the deployment form of an activation: a step at each fl((k + ½)·step). */
export function uniformStaircase(step: number, low: number, high: number): Staircase {
  const scale = Math.fround(step);
  const codes = Array.from({ length: high - low + 1 }, (_, i) => low + i);
  const thresholds = codes.slice(0, -1).map((code) => Math.fround((code + 0.5) * scale));
  return { thresholds, inclusive: thresholds.map(() => true), codes, scale };
}

/** The step and the codes of a staircase that is a rounding to multiples of its scale; null for any other. */
export function uniformOf(staircase: Staircase): { step: number; low: number; high: number } | null {
  const { thresholds, inclusive, codes, scale, more = [] } = staircase;
  const [low] = codes;
  const high = codes.at(-1);
  if (low === undefined || high === undefined || more.length > 0) return null;
  if (scale < SMALLEST_STEP || Math.fround(scale) !== scale || !Number.isInteger(low)) return null;
  if (Math.max(Math.abs(low), Math.abs(high)) > 256) return null;
  const even = thresholds.every(
    (threshold, i) =>
      inclusive[i] && codes[i + 1] === low + i + 1 && threshold === Math.fround((low + i + 0.5) * scale),
  );
  return even ? { step: scale, low, high } : null;
}
