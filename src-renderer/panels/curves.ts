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
  const lines = sources.flatMap((source) => (source.series ? [toLine(source, source.series, view)] : []));
  return { kind: 'lines', lines, x: X[view.x], y: { ...y, log: view.log } };
}

function toLine(source: CurveSource, series: Series, view: CurveView): ChartLine {
  const raw = view.log ? series.value.map((value) => (value > 0 ? value : NaN)) : series.value;
  const line = { id: source.id, label: source.label, look: source.look, x: series[view.x] };
  return view.smoothing > 0 ? { ...line, y: smooth(raw, view.smoothing), ghost: raw } : { ...line, y: raw };
}
