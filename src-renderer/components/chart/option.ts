import type { EChartsCoreOption } from 'echarts/core';
import { count, number } from '../base/format.ts';
import { lineOption, STILL, type LineView } from './line-option.ts';
import { axis, tooltip, type ChartTheme } from './option-parts.ts';
import { lineLook } from './palette.ts';
import { pointOption } from './point-option.ts';
import type { BarChart, ChartModel } from './types.ts';

/** The chart library's own description of a chart. Pure. */
export function chartOption(
  model: ChartModel,
  theme: ChartTheme,
  label: string,
  view: LineView = STILL,
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
      return { ...common, ...lineOption(model, theme, view) };
    case 'points':
      return { ...common, ...pointOption(model, theme) };
    case 'bars':
      return { ...common, ...barOption(model, theme) };
  }
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
