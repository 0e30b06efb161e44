import { decimate } from '#shared/run/decimate.ts';

/** The visible part of the x axis, in its own units. */
export interface Range {
  from: number;
  to: number;
}

export const WHOLE: Range = { from: -Infinity, to: Infinity };

/** More than a chart is pixels wide: finer than this nobody sees. */
const BUCKETS = 900;

/** The points of a line that are drawn: all of the visible part, thinned so that no spike is lost. */
export function thin(x: ArrayLike<number>, y: ArrayLike<number>, range: Range): [number, number | null][] {
  const from = lowerBound(x, range.from);
  const to = Math.min(x.length, lowerBound(x, range.to) + 2);
  const first = Math.max(0, from - 1);
  const part = { x: slice(x, first, to), y: slice(y, first, to) };
  return Array.from(decimate(part.x, part.y, BUCKETS), (at) => {
    const value = part.y[at] ?? NaN;
    return [part.x[at] ?? 0, Number.isFinite(value) ? value : null];
  });
}

function slice(values: ArrayLike<number>, from: number, to: number): ArrayLike<number> {
  return from === 0 && to === values.length ? values : Array.prototype.slice.call(values, from, to);
}

/** First index at which the ascending column is not below `value`. */
function lowerBound(column: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = column.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((column[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
