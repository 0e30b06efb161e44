import { decimate } from '../decimate.ts';
import { lowerBound } from './columns.ts';

/** Indices of the points that are drawn, ascending, and whether others of the visible part were left out. */
export interface Visible {
  at: Uint32Array;
  thinned: boolean;
}

/**
 * The points of a line that lie within a part of the x axis, and one beyond on both sides, thinned so that no spike of
 * any of the columns is lost.
 *
 * @param x ascending
 * @param columns e.g. a line and the edges of its band
 */
export function visiblePoints(
  x: ArrayLike<number>,
  columns: readonly ArrayLike<number>[],
  range: { from: number; to: number },
  buckets: number,
): Visible {
  const first = Math.max(0, lowerBound(x, range.from) - 1);
  let end = lowerBound(x, range.to);
  while (end < x.length && x[end] === range.to) end++;
  end = Math.min(x.length, end + 1);
  if (first >= end) return { at: new Uint32Array(0), thinned: false };
  const part = slice(x, first, end);
  const kept = columns.map((column) => decimate(part, slice(column, first, end), buckets));
  const at = kept.length === 1 ? (kept[0] ?? new Uint32Array(0)) : union(kept);
  return { at: at.map((index) => index + first), thinned: at.length < end - first };
}

/**
 * The same for a line that runs to and fro: of each stretch of points in the order of training the extremes of both
 * columns stay. Points beside the visible part stay where the line goes into it or out of it.
 */
export function visiblePath(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  range: { from: number; to: number },
  buckets: number,
): Visible {
  const inside = (i: number) => (x[i] ?? NaN) >= range.from && (x[i] ?? NaN) <= range.to;
  const seen: number[] = [];
  for (let i = 0; i < x.length; i++) if (inside(i) || inside(i - 1) || inside(i + 1)) seen.push(i);
  const order = Float64Array.from(seen, (_, i) => i);
  const pick = (column: ArrayLike<number>) => Float64Array.from(seen, (i) => column[i] ?? NaN);
  const kept = union([decimate(order, pick(x), buckets), decimate(order, pick(y), buckets)]);
  return { at: kept.map((i) => seen[i] ?? 0), thinned: kept.length < seen.length };
}

function union(lists: readonly Uint32Array[]): Uint32Array {
  return Uint32Array.from(new Set(lists.flatMap((list) => [...list]))).sort();
}

function slice(values: ArrayLike<number>, from: number, to: number): ArrayLike<number> {
  if (from === 0 && to === values.length) return values;
  if (values instanceof Float64Array) return values.subarray(from, to);
  return Array.prototype.slice.call(values, from, to) as number[];
}
