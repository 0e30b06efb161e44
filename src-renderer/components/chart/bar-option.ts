import type { EChartsCoreOption } from 'echarts/core';
import { number } from '../base/format.ts';
import { axis, FORMATS, tooltip, type ChartTheme } from './option-parts.ts';
import { lineLook } from './palette.ts';
import type { BarChart } from './types.ts';

/** The chart library's description of bars. Pure. */
export function barOption(model: BarChart, theme: ChartTheme): EChartsCoreOption {
  const { names, label, y, beside, marks } = model;
  const format = FORMATS[model.format ?? 'count'];
  const common = axis(theme, number);
  return {
    tooltip: {
      ...tooltip(theme),
      trigger: 'axis',
      axisPointer: { type: 'shadow' },
      valueFormatter: (value: unknown) => (typeof value === 'number' ? format(value) : '–'),
    },
    xAxis: {
      ...common,
      ...(names
        ? {
            axisLabel: {
              ...common.axisLabel,
              // Names that stand close lie aslant, so that none is left out.
              ...(names.length > 6 ? { rotate: 35, hideOverlap: names.length > 24, interval: 0 } : {}),
              overflow: 'truncate',
              width: 90,
            },
          }
        : {}),
      type: 'category',
      data: names ?? model.x.map((value) => String(Number(value.toPrecision(2))).replace('-', '−')),
      splitLine: { show: false },
    },
    yAxis: { ...axis(theme, format), type: 'value', splitNumber: 3 },
    series: [
      bars('bars', label, y, lineLook(0, theme.dark).colour),
      ...(beside ? [bars('beside', beside.label, beside.y, lineLook(1, theme.dark).colour)] : []),
      ...(marks ? [dashes(marks, theme)] : []),
    ],
  };
}

function bars(id: string, name: string, y: readonly number[], color: string) {
  return {
    type: 'bar',
    id,
    name,
    data: known(y),
    barCategoryGap: '12%',
    barMaxWidth: 48,
    itemStyle: { color },
  };
}

function dashes({ label, y }: NonNullable<BarChart['marks']>, theme: ChartTheme) {
  return {
    type: 'scatter',
    id: 'marks',
    name: label,
    symbol: 'rect',
    symbolSize: [28, 3],
    itemStyle: { color: theme.text },
    data: known(y),
    z: 5,
  };
}

function known(values: readonly number[]): (number | '-')[] {
  return values.map((value) => (Number.isFinite(value) ? value : '-'));
}
