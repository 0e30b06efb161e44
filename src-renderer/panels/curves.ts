import type { CurveAnswer, CurveRequest } from '#shared/run/compare/curves.ts';
import type { BandKind, Centre } from '#shared/run/compare/statistics.ts';
import type { XAxis } from '#shared/run/compare/x-axis.ts';
import type { AxisFormat, ChartLine, LineChart } from '../components/chart/types.ts';
import { X_NAMES, type CurveView } from './curve-view.ts';
import { describeSeries } from './series-name.ts';

/** One line to draw: a series of one run, or of several as one. */
export interface CurveSource {
  id: string;
  label: string;
  look: number;
  series: string;
  runs: readonly string[];
  strong?: boolean;
}

/** How several runs become one line. */
export interface GroupView {
  centre: Centre;
  band: BandKind;
}

const FORMATS: Record<Exclude<XAxis, 'metric'>, AxisFormat> = {
  step: 'count',
  epoch: 'number',
  process: 'duration',
  wall: 'duration',
  clock: 'clock',
};

/** The question to the host for one chart. */
export function curveRequest(
  sources: readonly CurveSource[],
  view: CurveView,
  group: GroupView = { centre: 'mean', band: 'none' },
): Omit<CurveRequest, 'from' | 'to' | 'buckets'> {
  return {
    lines: sources.map(({ id, series, runs }) => ({ id, series, runs: [...runs] })),
    x: view.x,
    ...(view.x === 'metric' ? { metric: view.metric } : {}),
    smoothing: { kind: view.smoothing, weight: view.weight },
    ...group,
    focus: view.ignoreOutliers,
  };
}

/** The host's answer as a chart. What has no logarithm is left out of a logarithmic axis. */
export function curveChart(
  sources: readonly CurveSource[],
  answer: CurveAnswer | null,
  y: { label: string; format: AxisFormat },
  view: CurveView,
): LineChart {
  const { extent = null, focus = null } = answer ?? {};
  const curves = new Map(answer?.curves.map((curve) => [curve.id, curve]));
  const from = view.logX ? (extent?.positive ?? undefined) : extent?.from;
  return {
    kind: 'lines',
    lines: sources.flatMap((source): ChartLine[] => {
      const curve = curves.get(source.id);
      if (!curve || curve.points === 0) return [];
      const column = (values: readonly (number | null)[]) =>
        values.map((value) => (value === null || (view.logY && value <= 0) ? NaN : value));
      return [
        {
          id: source.id,
          label: source.label,
          look: source.look,
          x: curve.x,
          y: column(curve.y),
          ...(curve.raw ? { ghost: column(curve.raw) } : {}),
          ...(curve.low && curve.high ? { band: { low: column(curve.low), high: column(curve.high) } } : {}),
          ...(view.x === 'metric' && source.runs.length === 1 ? { path: true } : {}),
          ...(source.strong ? { strong: true } : {}),
          facts: {
            last: curve.last ?? NaN,
            min: curve.min ?? NaN,
            max: curve.max ?? NaN,
            points: curve.points,
          },
        },
      ];
    }),
    x: {
      ...(view.x === 'metric'
        ? { label: describeSeries(view.metric).title, format: describeSeries(view.metric).format }
        : { label: X_NAMES[view.x], format: FORMATS[view.x] }),
      ...(view.logX ? { log: true } : {}),
      ...(extent && from !== undefined ? { from, to: extent.to } : {}),
    },
    y: { ...y, log: view.logY, ...(focus ? { focus } : {}) },
  };
}
