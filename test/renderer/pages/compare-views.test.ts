import { describe, expect, it } from 'vitest';
import { dataTable } from '#renderer/components/chart/data-table.ts';
import { chartOption } from '#renderer/components/chart/option.ts';
import type { ChartTheme } from '#renderer/components/chart/option-parts.ts';
import { summarise } from '#renderer/components/chart/summary.ts';
import { PARALLEL_AXES, readAxes, readScatter } from '#renderer/panels/compare-axes.ts';
import {
  agreementChart,
  agreementTable,
  wholeCodes,
} from '#renderer/pages/runs/agreement/agreement-chart.ts';
import {
  axisPlace,
  indexAt,
  moved,
  parallelLayout,
  shareAt,
} from '#renderer/pages/runs/parallel/parallel-layout.ts';
import { parallelPicture } from '#renderer/pages/runs/parallel/parallel-picture.ts';
import { inUnit, unitOf } from '#renderer/pages/runs/parallel/axis-unit.ts';
import { rangeProblem } from '#renderer/pages/runs/parallel/range-problem.ts';
import { scatterChart, spotsOf } from '#renderer/pages/runs/pareto/pareto-chart.ts';
import {
  fieldValue,
  offeredQuantities,
  quantityOf,
  summaryValue,
  valueText,
  type QuantityValue,
} from '#renderer/pages/runs/quantities.ts';
import { axisOf } from '#shared/run/compare/brush.ts';
import { paretoFront } from '#shared/run/compare/pareto.ts';
import { fakeRun } from '#test/support/fake-runs.ts';

const theme: ChartTheme = { dark: false, text: '#111', grid: '#ccc', panel: '#fff', font: 'sans "x"' };
const runs = [1, 2, 4, 6].map((i) => fakeRun(i).summary);

describe('quantities of runs', () => {
  it('know their unit and which way is better, unless a person says otherwise', () => {
    expect(quantityOf('flash')).toMatchObject({ title: 'Flash', format: 'bytes', better: 'lower' });
    expect(quantityOf('metric.validation/accuracy')).toMatchObject({ format: 'percent', better: 'higher' });
    expect(quantityOf('metric.train/loss', { 'train/loss': 'none' })?.better).toBeNull();
    expect(quantityOf('config.training.batchSize', { 'config.training.batchSize': 'lower' })).toMatchObject({
      title: 'training.batchSize',
      better: 'lower',
    });
    expect(quantityOf('no-such')).toBeNull();
    const offered = offeredQuantities({ config: [{ path: 'seed' }], metrics: ['train/loss'] });
    expect(offered.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['test', 'zeros', 'metric.train/loss', 'config.seed']),
    );
  });

  it('say why a value is missing, and mark estimates', () => {
    const running = { ...fakeRun(0).summary, accuracy: null };
    expect(summaryValue(running, 'test')).toMatchObject({ value: null, note: 'the run is running' });
    expect(summaryValue(runs[0] ?? running, 'weights').value).toBe(runs[0]?.weightMethods.join(' + '));
    expect(fieldValue(true, 'config.x').value).toBe('true');
    expect(fieldValue(undefined, 'config.x').note).toBe('not set');
    const flash = quantityOf('flash');
    if (!flash) throw new Error('flash is gone');
    expect(valueText(flash, { value: 2048, certainty: 'estimated', note: '' })).toBe('≈ 2.0 KiB');
    expect(valueText(flash, { value: 2048, certainty: 'measured', note: '' })).toBe('2.0 KiB');
    expect(valueText(flash, { value: null, certainty: 'measured', note: 'not exported' })).toBe(
      'not exported',
    );
  });

  it('that were kept in a strange form do no harm', () => {
    expect(readAxes('nonsense')).toBe(PARALLEL_AXES);
    expect(readAxes([{ id: 'a', scale: 'log' }, { id: 'a' }, 7, { id: 'b', scale: '?' }])).toEqual([
      { id: 'a', scale: 'log' },
      { id: 'b', scale: 'linear' },
    ]);
    expect(readScatter({ x: 3, logY: true })).toEqual({ x: 'flash', y: 'test', logX: false, logY: true });
  });
});

describe('parallel coordinates', () => {
  const format = String;
  const unit = unitOf('number');
  const axes = [
    {
      id: 'rate',
      title: 'rate',
      values: [1, 100, null],
      axis: axisOf([1, 100, null], 'log'),
      brush: { from: 10 },
      unit,
      format,
    },
    {
      id: 'kind',
      title: '<kind>',
      values: ['a', 'b', 'b'],
      axis: axisOf(['a', 'b'], 'categories'),
      brush: { values: ['b'] },
      unit,
      format,
    },
  ];
  const size = { width: 540, height: 274 };

  it('lay axes out evenly, lines from end to end, and what has no value on a rail below', () => {
    const { axes: drawn, lines } = parallelLayout(axes, size);
    expect(drawn.map(({ x }) => x)).toEqual([70, 470]);
    expect(lines[0]).toEqual([
      [70, 240],
      [470, 190],
    ]);
    expect(lines[1]).toEqual([
      [70, 40],
      [470, 90],
    ]);
    expect(lines[2]?.[0]).toEqual([70, 258]);
    expect(drawn.map(({ rail }) => rail)).toEqual([258, null]);
    expect(drawn[0]?.brushed).toEqual([{ top: 40, bottom: 140 }]);
    expect(drawn[1]?.brushed).toEqual([{ top: 40, bottom: 140 }]);
  });

  it('find the share of a height and the index of a place, and move axes', () => {
    expect([shareAt(40, 274), shareAt(240, 274), shareAt(999, 274)]).toEqual([1, 0, 0]);
    expect([0, 1, 2].map((i) => indexAt(axisPlace(i, 3, 540) + 20, 3, 540))).toEqual([0, 1, 2]);
    expect(indexAt(-50, 3, 540)).toBe(0);
    expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a']);
    expect(moved(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b']);
  });

  it('refuse ranges that are none, and take per cent as per cent', () => {
    expect(rangeProblem(undefined, 3)).toBeNull();
    expect(rangeProblem('x', 3)).toBe('“x” (from) is no number');
    expect(rangeProblem(4, 3)).toBe('From must not be above to');
    expect(inUnit(0.985, unitOf('percent'))).toBe(98.5);
    expect(inUnit(2048, unitOf('bytes'))).toBe(2);
  });

  it('become a picture in which names are text', () => {
    const line = { colour: '#f00', dash: [2, 3], width: 1, opacity: 1 };
    const { svg } = parallelPicture(axes, [line, line, line], 'A & B', theme);
    expect(svg).toContain('&lt;kind&gt;');
    expect(svg).toContain('A &amp; B');
    expect(svg).not.toContain('<kind>');
    expect(svg.match(/<polyline /g)).toHaveLength(3);
  });
});

describe('the scatter plot', () => {
  const value = (
    number: number | null,
    certainty: QuantityValue['certainty'] = 'measured',
  ): QuantityValue => ({ value: number, certainty, note: '' });
  const xs = [value(10), value(20, 'estimated'), value(30), value(null)];
  const ys = [value(0.9), value(0.95), value(0.94), value(0.99)];
  const front = paretoFront(
    runs.map(({ id }, i) => ({ id, x: xs[i]?.value as number, y: ys[i]?.value as number })),
    { x: 'lower', y: 'higher' },
  );
  const spots = spotsOf(
    runs,
    (run, axis) => (axis === 'x' ? xs : ys)[runs.indexOf(run)] ?? value(null),
    front,
  );
  const [x, y] = [quantityOf('flash'), quantityOf('test')];
  if (!x || !y) throw new Error('a quantity is gone');

  it('names the front first, then what is dominated and by what, then what is unknown', () => {
    expect(spots.map(({ place }) => place)).toEqual(['front', 'front', 'dominated', 'unknown']);
    expect(spots[2]?.dominatedBy).toBe(runs[1]?.id);
  });

  it('tells measured from estimated by shape, and draws the front as a staircase', () => {
    const chart = scatterChart(spots, x, y, { logX: false, logY: false, chosen: null });
    expect(chart.groups.map(({ id, symbol, dim }) => [id, symbol, dim])).toEqual([
      ['front', 'circle', false],
      ['front-estimated', 'ring', false],
      ['dominated', 'circle', true],
    ]);
    expect(chart.line).toMatchObject({ x: [10, 20], y: [0.9, 0.95], step: 'end' });
    expect(
      scatterChart(spots, { ...x, better: 'higher' }, y, { logX: false, logY: false, chosen: null }).line
        ?.step,
    ).toBe('start');
    expect(
      scatterChart(spots, { ...x, better: null }, y, { logX: false, logY: false, chosen: null }).line,
    ).toBeUndefined();
    expect(chart.groups[1]?.names[0]).toMatch(/\(estimated\)$/);
  });
});

describe('agreement by layer', () => {
  const layer = {
    layer: 'conv1',
    shape: [2, 2],
    count: 4,
    codes: 0.5,
    signs: null,
    zeros: 0.25,
    zeroA: 0.1,
    zeroB: 0.2,
    distance: 0.3,
  };
  const layers = [
    { ...layer, chance: { codes: 0.4, signs: null, zeros: 0.2 } },
    { ...layer, layer: 'out', count: 12, codes: 1, chance: { codes: 0.6, signs: null, zeros: 0.2 } },
  ];

  it('is drawn beside what chance gives, with a gap where nothing can be counted', () => {
    const chart = agreementChart(layers, 'codes', { a: 'A', b: 'B' });
    expect(chart).toMatchObject({ names: ['conv1', 'out'], y: [0.5, 1], marks: { y: [0.4, 0.6] } });
    const option = chartOption(chart, theme, 'label');
    expect((option.series as { data: unknown[] }[]).map(({ data }) => data)).toEqual([
      [0.5, 1],
      [0.4, 0.6],
    ]);
    const gaps = chartOption(agreementChart(layers, 'signs', { a: 'A', b: 'B' }), theme, 'label');
    expect((gaps.series as { data: unknown[] }[])[0]?.data).toEqual(['-', '-']);
    expect(agreementChart(layers, 'zeroFraction', { a: 'A', b: 'B' })).toMatchObject({
      label: 'A',
      beside: { label: 'B', y: [0.2, 0.2] },
    });
    expect(summarise(chart).rows.map(({ label, last }) => [label, last])).toEqual([
      ['Equal codes', '100.00 %'],
      ['By chance', '60.00 %'],
    ]);
    expect(dataTable(chart).rows[0]).toEqual(['conv1', 0.5, 0.4]);
  });

  it('counts a whole network by its weights, and leaves nothing out of the table', () => {
    expect(wholeCodes(layers)).toBe((0.5 * 4 + 12) / 16);
    expect(wholeCodes(layers.map((one) => ({ ...one, codes: null })))).toBeNull();
    const side = { run: 'r', checkpoint: 'c', epoch: 1, step: 1 };
    const { columns, rows } = agreementTable({
      a: side,
      b: side,
      layers,
      left: [{ layer: 'new', reason: 'only the second network has it' }],
    });
    expect(rows.every((row) => row.length === columns.length)).toBe(true);
    expect(rows.at(-1)).toEqual(['new', ...Array<null>(11).fill(null), 'only the second network has it']);
  });
});
