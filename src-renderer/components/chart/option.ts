import type { EChartsCoreOption } from 'echarts/core';
import { lineOption, STILL, type LineView } from './line-option.ts';
import { barOption } from './bar-option.ts';
import type { ChartTheme } from './option-parts.ts';
import { pointOption } from './point-option.ts';
import type { ChartModel } from './types.ts';

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
