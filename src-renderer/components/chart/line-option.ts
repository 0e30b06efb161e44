import type { EChartsCoreOption } from 'echarts/core';
import { visiblePoints } from '#shared/run/compare/visible-points.ts';
import { logTicks } from './log-ticks.ts';
import { axis, TICK_FORMATS, type ChartTheme } from './option-parts.ts';
import { lineLook } from './palette.ts';
import { visibleRange, WHOLE, type Range } from './range.ts';
import { BUCKETS, pairs, thin } from './thin.ts';
import type { ChartBand, ChartLine, LineChart } from './types.ts';

/** How much of a line chart is drawn, and how carefully. */
export interface LineView {
  /** Null: the whole x axis. */
  x: Range | null;
  /** Null: as much of the y axis as the lines need. */
  y: Range | null;
  /** While it moves: what makes a picture slow is left out; spikes never are. */
  moving: boolean;
  /** Pixels, about. */
  width: number;
}

export const STILL: LineView = { x: null, y: null, moving: false, width: BUCKETS };

/** The chart library's description of lines. Pure. */
export function lineOption(model: LineChart, theme: ChartTheme, view: LineView): EChartsCoreOption {
  const whole = extentOf(model);
  const visible = visibleRange(view.x, whole);
  const buckets = Math.min(
    BUCKETS,
    Math.ceil(view.moving ? Math.max(40, view.width / 3) : Math.max(100, view.width)),
  );
  const range = view.x ?? WHOLE;
  const drawn = model.lines.map((line) => ({ line, look: lineLook(line.look, theme.dark) }));
  const xAxis = axis(theme, TICK_FORMATS[model.x.format]);
  const yAxis = axis(theme, TICK_FORMATS[model.y.format]);
  return {
    xAxis: {
      ...(model.x.log ? logarithmic(xAxis, visible) : { ...xAxis, type: 'value' }),
      min: visible.from,
      max: visible.to,
      // There are no half steps.
      ...(model.x.format === 'count' ? { minInterval: 1 } : {}),
      splitLine: { show: false },
    },
    yAxis: {
      ...yAxis,
      type: 'value',
      scale: true,
      splitNumber: model.y.format === 'percent' ? SHARE_STEPS : 4,
      ...(model.y.log ? logLimits(model, view, yAxis) : yLimits(model, view.y)),
    },
    series: [
      ...drawn.flatMap(({ line, look }) =>
        line.band ? [bandSeries(line, line.band, look.colour, range, buckets)] : [],
      ),
      ...drawn.flatMap(({ line, look }) =>
        line.ghost && !view.moving ? [ghostSeries(line, line.ghost, look.colour, range, buckets)] : [],
      ),
      ...drawn.map(({ line, look }, position) => ({
        ...LINE,
        id: line.id,
        name: line.label,
        z: line.strong ? 4 : 3,
        showSymbol: line.x.length === 1,
        symbol: 'circle',
        symbolSize: 5,
        data: line.path ? pairs(line.x, line.y) : thin(line.x, line.y, range, buckets),
        lineStyle: {
          color: look.colour,
          width: line.strong ? 3 : 1.75,
          type: look.dash.length > 0 && !view.moving ? [...look.dash] : 'solid',
        },
        itemStyle: { color: look.colour },
        ...(position === 0 && model.bands ? { markArea: bandAreas(model.bands, theme) } : {}),
      })),
    ],
  };
}

const LINE = {
  type: 'line',
  silent: true,
  // A chart library that is told `symbol: 'none'` still keeps one for each point.
  showSymbol: false,
  animation: false,
  legendHoverLink: false,
  emphasis: { disabled: true },
  dimensions: ['x', 'y'],
} as const;

/** The whole x axis of a chart. */
export function extentOf(model: LineChart): Range {
  const positive = model.x.log === true;
  let from = Infinity;
  let to = -Infinity;
  const see = (value: number | undefined) => {
    if (value === undefined || (positive && value <= 0)) return;
    from = Math.min(from, value);
    to = Math.max(to, value);
  };
  if (model.x.from !== undefined && model.x.to !== undefined) {
    see(model.x.from);
    see(model.x.to);
  } else {
    for (const { x, path } of model.lines) {
      const stepwise = path === true || positive;
      if (stepwise) for (let i = 0; i < x.length; i++) see(x[i]);
      else for (const end of [x[0], x[x.length - 1]]) see(end);
    }
  }
  if (from > to) return positive ? { from: 1, to: 10 } : { from: 0, to: 1 };
  if (from === to) return positive ? { from: from / 2, to: to * 2 } : { from: from - 1, to: to + 1 };
  return { from, to };
}

function yLimits({ y }: LineChart, zoomed: Range | null) {
  if (zoomed) return { min: zoomed.from, max: zoomed.to };
  if (y.focus && y.focus.high > y.focus.low) {
    const { low, high } = y.focus;
    return { min: low - 0.05 * (high - low), max: high + 0.05 * (high - low) };
  }
  const limits = y.format === 'percent' ? { min: leastShare, max: mostShare } : { min: least, max: most };
  return { min: y.min ?? limits.min, max: y.max ?? limits.max };
}

interface Extent {
  min: number;
  max: number;
}

/** A line that is flat but for rounding is drawn flat, between 0 and twice its height. Null: round numbers. */
function least(extent: Extent): number | null {
  return isFlat(extent) ? Math.min(0, twice(extent)) : null;
}
function most(extent: Extent): number | null {
  return isFlat(extent) ? Math.max(0, twice(extent)) : null;
}
function twice({ max }: Extent): number {
  return Number((2 * max).toPrecision(3));
}
function isFlat({ min, max }: Extent): boolean {
  return min !== 0 && max - min < 1e-4 * Math.abs(max);
}

/** Steps that the chart library is asked for on an axis of shares. */
const SHARE_STEPS = 5;

// Shares end at 0 and at 1: an axis that goes to 120 % only because that is a round number misleads.
function mostShare({ max }: Extent): number | null {
  return max <= 1 && max > 0.9 ? 1 : null;
}
/** Below an end at 1 it lies so that round steps lead up to that end. */
function leastShare(extent: Extent): number | null {
  const { min } = extent;
  if (min >= 0 && min < 0.1) return 0;
  if (mostShare(extent) === null || min >= 1) return null;
  const unit = 10 ** Math.floor(Math.log10(1 - min));
  // Divided by SHARE_STEPS and rounded, as the chart library does, these give steps that end at 1.
  const spans = [1, 2.5, 3, 4, 5, 6, 8, 10].map((size) => size * unit);
  const span = spans.find((wide) => wide >= 1 - min - 1e-9) ?? 1;
  return Number((1 - span).toPrecision(12));
}

type Axis = ReturnType<typeof axis>;

/** An axis with round labels between the powers of ten too. */
function logarithmic(common: Axis, range: Range) {
  const customValues = logTicks(range.from, range.to);
  return {
    ...common,
    type: 'log',
    axisLabel: { ...common.axisLabel, customValues },
    axisTick: { ...common.axisTick, customValues },
    splitLine: { ...common.splitLine, customValues },
  };
}

/** Where the visible lines lie on a logarithmic axis, with some room. */
function logLimits(model: LineChart, view: LineView, common: Axis) {
  const { focus } = model.y;
  const wanted =
    view.y ?? (focus && focus.low > 0 ? { from: focus.low, to: focus.high } : positiveExtent(model, view.x));
  const room = view.y ? 1 : (wanted.to / wanted.from) ** 0.04 || 1;
  const from = Math.max(wanted.from, Number.MIN_VALUE) / room;
  const to = Math.max(wanted.to * room, from * 1.01);
  return { ...logarithmic(common, { from, to }), min: from, max: to };
}

/** Of the values that have a logarithm, within the visible part. */
function positiveExtent({ lines }: LineChart, range: Range | null): Range {
  let from = Infinity;
  let to = 0;
  for (const { x, y, ghost, band } of lines) {
    for (const column of [y, ghost, band?.low, band?.high]) {
      for (let i = 0; column && i < column.length; i++) {
        const place = x[i] ?? NaN;
        if (range && (place < range.from || place > range.to)) continue;
        const value = column[i] ?? NaN;
        if (value > 0 && value < from) from = value;
        if (value > to && value < Infinity) to = value;
      }
    }
  }
  return to > 0 ? { from, to } : { from: 0.1, to: 1 };
}

function ghostSeries(
  line: ChartLine,
  ghost: ArrayLike<number>,
  colour: string,
  range: Range,
  buckets: number,
) {
  return {
    ...LINE,
    id: `${line.id} (raw)`,
    name: `${line.label} (raw)`,
    z: 2,
    data: line.path ? pairs(line.x, ghost) : thin(line.x, ghost, range, buckets),
    lineStyle: { color: colour, width: 1, opacity: 0.25 },
    itemStyle: { color: colour },
  };
}

interface RenderApi {
  coord(value: readonly number[]): number[];
}

type BandRow = [x: number, low: number, high: number];

/** A filled polygon for each stretch that has both edges. */
function bandSeries(
  line: ChartLine,
  band: NonNullable<ChartLine['band']>,
  colour: string,
  range: Range,
  buckets: number,
) {
  const at = visiblePoints(line.x, [band.low, band.high], range, buckets).at;
  const rows = Array.from(at, (i): BandRow => [line.x[i] ?? 0, band.low[i] ?? NaN, band.high[i] ?? NaN]);
  return {
    type: 'custom',
    id: `${line.id} (band)`,
    name: `${line.label} (band)`,
    silent: true,
    clip: true,
    z: 1,
    dimensions: ['x', 'low', 'high'],
    encode: { x: 'x', y: ['low', 'high'] },
    data: rows.filter(([, low, high]) => Number.isFinite(low) && Number.isFinite(high)),
    // One shape for all rows, drawn with the first of them.
    renderItem: ({ dataIndex }: { dataIndex: number }, api: RenderApi) =>
      dataIndex === 0 ? bandShape(rows, colour, api) : null,
  };
}

function bandShape(rows: readonly BandRow[], colour: string, api: RenderApi) {
  return {
    type: 'group',
    children: stretches(rows).map((part) => ({
      type: 'polygon',
      shape: {
        points: [
          ...part.map(([x, , high]) => api.coord([x, high])),
          ...part.toReversed().map(([x, low]) => api.coord([x, low])),
        ],
      },
      style: { fill: colour, opacity: 0.16 },
    })),
  };
}

/** The parts of a band between its gaps. */
function stretches(rows: readonly BandRow[]): BandRow[][] {
  const parts: BandRow[][] = [];
  let open: BandRow[] | undefined;
  for (const row of rows) {
    if (!Number.isFinite(row[1]) || !Number.isFinite(row[2])) open = undefined;
    else if (open) open.push(row);
    else parts.push((open = [row]));
  }
  return parts;
}

/** Named stretches of the x axis behind the lines, every other one tinted. */
function bandAreas(bands: readonly ChartBand[], theme: ChartTheme) {
  return {
    silent: true,
    label: { color: theme.text, fontSize: 10, position: 'top', distance: 3, overflow: 'truncate' },
    data: bands.map((band, i) => [
      {
        name: band.label,
        xAxis: band.from,
        itemStyle: { color: theme.grid, opacity: i % 2 === 0 ? 0.55 : 0.15 },
      },
      { xAxis: band.to },
    ]),
  };
}
