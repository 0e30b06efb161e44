import { describe, expect, it } from 'vitest';
import { panels } from '#renderer/panels/index.ts';
import { describeSeries, orderSeries } from '#renderer/panels/series-name.ts';
import { codesChart, codeShares, histogramChart, layersOf } from '#renderer/panels/weights/histogram.ts';
import { histogramsOf } from '#test/support/fake-curves.ts';

const NAMES = [
  'train/loss',
  'train/accuracy',
  'validation/loss',
  'validation/accuracy',
  'learning-rate',
  'steps-per-second',
  'layer/conv1/zero-fraction',
  'layer/block/2/flip-ratio',
  'layer/conv1/scale',
  'layer/conv1/threshold/-1',
  'layer/act/threshold/1',
  'memory/process',
  'memory/backend',
];
const folders = Object.keys(import.meta.glob('../../../src-renderer/panels/*/index.ts')).map(
  (file) => file.split('/').at(-2) ?? '',
);

describe('the panels', () => {
  it('are all listed, once, under the name of their folder', () => {
    expect(panels.map((panel) => panel.id).toSorted()).toEqual(folders.toSorted());
  });

  it('between them show every series that training writes', () => {
    const shown = panels.flatMap((panel) => (panel.kind === 'curves' ? panel.select(NAMES) : []));
    expect(shown.toSorted()).toEqual(NAMES.toSorted());
  });

  it('ask for nothing that a run does not have', () => {
    for (const panel of panels) if (panel.kind === 'curves') expect(panel.select([])).toEqual([]);
  });

  it('name layers as the network does, also with slashes', () => {
    const flip = panels.find((panel) => panel.id === 'flip-ratio');
    expect(flip?.kind === 'curves' && flip.label('layer/block/2/flip-ratio')).toBe('block/2');
  });
});

describe('describeSeries', () => {
  it('reads title, unit and direction from the name', () => {
    expect(describeSeries('validation/accuracy')).toEqual({
      title: 'Validation accuracy',
      format: 'percent',
      better: 'higher',
    });
    expect(describeSeries('train/loss')).toMatchObject({ title: 'Training loss', better: 'lower' });
    expect(describeSeries('layer/conv1/zero-fraction')).toMatchObject({
      title: 'conv1: zero fraction',
      better: null,
    });
    expect(describeSeries('layer/block/2/threshold/-1').title).toBe('block/2: threshold of −1');
    expect(describeSeries('layer/conv1/scale-low/2').title).toBe('conv1: scale low, level 2');
    expect(describeSeries('memory/process')).toMatchObject({ format: 'bytes', better: 'lower' });
    expect(describeSeries('memory/tensors')).toMatchObject({ title: 'Tensors', format: 'count' });
    expect(describeSeries('learning-rate')).toMatchObject({ title: 'Learning rate', better: null });
  });
  it('puts first what people look at first, each name once', () => {
    expect(orderSeries([...NAMES, ...NAMES]).slice(0, 2)).toEqual(['validation/accuracy', 'validation/loss']);
    expect(orderSeries([...NAMES, ...NAMES])).toHaveLength(NAMES.length);
  });
});

describe('weight histograms', () => {
  const rows = histogramsOf({ seed: 1, plateau: 0.98, stepsPerEpoch: 10, epochs: 4 }, 3);
  it('know their layers', () => {
    expect(layersOf(rows)).toEqual(['conv1', 'conv2', 'conv3', 'dense1']);
  });
  it('have a bar in the middle of each bin', () => {
    const chart = histogramChart({
      layer: 'l',
      epoch: 1,
      step: 1,
      edges: [0, 1, 3],
      counts: [4, 5],
      codes: {},
    });
    expect(chart).toMatchObject({ x: [0.5, 2], y: [4, 5] });
  });
  it('list codes in numeric order with a sign', () => {
    const row = {
      layer: 'l',
      epoch: 1,
      step: 1,
      edges: [],
      counts: [],
      codes: { '1': 0.3, '0': 0.4, '-1': 0.3 },
    };
    expect(codeShares(row).map(({ code }) => code)).toEqual(['−1', '0', '+1']);
  });
  it('count the weights of each code, also of further levels', () => {
    const row = {
      layer: 'l',
      epoch: 1,
      step: 1,
      edges: [0, 1, 2],
      counts: [6, 4],
      codes: { '1': 0.7, '-1': 0.3 },
      more: [{ '-1': 0.5, '1': 0.5 }],
    };
    expect(codesChart(row, 0)).toMatchObject({ names: ['−1', '+1'], y: [3, 7] });
    expect(codesChart(row, 1)).toMatchObject({ names: ['−1', '+1'], y: [5, 5] });
  });
});
