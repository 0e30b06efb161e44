import { bandOf, mean, median, type BandKind, type Centre } from './statistics.ts';
import type { Placed } from './x-axis.ts';

/** Several curves as one, with a band. Rows belong together; edges are NaN where there is no band. */
export interface Aggregate {
  x: Float64Array;
  centre: Float64Array;
  low: Float64Array;
  high: Float64Array;
}

/**
 * One line for several curves over the same axis. Each place at which any of them has a point is kept; a curve without a
 * point there counts with what lies on the straight line between its neighbours, and before its first and behind its last
 * point not at all. So seeds that were logged alike are averaged point by point.
 *
 * @param curves ascending
 */
export function aggregate(curves: readonly Placed[], centre: Centre, band: BandKind): Aggregate {
  const x = unionOf(curves.map((curve) => curve.x));
  const out: Aggregate = {
    x,
    centre: new Float64Array(x.length),
    low: new Float64Array(x.length),
    high: new Float64Array(x.length),
  };
  const at = curves.map(() => 0);
  const values: number[] = [];
  for (let i = 0; i < x.length; i++) {
    const place = x[i] ?? 0;
    values.length = 0;
    curves.forEach((curve, k) => {
      let next = at[k] ?? 0;
      // Several points at one place: the last one counts.
      while (next + 1 < curve.x.length && (curve.x[next + 1] ?? 0) <= place) next++;
      at[k] = next;
      const value = valueAt(curve, next, place);
      if (Number.isFinite(value)) values.push(value);
    });
    out.centre[i] = values.length === 0 ? NaN : centre === 'mean' ? mean(values) : median(values);
    const [low, high] = bandOf(values, band);
    out.low[i] = low;
    out.high[i] = high;
  }
  return out;
}

/** @param index last point at or before `place`, or the first of all */
function valueAt({ x, value }: Placed, index: number, place: number): number {
  const before = x[index] ?? NaN;
  if (before === place) return value[index] ?? NaN;
  const after = x[index + 1];
  if (place < before || after === undefined) return NaN;
  const share = (place - before) / (after - before);
  return (value[index] ?? NaN) * (1 - share) + (value[index + 1] ?? NaN) * share;
}

function unionOf(columns: readonly ArrayLike<number>[]): Float64Array {
  const first = columns[0] ?? [];
  const alike = columns.every(
    (column) => column.length === first.length && same(column, first) && rises(column),
  );
  if (alike) return Float64Array.from(first);
  const all = new Float64Array(columns.reduce((sum, column) => sum + column.length, 0));
  let end = 0;
  for (const column of columns) {
    all.set(column, end);
    end += column.length;
  }
  all.sort();
  return all.filter((value, i) => i === 0 || value !== all[i - 1]);
}

function same(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function rises(column: ArrayLike<number>): boolean {
  for (let i = 1; i < column.length; i++) if ((column[i] ?? 0) <= (column[i - 1] ?? 0)) return false;
  return true;
}
