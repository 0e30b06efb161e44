import { lowerBound } from '#shared/run/compare/columns.ts';
import { decimate } from '#shared/run/decimate.ts';
import { WHOLE, type Range } from './range.ts';

/** More than a chart is pixels wide: finer than this nobody sees. */
export const BUCKETS = 900;

/**
 * The points of a line that are drawn: all of the visible part, thinned so that no spike is lost, as x, y, x, y … What is
 * no number is a gap.
 */
export function thin(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  range: Range = WHOLE,
  buckets = BUCKETS,
): Float64Array {
  const first = Math.max(0, lowerBound(x, range.from) - 1);
  const to = Math.min(x.length, lowerBound(x, range.to) + 2);
  if (to - first <= 3 * buckets + 1) return pairs(x, y, first, to);
  const part = { x: slice(x, first, to), y: slice(y, first, to) };
  const kept = decimate(part.x, part.y, buckets);
  const out = new Float64Array(2 * kept.length);
  kept.forEach((at, i) => {
    out[2 * i] = part.x[at] ?? 0;
    out[2 * i + 1] = part.y[at] ?? NaN;
  });
  return out;
}

/** All points from `first` to before `end` as x, y, x, y … */
export function pairs(x: ArrayLike<number>, y: ArrayLike<number>, first = 0, end = x.length): Float64Array {
  const out = new Float64Array(2 * Math.max(0, end - first));
  for (let i = first; i < end; i++) {
    const value = y[i] ?? NaN;
    out[2 * (i - first)] = x[i] ?? 0;
    out[2 * (i - first) + 1] = Number.isFinite(value) ? value : NaN;
  }
  return out;
}

function slice(values: ArrayLike<number>, from: number, to: number): ArrayLike<number> {
  return from === 0 && to === values.length
    ? values
    : (Array.prototype.slice.call(values, from, to) as number[]);
}
