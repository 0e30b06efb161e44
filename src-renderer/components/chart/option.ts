import type { EChartsCoreOption } from 'echarts/core';
import { count, number } from '../base/format.ts';
import { axis, escape, FORMATS, tooltip, type ChartTheme } from './option-parts.ts';
import { lineLook } from './palette.ts';
import { pointOption } from './point-option.ts';
import { thin, WHOLE, type Range } from './thin.ts';
import type { BarChart, ChartBand, ChartModel, LineChart } from './types.ts';

/** The chart library's own description of a chart. Pure. */
export function chartOption(
  model: ChartModel,
  theme: ChartTheme,
  label: string,
  visible: Range = WHOLE,
): EChartsCoreOption {
  const common = {
    animation: false,
    textStyle: { fontFamily: theme.font, fontSize: 11, color: theme.text },
    grid: {
      left: 8,
      right: 16,
      // Names of stretches stand above the lines.
      top: model.kind === 'lines' && model.bands ? 24 : 14,
      bottom: 6,
      outerBoundsMode: 'same',
      outerBoundsContain: 'axisLabel',
    },
    aria: { enabled: true, label: { description: label } },
  };
  switch (model.kind) {
    case 'lines':
      return { ...common, ...lineOption(model, theme, visible) };
    case 'points':
      return { ...common, ...pointOption(model, theme) };
    case 'bars':
      return { ...common, ...barOption(model, theme) };
  }
}

function lineOption(model: LineChart, theme: ChartTheme, visible: Range): EChartsCoreOption {
  const whole = extentOf(model);
  const formatX = FORMATS[model.x.format];
  const formatY = FORMATS[model.y.format];
  return {
    tooltip: {
      ...tooltip(theme),
      trigger: 'axis',
      axisPointer: {
        type: 'line',
        lineStyle: { color: theme.text, type: 'dashed', opacity: 0.6 },
        snap: false,
      },
      formatter: (parameters: unknown) => lineTooltip(parameters, model, formatX, formatY),
      order: 'valueDesc',
    },
    dataZoom: [{ type: 'inside', filterMode: 'none', zoomOnMouseWheel: 'ctrl', moveOnMouseWheel: false }],
    xAxis: {
      ...axis(theme, formatX),
      type: 'value',
      min: whole.from,
      max: whole.to,
      splitLine: { show: false },
      axisPointer: { label: { show: false } },
    },
    yAxis: {
      ...axis(theme, formatY),
      type: model.y.log ? 'log' : 'value',
      scale: true,
      splitNumber: 4,
      ...(model.y.min === undefined ? {} : { min: model.y.min }),
      ...(model.y.max === undefined ? {} : { max: model.y.max }),
    },
    series: model.lines.flatMap((line, position) => {
      const { colour, dash } = lineLook(line.look, theme.dark);
      const shared = { type: 'line', showSymbol: line.x.length === 1, symbolSize: 5, sampling: undefined };
      const style = { color: colour, width: 1.75, type: dash.length > 0 ? [...dash] : 'solid' };
      const main = {
        ...shared,
        id: line.id,
        name: line.label,
        data: thin(line.x, line.y, visible),
        lineStyle: style,
        ...(position === 0 && model.bands ? { markArea: bandAreas(model.bands, theme) } : {}),
      };
      const emphasis = { disabled: true };
      const ghost = line.ghost && {
        ...shared,
        id: `${line.id} (raw)`,
        name: `${line.label} (raw)`,
        data: thin(line.x, line.ghost, visible),
        silent: true,
        tooltip: { show: false },
        lineStyle: { color: colour, width: 1, opacity: 0.22 },
        itemStyle: { color: colour },
        emphasis,
      };
      return [...(ghost ? [ghost] : []), { ...main, itemStyle: { color: colour }, emphasis }];
    }),
  };
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

/** The whole x axis of a chart; also where its lines are cut to what is visible. */
export function extentOf(model: LineChart): Range {
  const filled = model.lines.filter((line) => line.x.length > 0);
  if (filled.length === 0) return { from: 0, to: 1 };
  const from = Math.min(...filled.map((line) => line.x[0] ?? 0));
  const to = Math.max(...filled.map((line) => line.x[line.x.length - 1] ?? 0));
  return from === to ? { from: from - 0.5, to: to + 0.5 } : { from, to };
}

function barOption(model: BarChart, theme: ChartTheme): EChartsCoreOption {
  return {
    tooltip: { ...tooltip(theme), trigger: 'axis', axisPointer: { type: 'shadow' } },
    xAxis: {
      ...axis(theme, (value) => number(value)),
      type: 'category',
      data: model.x.map((value) => String(Number(value.toPrecision(2))).replace('-', '−')),
      splitLine: { show: false },
    },
    yAxis: { ...axis(theme, count), type: 'value', splitNumber: 3 },
    series: [
      {
        type: 'bar',
        name: model.label,
        data: model.y,
        barCategoryGap: '12%',
        itemStyle: { color: lineLook(0, theme.dark).colour },
      },
    ],
  };
}

interface TooltipItem {
  seriesName?: string;
  seriesId?: string;
  axisValue?: number | string;
  marker?: string;
  value?: unknown;
}

function lineTooltip(
  parameters: unknown,
  model: LineChart,
  formatX: (value: number) => string,
  formatY: (value: number) => string,
): string {
  const all = (Array.isArray(parameters) ? parameters : [parameters]) as TooltipItem[];
  const items = all.filter((item) => !item.seriesId?.endsWith('(raw)'));
  const first = items[0];
  if (!first) return '';
  const rows = items
    .map((item) => ({ item, y: Array.isArray(item.value) ? Number(item.value[1]) : Number(item.value) }))
    .toSorted((a, b) => b.y - a.y)
    .map(
      ({ item, y }) =>
        `<div style="display:flex;gap:12px;justify-content:space-between"><span>${item.marker ?? ''}${escape(item.seriesName ?? '')}</span>` +
        `<b style="font-variant-numeric:tabular-nums">${formatY(y)}</b></div>`,
    );
  return `<div style="opacity:.8;margin-bottom:4px">${escape(model.x.label)} ${formatX(Number(first.axisValue))}</div>${rows.join('')}`;
}
