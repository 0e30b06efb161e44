import { describe, expect, it } from 'vitest';
import { alignSeries } from '#shared/run/compare/align-series.ts';
import type { Series } from '#shared/run/record.ts';

const series = (
  name: string,
  points: [step: number, epoch: number, time: number, value: number][],
): Series => ({
  name,
  step: points.map(([step]) => step),
  epoch: points.map(([, epoch]) => epoch),
  time: points.map(([, , time]) => time),
  value: points.map(([, , , value]) => value),
});

describe('series over one axis', () => {
  const a = series('a', [
    [1, 0, 0.5, 10],
    [2, 0, 1.5, 20],
    [10, 1, 9, 30],
  ]);
  const b = series('b', [
    [2, 0, 0.25, 5],
    [4, 1, 0.5, 6],
  ]);

  it('by step: the union in numeric order, null where a series has no point', () => {
    expect(alignSeries([a, b], 'step')).toEqual({
      x: [1, 2, 4, 10],
      values: [
        [10, 20, null, 30],
        [null, 5, 6, null],
      ],
    });
  });

  it('by epoch: the last point of an epoch counts', () => {
    expect(alignSeries([a, b], 'epoch')).toEqual({
      x: [0, 1],
      values: [
        [20, 30],
        [5, 6],
      ],
    });
  });

  it('by time, and with nothing', () => {
    expect(alignSeries([a, b], 'time').x).toEqual([0.25, 0.5, 1.5, 9]);
    expect(alignSeries([], 'time')).toEqual({ x: [], values: [] });
  });
});
