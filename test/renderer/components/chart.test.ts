import { describe, expect, it } from 'vitest';
import type { ChartTheme } from '#renderer/components/chart/option-parts.ts';
import { use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { init } from '#renderer/components/chart/library.ts';
import { extentOf, STILL } from '#renderer/components/chart/line-option.ts';
import { logTicks } from '#renderer/components/chart/log-ticks.ts';
import { chartOption } from '#renderer/components/chart/option.ts';
import { lineLook } from '#renderer/components/chart/palette.ts';
import { WHOLE } from '#renderer/components/chart/range.ts';
import { summarise } from '#renderer/components/chart/summary.ts';
import { thin } from '#renderer/components/chart/thin.ts';
import type { LineChart } from '#renderer/components/chart/types.ts';

use([SVGRenderer]);

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
  const points = (...input: Parameters<typeof thin>) => {
    const flat = thin(...input);
    return Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i], flat[2 * i + 1]]);
  };

  it('keeps spikes and both ends of a long line in a few thousand points', () => {
    const kept = points(x, y);
    expect(kept.length).toBeLessThan(3000);
    expect(kept).toContainEqual([54_321, 99]);
    expect(kept).toContainEqual([54_322, -99]);
    expect(kept[0]?.[0]).toBe(0);
    expect(kept.at(-1)?.[0]).toBe(n - 1);
  });

  it('gives every point of a small part that is zoomed to, and one beyond on both sides', () => {
    const kept = points(x, y, { from: 50_000.5, to: 50_100 });
    expect(kept.map(([at]) => at)).toEqual(Array.from({ length: 102 }, (_, i) => 50_000 + i));
  });

  it('leaves a gap where there is no number', () => {
    expect(points([0, 1, 2], [5, Infinity, 7], WHOLE)).toEqual([
      [0, 5],
      [1, NaN],
      [2, 7],
    ]);
  });
});

describe('chartOption', () => {
  const seriesOf = (model: LineChart, view = STILL) =>
    chartOption(model, theme, 'label', view).series as {
      id: string;
      data: ArrayLike<number>;
      lineStyle: { opacity?: number; type: unknown };
    }[];

  it('draws the raw curve faintly behind the smoothed one', () => {
    const series = seriesOf(chart());
    expect(series.map((one) => one.id)).toEqual(['a (raw)', 'a']);
    expect(series[0]?.lineStyle.opacity).toBeLessThan(0.5);
  });

  it('draws less while it moves, but never less of a spike', () => {
    const n = 50_000;
    const x = Float64Array.from({ length: n }, (_, i) => i);
    const y = Float64Array.from({ length: n }, (_, i) => Math.cos(i));
    y[31_415] = 77;
    const model = chart({ lines: [{ id: 'a', label: 'A', look: 1, x, y, ghost: y }] });
    const still = seriesOf(model);
    const moving = seriesOf(model, { ...STILL, moving: true });
    expect(still.map(({ id }) => id)).toEqual(['a (raw)', 'a']);
    expect(moving.map(({ id }) => id)).toEqual(['a']);
    expect(moving[0]!.data.length).toBeLessThan(still[1]!.data.length / 2);
    for (const { data } of [...still, ...moving]) expect(Array.from(data)).toContain(77);
  });

  it('draws a band behind its line, with its edges known to the axes', () => {
    const band = { low: [1, 0, NaN], high: [5, 2, NaN] };
    const model = chart({ lines: [{ id: 'a', label: 'A', look: 0, x: [0, 1, 2], y: [3, 1, 1], band }] });
    const [first, second] = seriesOf(model);
    expect([first?.id, second?.id]).toEqual(['a (band)', 'a']);
    expect(first?.data).toEqual([
      [0, 1, 5],
      [1, 0, 2],
    ]);
  });

  it('spans the whole x axis of all lines, and the visible part of it while it is zoomed', () => {
    const model = chart({
      lines: [
        { id: 'a', label: 'A', look: 0, x: [5, 6], y: [1, 2] },
        { id: 'b', label: 'B', look: 1, x: [2, 9], y: [1, 2] },
        { id: 'c', label: 'C', look: 2, x: [], y: [] },
      ],
    });
    expect(extentOf(model)).toEqual({ from: 2, to: 9 });
    expect(chartOption(model, theme, '').xAxis).toMatchObject({ min: 2, max: 9 });
    const zoomed = chartOption(model, theme, '', { ...STILL, x: { from: 5, to: 6 } });
    expect(zoomed.xAxis).toMatchObject({ min: 5, max: 6 });
    expect(extentOf({ ...model, x: { ...model.x, from: 0, to: 100 } })).toEqual({ from: 0, to: 100 });
  });

  it('begins a logarithmic axis where there is a logarithm', () => {
    const model = chart({ x: { label: 'Step', format: 'count', log: true } });
    expect(extentOf(model)).toEqual({ from: 1, to: 2 });
    const log = chartOption(chart({ y: { label: 'Loss', format: 'number', log: true } }), theme, '');
    expect((log.yAxis as { min: number }).min).toBeGreaterThan(0);
  });

  it('has an axis of some length for a single point and for none', () => {
    for (const log of [false, true]) {
      for (const x of [[], [7]]) {
        const model = chart({ lines: [{ id: 'a', label: 'A', look: 0, x, y: x }] });
        const { from, to } = extentOf({ ...model, x: { ...model.x, log } });
        expect(to).toBeGreaterThan(from);
      }
    }
  });

  it('cuts the y axis to where nearly all points lie, when it is told', () => {
    const { yAxis } = chartOption(
      chart({ y: { label: 'Loss', format: 'number', log: false, focus: { low: 0, high: 10 } } }),
      theme,
      '',
    );
    expect(yAxis).toMatchObject({ min: -0.5, max: 10.5 });
  });
});

describe('the labels of the y axis, as they are drawn', () => {
  /** Text and height of each label in a drawing 170 points high. */
  function labels(low: number, high: number, format: 'number' | 'percent') {
    const model = chart({
      lines: [{ id: 'a', label: 'A', look: 0, x: [0, 1], y: [low, high] }],
      x: { label: 'Step', format: 'clock' },
      y: { label: 'A', format, log: false },
    });
    const drawing = init(null, null, { renderer: 'svg', ssr: true, width: 300, height: 170 });
    drawing.setOption({ animation: false, ...chartOption(model, theme, '') });
    const svg = drawing.renderToSVGString();
    drawing.dispose();
    const texts = [
      ...svg.matchAll(/<text[^>]*text-anchor="end"[^>]*translate\(([\d.]+) ([\d.]+)\)[^>]*>([^<]+)</g),
    ];
    return texts.map(([, , y, text]) => ({ y: Number(y), text }));
  }

  it.each([0.5, 0.55, 0.61, 0.682, 0.76, 0.773, 0.83, 0.9, 0.935, 0.96, 0.985, 0.9903])(
    'do not touch below the end at 100 %%: shares from %f',
    (low) => {
      const drawn = labels(low, 0.9985, 'percent');
      expect(drawn.length).toBeGreaterThan(2);
      expect(drawn.at(-1)?.text).toBe('100 %');
      const steps = drawn.slice(1).map(({ y }, i) => drawn[i]!.y - y);
      expect(Math.max(...steps) - Math.min(...steps)).toBeLessThan(0.01);
      expect(Math.min(...steps)).toBeGreaterThan(12);
    },
  );

  it.each([
    [0.00999, 0.01],
    [1.0001, 1.0004],
    [-0.52, -0.5199],
  ])('differ from %f to %f', (low, high) => {
    const drawn = labels(low, high, 'number');
    expect(drawn.length).toBeGreaterThan(2);
    expect(new Set(drawn.map(({ text }) => text)).size).toBe(drawn.length);
  });

  it.each([0.01, -3, 1e-6, 250])('differ beside a line that stays at %d but for rounding', (value) => {
    const drawn = labels(value, value * (1 + 1e-8), 'number');
    expect(drawn.length).toBeGreaterThan(2);
    expect(new Set(drawn.map(({ text }) => text)).size).toBe(drawn.length);
  });
});

describe('the labels of a logarithmic axis', () => {
  it.each([
    [0.1, 100, [0.1, 0.3, 1, 3, 10, 30, 100]],
    [0.07, 1.3, [0.1, 0.2, 0.5, 1]],
    [200, 2400, [200, 500, 1000, 2000]],
    [4, 9, [4, 5, 6, 7, 8, 9]],
    [1e-6, 1, [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1]],
    [0, 1, []],
  ])('from %d to %d are round', (from, to, expected) => expect(logTicks(from, to)).toEqual(expected));

  it('are never too many', () => {
    const ticks = logTicks(1e-12, 1e12);
    expect(ticks.length).toBeGreaterThan(3);
    expect(ticks.length).toBeLessThan(9);
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
  it('gives what is known of the whole curve where the chart holds a part', () => {
    const facts = { last: 0.5, min: 0.25, max: 8, points: 10_000 };
    const model = chart({ lines: [{ id: 'a', label: 'A', look: 0, x: [0], y: [2], facts }] });
    expect(summarise(model).rows).toEqual([
      { id: 'a', label: 'A', last: '0.5', min: '0.25', max: '8', points: 10_000 },
    ]);
  });
});
