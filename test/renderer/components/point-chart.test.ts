import { describe, expect, it } from 'vitest';
import type { ChartTheme } from '#renderer/components/chart/option-parts.ts';
import { chartOption } from '#renderer/components/chart/option.ts';
import { summarise } from '#renderer/components/chart/summary.ts';
import type { PointChart } from '#renderer/components/chart/types.ts';

const theme: ChartTheme = { dark: true, text: '#eee', grid: '#333', panel: '#111', font: 'sans' };
const chart: PointChart = {
  kind: 'points',
  groups: [
    {
      id: 'a',
      label: 'A',
      look: 0,
      symbol: 'circle',
      x: [1, 2],
      y: [0.5, 0.7],
      keys: ['1', '2'],
      names: ['one', '<b>two'],
    },
    { id: 'b', label: 'B', look: 1, symbol: 'ring', x: [0], y: [0.1], keys: ['3'], names: ['three'] },
    { id: 'none', label: 'None', look: 2, symbol: 'diamond', x: [], y: [], keys: [], names: [] },
  ],
  line: { label: 'Best', look: 1, x: [1, 2], y: [0.5, 0.7] },
  x: { label: 'Kind', format: 'number', ticks: ['relu', 'elu', 'tanh'] },
  y: { label: 'accuracy', format: 'percent' },
  chosen: '2',
};

describe('a cloud of points', () => {
  const option = chartOption(chart, theme, 'label');
  const series = option.series as {
    type: string;
    step?: string;
    data: { key: string; symbolSize?: number }[];
  }[];

  it('hands back what a point stands for, and lets the chosen one stand out', () => {
    expect(series[0]?.data.map(({ key }) => key)).toEqual(['1', '2']);
    expect(series[0]?.data.map(({ symbolSize }) => symbolSize)).toEqual([undefined, 14]);
  });
  it('has hollow marks that are hollow on any panel', () => {
    expect(series[1]).toMatchObject({ symbol: 'circle', itemStyle: { color: 'transparent' } });
  });
  it('draws its line as a staircase over them', () => {
    expect(series.at(-1)).toMatchObject({ type: 'line', step: 'end' });
  });
  it('labels words at their places', () => {
    const { min, max, axisLabel } = option.xAxis as {
      min: number;
      max: number;
      axisLabel: { formatter: (value: number) => string; color: string };
    };
    expect([min, max]).toEqual([-0.5, 2.5]);
    expect([0, 1, 2].map(axisLabel.formatter)).toEqual(['relu', 'elu', 'tanh']);
    expect(axisLabel.color).toBe(theme.text);
  });
  it('shows names in tooltips as text, never as markup', () => {
    const { formatter } = option.tooltip as { formatter: (item: unknown) => string };
    const html = formatter({ data: series[0]?.data[1] });
    expect(html).toContain('&lt;b&gt;two');
    expect(html).toContain('70 %');
  });
  it('is summarised group by group, the empty ones left out', () => {
    expect(summarise(chart).rows.map(({ label, points, max }) => [label, points, max])).toEqual([
      ['Best', 2, '70.00 %'],
      ['A', 2, '70.00 %'],
      ['B', 1, '10.00 %'],
    ]);
  });
});

describe('named stretches of the axis', () => {
  it('lie behind the first line', () => {
    const option = chartOption(
      {
        kind: 'lines',
        lines: [{ id: 'a', label: 'A', look: 0, x: [0, 4], y: [1, 1] }],
        x: { label: 'Epoch', format: 'number' },
        y: { label: 'Rate', format: 'number', log: false, min: 0, max: 2 },
        bands: [{ from: 0, to: 2, label: 'warm-up' }],
      },
      theme,
      'label',
    );
    expect(option.yAxis).toMatchObject({ min: 0, max: 2 });
    expect(option.series).toMatchObject([
      { markArea: { data: [[{ name: 'warm-up', xAxis: 0 }, { xAxis: 2 }]] } },
    ]);
  });
});
