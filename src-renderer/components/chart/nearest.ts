import { lowerBound } from '#shared/run/compare/columns.ts';
import type { ChartLine } from './types.ts';

/** What one line says at the place that is pointed at. */
export interface CursorRow {
  id: string;
  label: string;
  look: number;
  /** Where its point really lies. */
  x: number;
  value: number;
  /** Before smoothing; absent where it is not smoothed. */
  raw?: number;
  band?: [low: number, high: number];
}

/** Index of the point that lies nearest to `x`; −1 where there is none. */
export function nearestIndex(line: ChartLine, x: number): number {
  if (line.x.length === 0) return -1;
  if (line.path) {
    let best = -1;
    let least = Infinity;
    for (let i = 0; i < line.x.length; i++) {
      const distance = Math.abs((line.x[i] ?? NaN) - x);
      if (distance < least) [best, least] = [i, distance];
    }
    return best;
  }
  const after = lowerBound(line.x, x);
  if (after === 0) return 0;
  if (after === line.x.length) return after - 1;
  return (line.x[after] ?? 0) - x < x - (line.x[after - 1] ?? 0) ? after : after - 1;
}

/**
 * What the lines say at a place, the nearest to the pointer first. A line that has ended before it, or begins behind it,
 * says nothing.
 *
 * @param distance of a value from the pointer
 * @param slack how far beyond its ends a line still speaks
 */
export function cursorRows(
  lines: readonly ChartLine[],
  x: number,
  distance: (value: number) => number,
  slack: number,
): CursorRow[] {
  return lines
    .flatMap((line): CursorRow[] => {
      const at = nearestIndex(line, x);
      const value = line.y[at] ?? NaN;
      const place = line.x[at] ?? NaN;
      if (!Number.isFinite(value)) return [];
      if (!line.path && (x < (line.x[0] ?? 0) - slack || x > (line.x[line.x.length - 1] ?? 0) + slack))
        return [];
      const row: CursorRow = { id: line.id, label: line.label, look: line.look, x: place, value };
      const raw = line.ghost?.[at] ?? NaN;
      if (Number.isFinite(raw)) row.raw = raw;
      const [low, high] = [line.band?.low[at] ?? NaN, line.band?.high[at] ?? NaN];
      if (Number.isFinite(low) && Number.isFinite(high)) row.band = [low, high];
      return [row];
    })
    .toSorted((a, b) => distance(a.value) - distance(b.value));
}

/** The next place, to the left or right, at which any line has a point. */
export function neighbourPlace(lines: readonly ChartLine[], x: number, direction: 1 | -1): number | null {
  let best: number | null = null;
  for (const line of lines) {
    for (let i = 0; i < line.x.length; i++) {
      const place = line.x[i] ?? NaN;
      if (direction * (place - x) <= 0 || !Number.isFinite(line.y[i])) continue;
      if (best === null || direction * (best - place) > 0) best = place;
    }
  }
  return best;
}
