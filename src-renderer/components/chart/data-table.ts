import { pairs } from './thin.ts';
import { TABLE_FORMATS } from './summary.ts';
import type { BarChart, ChartModel, LineChart } from './types.ts';
import { lowerBound } from '#shared/run/compare/columns.ts';
import type { DataTable } from '#shared/run/export/csv.ts';

/** The numbers behind a chart as one table: what is drawn, where there is nothing more exact. */
export function dataTable(model: ChartModel): DataTable {
  switch (model.kind) {
    case 'bars':
      return barTable(model);
    case 'points':
      return {
        columns: ['group', 'name', model.x.label, model.y.label],
        rows: model.groups.flatMap((group) =>
          group.x.map((x, i) => [group.label, group.names[i] ?? '', x, group.y[i] ?? null]),
        ),
      };
    case 'lines':
      return {
        columns: ['line', model.x.label, model.y.label],
        rows: model.lines.flatMap((line) => {
          const points = pairs(line.x, line.ghost ?? line.y);
          return Array.from({ length: line.x.length }, (_, i) => [
            line.label,
            points[2 * i] ?? null,
            finite(points[2 * i + 1]),
          ]);
        }),
      };
  }
}

function barTable({ x, y, names, label, xLabel, beside, marks }: BarChart): DataTable {
  const parts = [{ label, y }, ...(beside ? [beside] : []), ...(marks ? [marks] : [])];
  return {
    columns: [xLabel, ...parts.map((part) => part.label)],
    rows: x.map((place, i) => [names?.[i] ?? place, ...parts.map((part) => finite(part.y[i]))]),
  };
}

export interface ValueTable {
  /** Name of the first column, then one for each line. */
  head: string[];
  rows: string[][];
}

/** Values of all lines at some places of the visible axis, for reading: at most `most` rows. */
export function valueTable(model: LineChart, range: { from: number; to: number }, most = 60): ValueTable {
  const formatX = TABLE_FORMATS[model.x.format];
  const formatY = TABLE_FORMATS[model.y.format];
  const places = placesOf(model, range);
  const step = Math.max(1, (places.length - 1) / (most - 1));
  const shown = Array.from(
    { length: Math.min(most, places.length) },
    (_, i) => places[Math.round(i * step)] ?? 0,
  );
  return {
    head: [model.x.label, ...model.lines.map(({ label }) => label)],
    rows: shown.map((x) => [formatX(x), ...model.lines.map((line) => formatY(valueAt(line, x)))]),
  };
}

function placesOf(model: LineChart, { from, to }: { from: number; to: number }): number[] {
  const places = new Set<number>();
  for (const { x } of model.lines) {
    for (let i = 0; i < x.length; i++) {
      const place = x[i] ?? NaN;
      if (place >= from && place <= to) places.add(place);
    }
  }
  return [...places].toSorted((a, b) => a - b);
}

/** The last value at or before a place; none before the first and behind the last point. */
function valueAt({ x, y, path }: LineChart['lines'][number], place: number): number {
  if (path) {
    for (let i = x.length - 1; i >= 0; i--) if (x[i] === place) return y[i] ?? NaN;
    return NaN;
  }
  const after = lowerBound(x, place);
  if (after < x.length && x[after] === place) return y[after] ?? NaN;
  return after === x.length ? NaN : (y[after - 1] ?? NaN);
}

function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
