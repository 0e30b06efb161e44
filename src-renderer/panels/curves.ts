import type { Series } from '#shared/run/record.ts';
import type { AxisFormat, ChartLine, LineChart } from '../components/chart/types.ts';
import { smooth } from './smoothing.ts';

export const X_AXES = ['step', 'epoch', 'time'] as const;
export type XAxis = (typeof X_AXES)[number];

/** How a person looks at curves. */
export interface CurveView {
  x: XAxis;
  /** Weight of the moving average, 0 … 0.99. */
  smoothing: number;
  log: boolean;
}

/** One line to draw: a series, and what to call it. */
export interface CurveSource {
  id: string;
  label: string;
  look: number;
  series: Series | undefined;
}

const X: Record<XAxis, { label: string; format: AxisFormat }> = {
  step: { label: 'Step', format: 'count' },
  epoch: { label: 'Epoch', format: 'number' },
  time: { label: 'Time', format: 'duration' },
};

/** Brings unlike series into one chart: same x axis, smoothed over a ghost of the raw curve, fit for a log axis. */
export function curveChart(
  sources: readonly CurveSource[],
  y: { label: string; format: AxisFormat },
  view: CurveView,
): LineChart {
  const present = sources.flatMap((source) => (source.series ? [{ source, series: source.series }] : []));
  const range = extent(present.map(({ series }) => series[view.x]));
  const lines = present.map(({ source, series }) => toLine(source, series, view, range));
  return { kind: 'lines', lines, x: X[view.x], y: { ...y, log: view.log } };
}

function toLine(source: CurveSource, series: Series, view: CurveView, range: number): ChartLine {
  const raw = view.log ? series.value.map((value) => (value > 0 ? value : NaN)) : series.value;
  const x = series[view.x];
  const line = { id: source.id, label: source.label, look: source.look, x };
  return view.smoothing > 0
    ? { ...line, y: smooth(x, raw, range, view.smoothing), ghost: raw }
    : { ...line, y: raw };
}

/** Length of the axis that holds all these ascending columns. */
function extent(columns: readonly (readonly number[])[]): number {
  const filled = columns.filter((column) => column.length > 0);
  const low = Math.min(...filled.map((column) => column[0] ?? 0));
  const high = Math.max(...filled.map((column) => column.at(-1) ?? 0));
  return filled.length > 0 ? high - low : 0;
}
