import type { EChartsCoreOption } from 'echarts/core';
import { axis, escape, FORMATS, tooltip, type ChartTheme } from './option-parts.ts';
import { lineLook } from './palette.ts';
import type { PointChart, PointGroup, PointSymbol } from './types.ts';

/** What a drawn point carries: handed back when it is picked or pointed at. */
export interface PointDatum {
  value: [number, number];
  key: string;
  name: string;
}

/** The chart library's description of a cloud of points. Pure. */
export function pointOption(model: PointChart, theme: ChartTheme): EChartsCoreOption {
  const formatX = FORMATS[model.x.format];
  const formatY = FORMATS[model.y.format];
  const y = axis(theme, formatY);
  return {
    tooltip: {
      ...tooltip(theme),
      trigger: 'item',
      formatter: (item: { data?: unknown }) => pointTooltip(item.data, model, { x: formatX, y: formatY }),
    },
    xAxis: { ...xAxis(model, axis(theme, formatX)), scale: true, splitLine: { show: false } },
    yAxis: {
      ...y,
      axisLine: { ...y.axisLine, onZero: false },
      type: model.y.log ? 'log' : 'value',
      scale: true,
      splitNumber: 4,
    },
    series: [
      ...model.groups.map((group) => scatter(group, theme, model.chosen ?? null)),
      ...(model.line ? [staircase(model.line, theme)] : []),
    ],
  };
}

function xAxis({ x }: PointChart, common: ReturnType<typeof axis>) {
  const { ticks } = x;
  if (!ticks) return { ...common, type: x.log ? 'log' : 'value' };
  return {
    ...common,
    type: 'value',
    min: -0.5,
    max: ticks.length - 0.5,
    axisLabel: {
      ...common.axisLabel,
      customValues: ticks.map((_, i) => i),
      formatter: (value: number) => ticks[value] ?? '',
      // Words that stand close lie aslant, so that none is left out.
      ...(ticks.length > 6 && ticks.some((tick) => tick.length > 4)
        ? { rotate: 35, hideOverlap: ticks.length > 24 }
        : {}),
      overflow: 'truncate',
      width: 90,
    },
  };
}

function scatter(group: PointGroup, theme: ChartTheme, chosen: string | null) {
  const { colour } = lineLook(group.look, theme.dark);
  return {
    type: 'scatter',
    id: group.id,
    name: group.label,
    symbol: group.symbol === 'ring' ? 'circle' : group.symbol,
    symbolSize: 7,
    itemStyle: { ...mark(group.symbol, colour), opacity: group.dim ? 0.45 : 0.85 },
    z: group.dim ? 2 : 4,
    data: group.x.map((x, i) => {
      const key = group.keys[i] ?? '';
      const datum: PointDatum = { value: [x, group.y[i] ?? NaN], key, name: group.names[i] ?? '' };
      if (key !== chosen) return datum;
      return {
        ...datum,
        symbolSize: 14,
        itemStyle: { borderColor: theme.text, borderWidth: 2, opacity: 1 },
      };
    }),
  };
}

function mark(symbol: PointSymbol, colour: string) {
  return symbol === 'ring'
    ? { color: 'transparent', borderColor: colour, borderWidth: 1.75 }
    : { color: colour };
}

function staircase(line: NonNullable<PointChart['line']>, theme: ChartTheme) {
  const { colour } = lineLook(line.look, theme.dark);
  return {
    type: 'line',
    id: 'line',
    name: line.label,
    step: line.step ?? 'end',
    showSymbol: false,
    silent: true,
    tooltip: { show: false },
    lineStyle: { color: colour, width: 2 },
    data: line.x.map((x, i) => [x, line.y[i] ?? null]),
  };
}

function pointTooltip(
  data: unknown,
  { x, y }: PointChart,
  format: { x: (value: number) => string; y: (value: number) => string },
): string {
  const { name, value } = data as PointDatum;
  const row = (label: string, text: string) =>
    `<div style="display:flex;gap:12px;justify-content:space-between"><span>${escape(label)}</span>` +
    `<b style="font-variant-numeric:tabular-nums">${text}</b></div>`;
  return (
    `<div style="max-width:22rem;white-space:normal">${escape(name)}</div>` +
    // Places with words are said by the name.
    (x.ticks ? '' : row(x.label, format.x(value[0]))) +
    row(y.label, format.y(value[1]))
  );
}
