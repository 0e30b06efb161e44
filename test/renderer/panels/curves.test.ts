import { describe, expect, it } from 'vitest';
import type { Series } from '#shared/run/record.ts';
import { curveChart, type CurveView } from '#renderer/panels/curves.ts';
import { smooth } from '#renderer/panels/smoothing.ts';

const series = (value: number[]): Series => ({
  name: 's',
  step: value.map((_, i) => i * 10),
  epoch: value.map((_, i) => i / 2),
  time: value.map((_, i) => i * 3),
  value,
});
const view: CurveView = { x: 'step', smoothing: 0, log: false };
const y = { label: 'Loss', format: 'number' as const };
const source = (value: number[]) => ({ id: 'a', label: 'A', look: 3, series: series(value) });

describe('smooth', () => {
  it('with weight 0 changes nothing', () => {
    expect(smooth([0, 1, 2], [5, 1, 7], 2, 0)).toEqual([5, 1, 7]);
  });

  it('leaves a constant as it is, from the first point on', () => {
    const out = smooth([0, 1, 2, 3], [4, 4, 4, 4], 3, 0.97);
    for (const value of out) expect(value).toBeCloseTo(4, 12);
  });

  it('is the bias-corrected moving average when points are one thousandth of the axis apart', () => {
    const values = [1, 4, 2, 8, 5];
    const w = 0.8;
    // The closed form: Σ wⁿ⁻ⁱ·yᵢ / Σ wⁿ⁻ⁱ.
    const expected = values.map((_, n) => {
      const weights = values.slice(0, n + 1).map((_value, i) => w ** (n - i));
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      return weights.reduce((sum, weight, i) => sum + weight * (values[i] ?? 0), 0) / total;
    });
    const out = smooth([0, 1, 2, 3, 4], values, 1000, w);
    out.forEach((value, i) => expect(value).toBeCloseTo(expected[i] ?? 0, 12));
  });

  it('does not bend a curve of few points', () => {
    const values = [0, 10, 3, 12];
    smooth([0, 1, 2, 3], values, 3, 0.9).forEach((value, i) => expect(value).toBeCloseTo(values[i] ?? 0, 6));
  });

  it('passes over what is no number', () => {
    const out = smooth([0, 1, 2], [1, NaN, 1], 1000, 0.5);
    expect(out[1]).toBeNaN();
    expect(out[2]).toBeCloseTo(1, 12);
  });
});

describe('curveChart', () => {
  it('takes the x axis that was asked for', () => {
    for (const [x, expected] of [
      ['step', [0, 10]],
      ['epoch', [0, 0.5]],
      ['time', [0, 3]],
    ] as const) {
      expect(curveChart([source([1, 2])], y, { ...view, x }).lines[0]?.x).toEqual(expected);
    }
  });

  it('keeps the raw curve as a ghost only where it smooths', () => {
    expect(curveChart([source([1, 2])], y, view).lines[0]?.ghost).toBeUndefined();
    expect(curveChart([source([1, 2])], y, { ...view, smoothing: 0.5 }).lines[0]?.ghost).toEqual([1, 2]);
  });

  it('leaves out of a log axis what has no logarithm', () => {
    expect(curveChart([source([1, 0, -2, 4])], y, { ...view, log: true }).lines[0]?.y).toEqual([
      1,
      NaN,
      NaN,
      4,
    ]);
  });

  it('leaves out runs that have no such series, and keeps the looks of the others', () => {
    const chart = curveChart([{ ...source([]), series: undefined }, source([1])], y, view);
    expect(chart.lines.map((line) => line.look)).toEqual([3]);
  });
});
