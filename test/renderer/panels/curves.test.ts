import { describe, expect, it } from 'vitest';
import type { CurveAnswer } from '#shared/run/compare/curves.ts';
import { CURVE_VIEW, readView, type CurveView } from '#renderer/panels/curve-view.ts';
import { curveChart, curveRequest, type CurveSource } from '#renderer/panels/curves.ts';
import { NO_GROUPING, readGrouping } from '#renderer/panels/grouping.ts';

const source = (over: Partial<CurveSource> = {}): CurveSource => ({
  id: 'a',
  label: 'A',
  look: 3,
  series: 'train/loss',
  runs: ['a'],
  ...over,
});
const answer = (over: Partial<CurveAnswer['curves'][number]> = {}): CurveAnswer => ({
  curves: [
    {
      id: 'a',
      x: [0, 10, 20],
      y: [4, 0, -1],
      raw: null,
      low: null,
      high: null,
      runs: 1,
      points: 3000,
      last: -1,
      min: -7,
      max: 9,
      ...over,
    },
  ],
  extent: { from: 0, to: 20, positive: 10 },
  thinned: true,
  focus: null,
});
const y = { label: 'Loss', format: 'number' as const };
const view = (over: Partial<CurveView> = {}): CurveView => ({ ...CURVE_VIEW, ...over });

describe('the question to the host', () => {
  it('names the other metric only where it is the x axis', () => {
    expect(curveRequest([source()], view())).not.toHaveProperty('metric');
    expect(curveRequest([source()], view({ x: 'metric', metric: 'learning-rate' }))).toMatchObject({
      x: 'metric',
      metric: 'learning-rate',
    });
  });
});

describe('a chart of the answer', () => {
  it('says of each line what the whole curve is, though it holds a part', () => {
    const [line] = curveChart([source()], answer(), y, view()).lines;
    expect(line).toMatchObject({ look: 3, facts: { last: -1, min: -7, max: 9, points: 3000 } });
    expect(line).not.toHaveProperty('ghost');
  });

  it('has the raw curve behind a smoothed one, and the band of a group', () => {
    const [line] = curveChart(
      [source({ runs: ['a', 'b'] })],
      answer({ raw: [5, null, 1], low: [1, null, 0], high: [9, null, 2] }),
      y,
      view({ weight: 0.5 }),
    ).lines;
    expect(line?.ghost).toEqual([5, NaN, 1]);
    expect(line?.band).toEqual({ low: [1, NaN, 0], high: [9, NaN, 2] });
  });

  it('leaves out of logarithmic axes what has no logarithm', () => {
    const chart = curveChart([source()], answer(), y, view({ logX: true, logY: true }));
    expect(chart.lines[0]?.y).toEqual([4, NaN, NaN]);
    expect(chart.x).toMatchObject({ log: true, from: 10, to: 20 });
    expect(chart.y.log).toBe(true);
  });

  it('leaves out lines without points, and keeps the looks of the others', () => {
    const sources = [source({ id: 'gone', look: 1 }), source()];
    expect(curveChart(sources, answer(), y, view()).lines.map(({ look }) => look)).toEqual([3]);
    expect(curveChart(sources, null, y, view()).lines).toEqual([]);
  });

  it('over another metric is a path, and its axis is named after it', () => {
    const chart = curveChart([source()], answer(), y, view({ x: 'metric', metric: 'validation/accuracy' }));
    expect(chart.lines[0]?.path).toBe(true);
    expect(chart.x).toMatchObject({ label: 'Validation accuracy', format: 'percent' });
  });
});

describe('what a window kept', () => {
  it('comes back as it was', () => {
    const kept = view({ x: 'wall', logY: true, smoothing: 'gaussian', weight: 0.4, ignoreOutliers: true });
    expect(readView(JSON.parse(JSON.stringify(kept)))).toEqual(kept);
    for (const by of [null, { kind: 'replicates' }, { kind: 'fields', paths: ['a.b'] }] as const) {
      const grouping = { ...NO_GROUPING, by, band: 'ci95' as const };
      expect(readGrouping(JSON.parse(JSON.stringify(grouping)))).toEqual(grouping);
    }
  });

  it.each([
    null,
    7,
    'x',
    [],
    { x: 'sideways', weight: 4, smoothing: 0.6, by: { kind: 'fields', paths: [] } },
  ])('is the default where it is %j', (kept) => {
    expect(readView(kept)).toEqual(CURVE_VIEW);
    expect(readGrouping(kept)).toEqual(NO_GROUPING);
  });
});
