import { describe, expect, it } from 'vitest';
import type { Histogram } from '#shared/run/record.ts';
import { historySummary, historyTable, medianOf, weightHistory } from '#renderer/panels/history/heat.ts';
import { layerMeasure, layerOf } from '#renderer/panels/layer-series.ts';
import { scalePanel } from '#renderer/panels/scale/index.ts';
import { levelsOf, stateShares, statesTable } from '#renderer/panels/states/shares.ts';
import { bandPaths } from '#renderer/panels/states/stack.ts';
import { thresholdsPanel } from '#renderer/panels/thresholds/index.ts';

const row = (over: Partial<Histogram>): Histogram => ({
  layer: 'l',
  epoch: 1,
  step: 10,
  edges: [0, 1],
  counts: [1],
  codes: {},
  ...over,
});

describe('names of series of layers', () => {
  it('are read with levels and codes, and with slashes in the layer', () => {
    expect(layerMeasure('layer/block/2/scale-high')).toEqual({
      layer: 'block/2',
      measure: 'scale-high',
      part: null,
    });
    expect(layerMeasure('layer/conv1/threshold/-1')).toEqual({
      layer: 'conv1',
      measure: 'threshold',
      part: -1,
    });
    expect(layerMeasure('layer/conv1/unheard-of')).toBeNull();
    expect(layerMeasure('train/loss')).toBeNull();
    expect(layerOf('layer/conv1/scale', 'scale')).toBe('conv1');
    expect(layerOf('layer/conv1/scale/2', 'scale')).toBeNull();
  });

  it('become the lines of one layer: scales by level, thresholds in the order of their codes', () => {
    const names = [
      'layer/a/scale',
      'layer/a/scale-low',
      'layer/a/scale/2',
      'layer/b/scale',
      'layer/a/threshold/1',
      'layer/a/threshold/0',
      'layer/a/threshold/-1',
    ];
    expect(scalePanel.parts?.(names, 'a').map(({ label }) => label)).toEqual([
      'Mean',
      'Lowest',
      'Mean, level 2',
    ]);
    expect(scalePanel.select(names)).toEqual(['layer/a/scale', 'layer/b/scale']);
    expect(thresholdsPanel.parts?.(names, 'a').map(({ label }) => label)).toEqual([
      'Code −1',
      'Code 0',
      'Code +1',
    ]);
  });
});

describe('shares of states', () => {
  it('stand from the lowest code up, and a code that is missing has none', () => {
    const shares = stateShares([
      row({ codes: { '1': 0.25, '-1': 0.75 } }),
      row({ epoch: 2, codes: { '0': 0.5, '1': 0.25, '-1': 0.25 } }),
    ]);
    expect(shares.bands.map(({ label, shares: of }) => [label, ...of])).toEqual([
      ['−1', 0.75, 0.25],
      ['0', 0, 0.5],
      ['+1', 0.25, 0.25],
    ]);
    expect(statesTable(shares)).toEqual({
      columns: ['Epoch', '−1', '0', '+1'],
      rows: [
        [1, 0.75, 0, 0.25],
        [2, 0.25, 0.5, 0.25],
      ],
    });
  });

  it('of many codes are put together, but the ends and zero stay by themselves; they sum to 1', () => {
    const codes = Object.fromEntries(Array.from({ length: 255 }, (_, i) => [String(i - 127), 1 / 255]));
    const { bands } = stateShares([row({ codes })]);
    expect(bands.map(({ label }) => label)).toEqual(['−127', '−126 … −1', '0', '+1 … +126', '+127']);
    expect(bands.map(({ sign }) => sign)).toEqual([-1, -1, 0, 1, 1]);
    expect(bands.reduce((sum, { shares }) => sum + (shares[0] ?? 0), 0)).toBeCloseTo(1, 12);
  });

  it('are of any level, and of none where weights stay in floating point', () => {
    const residual = row({ codes: { '1': 1 }, more: [{ '-1': 0.4, '1': 0.6 }] });
    expect(levelsOf(residual)).toBe(2);
    expect(stateShares([residual], 1).bands.map(({ label, shares }) => [label, ...shares])).toEqual([
      ['−1', 0.4],
      ['+1', 0.6],
    ]);
    expect(levelsOf(row({}))).toBe(0);
    expect(stateShares([row({})]).bands).toEqual([]);
  });

  it('are drawn on top of each other up to the whole height', () => {
    const box = { x: 10, y: 0, width: 100, height: 50 };
    const [low, high] = bandPaths(
      stateShares([
        row({ codes: { '-1': 0.4, '1': 0.6 } }),
        row({ epoch: 3, codes: { '-1': 0.8, '1': 0.2 } }),
      ]),
      box,
    );
    expect(low?.path).toBe('M10.0,30.0L110.0,10.0L110.0,50.0L10.0,50.0Z');
    expect(high?.path).toBe('M10.0,0.0L110.0,0.0L110.0,10.0L10.0,30.0Z');
    expect(high?.end).toBe(0.2);
  });

  it('of one epoch fill the width, and names of thin bands do not lie over each other', () => {
    const box = { x: 0, y: 0, width: 10, height: 100 };
    const codes = { '-1': 0.02, '0': 0.02, '1': 0.96 };
    const drawn = bandPaths(stateShares([row({ codes })]), box);
    expect(drawn[2]?.path).toBe('M0.0,0.0L10.0,0.0L10.0,96.0L0.0,96.0Z');
    const [low = 0, middle = 0, high = 0] = drawn.map((band) => band.middle);
    expect(low - middle).toBeGreaterThanOrEqual(13);
    expect(middle - high).toBeGreaterThanOrEqual(13);
  });
});

describe('weights over time', () => {
  it('are spread over common bins without losing a weight', () => {
    const history = weightHistory(
      [row({ edges: [0, 1, 2], counts: [3, 1] }), row({ epoch: 2, edges: [-2, 0, 2], counts: [2, 2] })],
      4,
    );
    expect(history).toMatchObject({ epochs: [1, 2], low: -2, high: 2, bins: 4, most: 0.75 });
    expect([...history.shares]).toEqual([0, 0, 0.75, 0.25, 0.25, 0.25, 0.25, 0.25]);
    const odd = weightHistory([row({ edges: [-0.3, 0.4, 1.1], counts: [5, 9] })], 7);
    expect(odd.shares.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
  });

  it('are told in numbers: the ends and the median of each epoch, or every bin', () => {
    expect(medianOf(row({ edges: [0, 1, 2, 3], counts: [1, 2, 1] }))).toBe(1.5);
    expect(medianOf(row({ edges: [0, 1, 2], counts: [4, 0] }))).toBe(0.5);
    expect(medianOf(row({ edges: [0, 1], counts: [0] }))).toBeNull();
    const rows = [row({ edges: [-1, 0, 1], counts: [1, 1] })];
    expect(historySummary(rows).rows).toEqual([[1, -1, 0, 1]]);
    expect(historyTable(rows).rows).toEqual([
      [1, -1, 0, 1],
      [1, 0, 1, 1],
    ]);
  });
});
