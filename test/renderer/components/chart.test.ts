import { describe, expect, it } from 'vitest';
import type { ChartTheme } from '#renderer/components/chart/option-parts.ts';
import { chartOption, extentOf } from '#renderer/components/chart/option.ts';
import { lineLook } from '#renderer/components/chart/palette.ts';
import { summarise } from '#renderer/components/chart/summary.ts';
import { thin, WHOLE } from '#renderer/components/chart/thin.ts';
import type { LineChart } from '#renderer/components/chart/types.ts';

const theme: ChartTheme = { dark: false, text: '#333', grid: '#eee', panel: '#fff', font: 'sans' };
const chart = (over: Partial<LineChart> = {}): LineChart => ({
  kind: 'lines',
  lines: [{ id: 'a', label: 'A <b>', look: 0, x: [0, 1, 2], y: [3, 1, NaN], ghost: [4, 0, 2] }],
  x: { label: 'Step', format: 'count' },
  y: { label: 'Loss', format: 'number', log: false },
  ...over,
});

describe('thin', () => {
  const n = 100_000;
  const x = Float64Array.from({ length: n }, (_, i) => i);
  const y = Float64Array.from({ length: n }, (_, i) => Math.sin(i / 5000));
  y[54_321] = 99;
  y[54_322] = -99;

  it('keeps spikes and both ends of a long line in a few thousand points', () => {
    const points = thin(x, y, WHOLE);
    expect(points.length).toBeLessThan(3000);
    expect(points).toContainEqual([54_321, 99]);
    expect(points).toContainEqual([54_322, -99]);
    expect(points[0]?.[0]).toBe(0);
    expect(points.at(-1)?.[0]).toBe(n - 1);
  });

  it('gives every point of a small part that is zoomed to, and one beyond on both sides', () => {
    const points = thin(x, y, { from: 50_000.5, to: 50_100 });
    expect(points.map(([at]) => at)).toEqual(Array.from({ length: 102 }, (_, i) => 50_000 + i));
  });

  it('leaves a gap where there is no number', () => {
    expect(thin([0, 1, 2], [5, NaN, 7], WHOLE)).toEqual([
      [0, 5],
      [1, null],
      [2, 7],
    ]);
  });
});

describe('chartOption', () => {
  const seriesOf = (model: LineChart) =>
    chartOption(model, theme, 'label').series as {
      id: string;
      lineStyle: { opacity?: number; type: unknown };
    }[];

  it('draws the raw curve faintly behind the smoothed one', () => {
    const series = seriesOf(chart());
    expect(series.map((one) => one.id)).toEqual(['a (raw)', 'a']);
    expect(series[0]?.lineStyle.opacity).toBeLessThan(0.5);
  });

  it('spans the whole x axis of all lines, also while a part is visible', () => {
    const model = chart({
      lines: [
        { id: 'a', label: 'A', look: 0, x: [5, 6], y: [1, 2] },
        { id: 'b', label: 'B', look: 1, x: [2, 9], y: [1, 2] },
        { id: 'c', label: 'C', look: 2, x: [], y: [] },
      ],
    });
    expect(extentOf(model)).toEqual({ from: 2, to: 9 });
    const option = chartOption(model, theme, '', { from: 5, to: 6 });
    expect(option.xAxis).toMatchObject({ min: 2, max: 9 });
  });

  it('has an axis of some length for a single point and for none', () => {
    for (const x of [[], [7]]) {
      const { from, to } = extentOf(chart({ lines: [{ id: 'a', label: 'A', look: 0, x, y: x }] }));
      expect(to).toBeGreaterThan(from);
    }
  });

  it('shows names in tooltips as text, never as markup', () => {
    const option = chartOption(chart(), theme, '');
    const { formatter } = option.tooltip as { formatter: (items: unknown) => string };
    const html = formatter([
      { seriesId: 'a', seriesName: '<img onerror=x>', axisValue: 1, value: [1, 0.5], marker: '' },
    ]);
    expect(html).toContain('&lt;img onerror=x&gt;');
    expect(html).not.toContain('<img');
  });
});

describe('lineLook', () => {
  it('tells twenty lines apart by colour and dashes, in both themes', () => {
    for (const dark of [false, true]) {
      const looks = Array.from({ length: 20 }, (_, i) => JSON.stringify(lineLook(i, dark)));
      expect(new Set(looks).size).toBe(20);
    }
  });

  it('has colours of at least 3:1 against their panels', () => {
    const luminance = (hex: string) => {
      const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
        const c = parseInt(hex.slice(at, at + 2), 16) / 255;
        return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    for (const [dark, panel] of [
      [false, '#ffffff'],
      [true, '#17181b'],
    ] as const) {
      for (let i = 0; i < 10; i++) {
        const [high = 0, low = 0] = [luminance(lineLook(i, dark).colour), luminance(panel)].sort(
          (a, b) => b - a,
        );
        expect(
          (high + 0.05) / (low + 0.05),
          `${lineLook(i, dark).colour} on ${panel}`,
        ).toBeGreaterThanOrEqual(3);
      }
    }
  });
});

describe('summarise', () => {
  it('gives the numbers of the raw curve, not of the smoothed one', () => {
    const model = chart({ lines: [{ id: 'a', label: 'A', look: 0, x: [0, 1], y: [2, 2], ghost: [1, 3] }] });
    expect(summarise(model).rows).toEqual([
      { id: 'a', label: 'A', last: '3', min: '1', max: '3', points: 2 },
    ]);
  });
  it('holds for a line without points', () => {
    const model = chart({ lines: [{ id: 'a', label: 'A', look: 0, x: [], y: [] }] });
    expect(summarise(model).rows[0]).toMatchObject({ last: '–', min: '–', max: '–', points: 0 });
  });
});
