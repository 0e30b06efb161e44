import { aggregate } from './aggregate.ts';
import type { Columns, Session } from './columns.ts';
import type { Curve, CurveAnswer, CurveLine, CurveRequest } from './curves.ts';
import { focusOf } from './focus.ts';
import { smoothAt } from './smoothing.ts';
import { visiblePath, visiblePoints } from './visible-points.ts';
import { placeOnAxis, type Placed } from './x-axis.ts';

/** Where curves come from. An unknown run or series has no points. */
export interface CurveSource {
  columns(run: string, series: string): Columns;
  sessions(run: string): readonly Session[];
}

/** A whole line before any of it is left out. */
interface Whole extends Placed {
  line: CurveLine;
  low: Float64Array | null;
  high: Float64Array | null;
  runs: number;
}

/**
 * The lines of one chart: put over its x axis, several runs made one where asked, smoothed over all of their points, and
 * only then cut to the visible part and thinned. Pure.
 */
export function drawCurves(request: CurveRequest, source: CurveSource): CurveAnswer {
  const wholes = request.lines.map((line) => wholeLine(line, request, source));
  const extent = extentOf(wholes);
  const range = { from: request.from ?? -Infinity, to: request.to ?? Infinity };
  let thinned = false;
  const curves = wholes.map((whole): Curve => {
    const columns = [whole.value, ...(whole.low && whole.high ? [whole.low, whole.high] : [])];
    const visible = whole.ascending
      ? visiblePoints(whole.x, columns, range, request.buckets)
      : visiblePath(whole.x, whole.value, range, request.buckets);
    thinned ||= visible.thinned;
    return curveOf(whole, visible.at, request, extent ? extent.to - extent.from : 0);
  });
  const focus = request.focus ? focusOf(wholes.map((whole) => within(whole, range))) : null;
  return { curves, extent, thinned, focus };
}

function wholeLine(line: CurveLine, request: CurveRequest, source: CurveSource): Whole {
  const { x, metric } = request;
  const placed = line.runs
    .map((run) =>
      placeOnAxis(
        source.columns(run, line.series),
        x,
        x === 'wall' || x === 'clock' ? source.sessions(run) : [],
        x === 'metric' && metric !== undefined ? source.columns(run, metric) : undefined,
      ),
    )
    .filter((one) => one.x.length > 0);
  const runs = placed.length;
  const [only] = placed;
  if (line.runs.length === 1 || !only)
    return { ...(only ?? { x: [], value: [], ascending: true }), line, low: null, high: null, runs };
  const { x: place, centre, low, high } = aggregate(placed.map(sorted), request.centre, request.band);
  const banded = request.band !== 'none';
  return {
    x: place,
    value: centre,
    ascending: true,
    line,
    low: banded ? low : null,
    high: banded ? high : null,
    runs,
  };
}

/** Over another metric a curve may run to and fro; one line for several needs an order. */
function sorted(curve: Placed): Placed {
  if (curve.ascending) return curve;
  const order = Array.from(curve.x, (_, i) => i).sort((a, b) => (curve.x[a] ?? 0) - (curve.x[b] ?? 0));
  return {
    x: Float64Array.from(order, (i) => curve.x[i] ?? NaN),
    value: Float64Array.from(order, (i) => curve.value[i] ?? NaN),
    ascending: true,
  };
}

function curveOf(whole: Whole, at: Uint32Array, { smoothing }: CurveRequest, range: number): Curve {
  const { x, value, low, high, line, runs } = whole;
  const smooth = (column: ArrayLike<number>) => toColumn(smoothAt(x, column, at, smoothing, range));
  const raw = toColumn(Float64Array.from(at, (i) => value[i] ?? NaN));
  const smoothed = smoothing.weight > 0;
  const { last, min, max } = extremes(value);
  return {
    id: line.id,
    x: Array.from(at, (i) => x[i] ?? 0),
    y: smoothed ? smooth(value) : raw,
    raw: smoothed ? raw : null,
    low: low && smooth(low),
    high: high && smooth(high),
    runs,
    points: value.length,
    last,
    min,
    max,
  };
}

function extentOf(wholes: readonly Whole[]): CurveAnswer['extent'] {
  let from = Infinity;
  let to = -Infinity;
  let positive = Infinity;
  for (const { x, ascending } of wholes) {
    // An ascending column says at its ends and at its first positive place what others say as a whole.
    for (let i = 0; i < x.length; i++) {
      const value = x[i] ?? NaN;
      if (value < from) from = value;
      if (value > to) to = value;
      if (value > 0 && value < positive) positive = value;
      if (ascending && value > 0 && i < x.length - 1) i = x.length - 2;
    }
  }
  return from > to ? null : { from, to, positive: Number.isFinite(positive) ? positive : null };
}

function within({ x, value }: Whole, { from, to }: { from: number; to: number }): ArrayLike<number> {
  if (from === -Infinity && to === Infinity) return value;
  return Array.from(value).filter((_, i) => (x[i] ?? NaN) >= from && (x[i] ?? NaN) <= to);
}

function extremes(values: ArrayLike<number>): Pick<Curve, 'last' | 'min' | 'max'> {
  let min = Infinity;
  let max = -Infinity;
  let last: number | null = null;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? NaN;
    if (!Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
    last = value;
  }
  return last === null ? { last, min: null, max: null } : { last, min, max };
}

function toColumn(values: Float64Array): (number | null)[] {
  return Array.from(values, (value) => (Number.isFinite(value) ? value : null));
}
