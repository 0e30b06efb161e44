import { describe, expect, it } from 'vitest';
import { tableCsv } from '#shared/run/export/csv.ts';
import { bucketsToAsk, covers, rangeToAsk } from '#renderer/components/chart/coverage.ts';
import { curveTable } from '#renderer/components/chart/curve-table.ts';
import { dataTable, valueTable } from '#renderer/components/chart/data-table.ts';
import { cursorRows, neighbourPlace } from '#renderer/components/chart/nearest.ts';
import { panRange, rangeBetween, zoomRange } from '#renderer/components/chart/range.ts';
import { fileName } from '#renderer/components/chart/save-file.ts';
import type { ChartLine, LineChart } from '#renderer/components/chart/types.ts';

const whole = { from: 0, to: 100 };

describe('zooming and panning', () => {
  it('keeps the place under the pointer', () => {
    expect(zoomRange(null, whole, 2, 25)).toEqual({ from: 12.5, to: 62.5 });
    expect(zoomRange({ from: 12.5, to: 62.5 }, whole, 0.5, 25)).toBeNull();
  });
  it('on a logarithmic axis moves by ratios', () => {
    const range = zoomRange(null, { from: 1, to: 10_000 }, 2, undefined, true);
    expect(range?.from).toBeCloseTo(10, 9);
    expect(range?.to).toBeCloseTo(1000, 6);
    const moved = panRange(range, { from: 1, to: 10_000 }, 0.5, true);
    expect(moved?.from).toBeCloseTo(100, 6);
    expect(moved?.to).toBeCloseTo(10_000, 4);
  });
  it('stops at the ends, and is nothing where everything is visible', () => {
    expect(panRange({ from: 10, to: 30 }, whole, -5)).toEqual({ from: 0, to: 20 });
    expect(panRange({ from: 10, to: 30 }, whole, 5)).toEqual({ from: 80, to: 100 });
    expect(panRange(null, whole, 1)).toBeNull();
    expect(zoomRange(null, whole, 0.5)).toBeNull();
  });
  it('takes a rectangle in any direction, within the axis', () => {
    expect(rangeBetween(60, 20, whole)).toEqual({ from: 20, to: 60 });
    expect(rangeBetween(-50, 20, whole)).toEqual({ from: 0, to: 20 });
    expect(rangeBetween(-5, 500, whole)).toBeNull();
    expect(rangeBetween(20, 20, whole)).toBeNull();
  });
});

describe('what is asked of the host', () => {
  it('is as much again on both sides of the visible part, and no coarser than the pixels', () => {
    expect(rangeToAsk({ from: 40, to: 50 })).toEqual({ from: 30, to: 60 });
    expect(rangeToAsk(null)).toBeNull();
    expect(bucketsToAsk({ from: 40, to: 50 }, 600)).toBe(1800);
    expect(bucketsToAsk(null, 600)).toBe(600);
  });
  it('is nothing while what is there will do', () => {
    const all = { range: null, buckets: 600, thinned: true };
    expect(covers(all, null, whole)).toBe(true);
    expect(covers(all, { from: 40, to: 50 }, whole)).toBe(false);
    expect(covers({ ...all, thinned: false }, { from: 40, to: 40.1 }, whole)).toBe(true);
    const part = { range: { from: 30, to: 60 }, buckets: 1800, thinned: true };
    expect(covers(part, { from: 40, to: 50 }, whole)).toBe(true);
    expect(covers(part, { from: 45, to: 55 }, whole)).toBe(true);
    expect(covers(part, { from: 55, to: 65 }, whole)).toBe(false);
    expect(covers(part, { from: 40, to: 42 }, whole)).toBe(false);
    expect(covers(part, null, whole)).toBe(false);
    // Beyond the end of the axis there is nothing to ask for.
    expect(covers({ ...part, range: { from: 70, to: 130 } }, { from: 85, to: 100 }, whole)).toBe(true);
  });
});

const line = (over: Partial<ChartLine>): ChartLine => ({
  id: 'a',
  label: 'A',
  look: 0,
  x: [0, 10, 20],
  y: [1, 2, 3],
  ...over,
});

describe('the crosshair', () => {
  const lines = [
    line({ id: 'a', ghost: [1.5, 2.5, 3.5] }),
    line({ id: 'b', y: [5, 2.2, NaN] }),
    line({ id: 'c', x: [0, 5], y: [2.1, 2.1] }),
  ];
  const near = (to: number) => (value: number) => Math.abs(value - to);

  it('lists what each line says there, the nearest to the pointer first', () => {
    expect(cursorRows(lines, 11, near(2.15), 1).map(({ id, value }) => [id, value])).toEqual([
      ['b', 2.2],
      ['a', 2],
    ]);
    expect(cursorRows(lines, 4, near(0), 1).map(({ id }) => id)).toEqual(['a', 'c', 'b']);
    expect(cursorRows(lines, 11, near(0), 1)[0]).toMatchObject({ x: 10, raw: 2.5 });
  });
  it('lets lines that have ended, and gaps, say nothing', () => {
    expect(cursorRows(lines, 20, near(0), 1).map(({ id }) => id)).toEqual(['a']);
  });
  it('over another metric finds the point wherever it lies', () => {
    const path = line({ path: true, x: [3, 1, 2], y: [30, 10, 20] });
    expect(cursorRows([path], 1.9, near(0), 0)[0]).toMatchObject({ x: 2, value: 20 });
  });
  it('goes from point to point by the keyboard', () => {
    expect(neighbourPlace(lines, 5, 1)).toBe(10);
    expect(neighbourPlace(lines, 10, -1)).toBe(5);
    expect(neighbourPlace(lines, 20, 1)).toBeNull();
  });
});

describe('the numbers of a chart', () => {
  const chart: LineChart = {
    kind: 'lines',
    lines: [line({ label: 'One, two' }), line({ id: 'b', label: 'B', x: [10], y: [NaN] })],
    x: { label: 'Step', format: 'count' },
    y: { label: 'Loss', format: 'number', log: false },
  };

  it('as a table for reading are those of the visible part, no more than fit', () => {
    expect(valueTable(chart, { from: 5, to: 20 })).toEqual({
      head: ['Step', 'One, two', 'B'],
      rows: [
        ['10', '2', '–'],
        ['20', '3', '–'],
      ],
    });
    const long = { ...chart, lines: [line({ x: [...Array(1000).keys()], y: Array(1000).fill(1) })] };
    const { rows } = valueTable(long, { from: 0, to: 999 }, 50);
    expect(rows).toHaveLength(50);
    expect([rows[0]?.[0], rows.at(-1)?.[0]]).toEqual(['0', '999']);
  });

  it('as a file are exact, with names in quotes where they need them', () => {
    expect(tableCsv(dataTable(chart))).toBe(
      'line,Step,Loss\r\n"One, two",0,1\r\n"One, two",10,2\r\n"One, two",20,3\r\nB,10,\r\n',
    );
  });

  it('of runs are every point that was logged, by run and line', () => {
    const series = { name: 'loss', step: [1, 2], epoch: [0.5, 1], time: [3, 6], value: [0.1, 0.2] };
    const sources = [{ label: 'Group', series: 'loss', runs: ['a', 'gone'] }];
    expect(curveTable(sources, [{ run: 'a', series: [series] }], (id) => `run ${id}`).rows).toEqual([
      ['Group', 'a', 'run a', 'loss', 1, 0.5, 3, 0.1],
      ['Group', 'a', 'run a', 'loss', 2, 1, 6, 0.2],
    ]);
  });

  it('are saved under a name that every file system takes', () => {
    expect(fileName('conv1/a: zero fraction', 'csv')).toBe('conv1-a-zero-fraction.csv');
    expect(fileName('…', 'png')).toBe('chart.png');
  });
});
