import type { Staircase } from '../../quant/types.ts';
import { directionOf, evaluateAt, isSingle } from '../arithmetic/value.ts';
import type { Pending } from './pending.ts';
import { refuse } from './refuse.ts';

/**
 * Integer thresholds of a staircase over a single pending value (`combineTerms`), found by evaluating training's own arithmetic on integers,
 * never by solving its formula: so there is no off-by-one at ties.
 *
 * With v = direction · S, y(v) never falls, so "y passes threshold i" is true from some v on; binary search over the
 * proven range finds that v. A threshold that nothing passes lies one above the range; constant channels come out by
 * themselves.
 *
 * @returns channels × steps thresholds on v, ascending within a channel, and the direction of each channel
 */
export function findThresholds(
  layer: string,
  pending: Pending,
  staircase: Pick<Staircase, 'thresholds' | 'inclusive'>,
): { values: Int32Array; direction: Int8Array } {
  const [term] = pending.terms;
  if (!term || !isSingle(pending)) refuse(layer, 'its input is no single integer');
  const channels = term.ranges.length;
  const steps = staircase.thresholds.length;
  const values = new Int32Array(channels * steps);
  const direction = new Int8Array(channels);
  const thresholds = staircase.thresholds.map(Math.fround);
  for (let channel = 0; channel < channels; channel++) {
    const range = term.ranges[channel] ?? { low: 0, high: 0 };
    const sign = directionOf(pending, channel);
    direction[channel] = sign;
    const low = sign === 1 ? range.low : -range.high;
    const high = sign === 1 ? range.high : -range.low;
    const y = (v: number) => evaluateAt(pending, channel, sign * v);
    if (!Number.isFinite(y(low)) || !Number.isFinite(y(high))) {
      refuse(layer, `its input overflows float32 in channel ${channel}`);
    }
    const found = thresholds.map((threshold, index) =>
      firstPassing(
        low,
        high,
        staircase.inclusive[index] ? (v) => y(v) >= threshold : (v) => y(v) > threshold,
      ),
    );
    values.set(
      found.sort((a, b) => a - b),
      channel * steps,
    );
  }
  return { values, direction };
}

/** Smallest integer of [low, high] that passes a test which never goes from true to false; high + 1 if none does. */
export function firstPassing(low: number, high: number, passes: (v: number) => boolean): number {
  let begin = low;
  let end = high + 1;
  while (begin < end) {
    const middle = begin + Math.floor((end - begin) / 2);
    if (passes(middle)) end = middle;
    else begin = middle + 1;
  }
  return begin;
}
