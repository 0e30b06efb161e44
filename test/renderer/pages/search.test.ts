import { describe, expect, it } from 'vitest';
import { bestChart, generationChart, parameterChart, rungChart } from '#renderer/pages/search/charts.ts';
import { searchControls } from '#renderer/pages/search/controls.ts';
import { rowsOf, sortTrials, trialColumns } from '#renderer/pages/search/leaderboard-rows.ts';
import { promotion } from '#renderer/pages/search/promotion.ts';
import { settledShare, shortNames } from '#renderer/components/search/search-words.ts';
import { populationOf } from '#shared/search/algorithms/evolutionary.ts';
import { SearchConfigSchema, type SearchConfigInput } from '#shared/search/config.ts';
import { leaderboard } from '#shared/search/leaderboard.ts';
import { assertSearchTransition, SEARCH_STATUSES, type SearchStatus } from '#shared/search/status.ts';
import type { Trial } from '#shared/search/trial.ts';

const RATE = 'training.learningRate';
const configOf = (over: Partial<SearchConfigInput> = {}) =>
  SearchConfigSchema.parse({
    run: { dataset: { name: 'mnist' }, model: { preset: 'lenet5' }, training: { epochs: 9 } },
    space: { [RATE]: { min: 1e-4, max: 1e-1, scale: 'log' }, 'training.batchSize': { values: [50, 100] } },
    ...over,
  });
const trialOf = (number: number, value: number, over: Partial<Trial> = {}): Trial => ({
  number,
  run: `r${number}`,
  values: { [RATE]: 0.001 * number, 'training.batchSize': 50 },
  status: 'finished',
  reason: null,
  generation: null,
  target: 9,
  epochs: 9,
  curve: [
    [1, value - 0.1],
    [9, value],
  ],
  seconds: 10 * number,
  retries: 0,
  createdAt: '',
  endedAt: null,
  ...over,
});

describe('the controls of a search', () => {
  const allowed = (from: SearchStatus, to: SearchStatus) => {
    try {
      assertSearchTransition('s', from, to);
      return true;
    } catch {
      return false;
    }
  };
  it.each(SEARCH_STATUSES)('offer for a search that is %s only what its state allows', (status) => {
    const offered = searchControls(status).map(({ id }) => id);
    expect(offered.includes('pause')).toBe(allowed(status, 'paused'));
    expect(offered.includes('resume')).toBe(allowed(status, 'running'));
    expect(offered.includes('stop')).toBe(allowed(status, 'stopped'));
  });
});

describe('the leaderboard', () => {
  const config = configOf();
  const trials = [
    trialOf(1, 0.9),
    trialOf(2, 0.95),
    trialOf(3, 0.5, { status: 'failed', curve: [] }),
    trialOf(4, 0.93, { values: { [RATE]: { kind: 'cosine', initial: 0.1 }, 'training.batchSize': 100 } }),
  ];
  const rows = leaderboard(config, trials);
  const columns = trialColumns(Object.keys(config.space), 'validation/accuracy', false);
  const order = (column: string, descending: boolean) =>
    sortTrials(rows, columns, { column, descending }).map(({ trial }) => trial);

  it('sorts by any column, trials without a value last in both directions', () => {
    expect(order('rank', false)).toEqual([2, 4, 1, 3]);
    expect(order('objective', true)).toEqual([2, 4, 1, 3]);
    expect(order('objective', false)).toEqual([1, 4, 2, 3]);
    expect(order('seconds', true)).toEqual([4, 3, 2, 1]);
  });
  it('sorts numbers as numbers also where a parameter has other values', () => {
    expect(order(`space.${RATE}`, false)).toEqual([1, 2, 3, 4]);
  });
  it('names parameters as briefly as they can be told apart', () => {
    expect(columns.map(({ title }) => title)).toContain('learningRate');
    expect([...shortNames(['a.left.x', 'a.right.x', 'b']).values()]).toEqual(['left.x', 'right.x', 'b']);
  });
  it('shows the trials of one state', () => {
    expect(rowsOf(rows, 'failed').map(({ trial }) => trial)).toEqual([3]);
    expect(rowsOf(rows, 'all')).toHaveLength(4);
  });
});

describe('the charts of a search', () => {
  it('the best so far never gets worse, whichever way is better', () => {
    const values = [0.5, 0.7, 0.6, 0.9, 0.8];
    const trials = values.map((value, i) => trialOf(i + 1, value));
    expect(bestChart(configOf(), trials, null).line?.y).toEqual([0.5, 0.7, 0.7, 0.9, 0.9]);
    const least = configOf({ objective: { series: 'validation/loss', select: 'last' } });
    expect(bestChart(least, trials, null).line?.y).toEqual([0.5, 0.5, 0.5, 0.5, 0.5]);
  });
  it('a failed trial is no point', () => {
    const chart = bestChart(configOf(), [trialOf(1, 0.5), trialOf(2, 0.9, { status: 'failed' })], '1');
    expect(chart.groups.map(({ keys }) => keys)).toEqual([['1']]);
    expect(chart.chosen).toBe('1');
  });

  it('a generation shows who was born in it and which parents live on', () => {
    const algorithm = {
      kind: 'evolutionary',
      population: 4,
      generations: 3,
      retain: 0.5,
      randomSelect: 0,
    } as const;
    const config = configOf({ algorithm });
    const trials = [0.1, 0.4, 0.3, 0.2, 0.6, 0.5].map((value, i) =>
      trialOf(i + 1, value, { generation: i < 4 ? 0 : 1 }),
    );
    const chart = generationChart(config, trials, null);
    const group = (id: string) => chart?.groups.find((one) => one.id === id);
    expect(group('first')?.keys).toEqual(['1', '2', '3', '4']);
    expect(group('children')?.keys).toEqual(['5', '6']);
    expect(group('parents')?.keys.toSorted()).toEqual(['2', '3']);
    if (config.algorithm.kind !== 'evolutionary') throw new Error('not evolutionary');
    expect(populationOf(config, config.algorithm, trials, 1)).toHaveLength(4);
    // Set apart, but never into the next generation.
    expect(group('children')?.x.every((x) => x > 0.6 && x < 1.4)).toBe(true);
    expect(chart?.line?.y).toEqual([0.4, 0.6]);
    expect(generationChart(configOf(), trials, null)).toBeNull();
  });

  it('a rung shows what trials had come to there, and who went on', () => {
    const config = configOf({ algorithm: { kind: 'asha', trials: 9, minEpochs: 3, reduction: 3 } });
    const curve: Trial['curve'] = [1, 2, 3, 6, 9].map((epoch) => [epoch, epoch / 10]);
    const trials = [
      trialOf(1, 0, { curve }),
      trialOf(2, 0, { curve: curve.slice(0, 3), epochs: 3, target: 3, status: 'stopped' }),
      trialOf(3, 0, { curve: curve.slice(0, 2), epochs: 2, target: 3, status: 'active' }),
    ];
    const chart = rungChart(config, 9, trials, null);
    expect(chart?.x.ticks).toEqual(['3 epochs', '9 epochs']);
    const on = chart?.groups.find(({ id }) => id === 'on');
    expect(on?.keys).toEqual(['1', '1']);
    expect(on?.y).toEqual([0.3, 0.9]);
    expect(chart?.groups.find(({ id }) => id === 'held')?.keys).toEqual(['2']);
  });

  it('a parameter of numbers has their scale, one of words their names', () => {
    const trials = [trialOf(1, 0.5), trialOf(2, 0.6)];
    expect(parameterChart(configOf(), RATE, trials, null).x).toMatchObject({ log: true });
    const words = configOf({ space: { 'quantization.weights.method': { values: ['bnn', 'twn', 'ttq'] } } });
    const named = trials.map((trial, i) => ({
      ...trial,
      values: { 'quantization.weights.method': ['ttq', 'bnn'][i] ?? '' },
    }));
    const chart = parameterChart(words, 'quantization.weights.method', named, null);
    expect(chart.x.ticks).toEqual(['bnn', 'twn', 'ttq']);
    expect(chart.groups[0]?.x.map((x) => Math.abs(Math.round(x)))).toEqual([2, 0]);
  });
});

describe('a promoted candidate', () => {
  const config = configOf({ algorithm: { kind: 'asha', trials: 9 } });
  const stopped = trialOf(3, 0.5, { target: 1, epochs: 1, status: 'stopped' });
  it('is trained for all epochs of the configuration, whatever rung it was stopped at', () => {
    const { document, config: run, problem } = promotion(config, stopped, 'mine', null);
    expect(problem).toBeNull();
    expect(run?.training.epochs).toBe(9);
    expect(document).toMatchObject({ name: 'mine', training: { learningRate: 0.003, batchSize: 50 } });
  });
  it('can be trained longer, where no phases say otherwise', () => {
    expect(promotion(config, stopped, 'mine', 40).config?.training.epochs).toBe(40);
    const phases = [{ name: 'all', epochs: 9 }];
    const fixed = configOf({
      run: { dataset: { name: 'mnist' }, model: { preset: 'lenet5' }, training: { phases } },
    });
    const result = promotion(fixed, stopped, 'mine', 40);
    expect(result).toMatchObject({ fixedEpochs: true, problem: null });
    expect(result.config?.training.epochs).toBe(9);
  });
  it('is refused with the reason', () => {
    const bad = { ...stopped, values: { [RATE]: -1, 'training.batchSize': 50 } };
    expect(promotion(config, bad, 'mine', null)).toMatchObject({ document: null });
    expect(promotion(config, bad, 'mine', null).problem).toContain('learningRate');
  });
});

describe('settledShare', () => {
  it('is whole for a search that has ended before its plan was used up', () => {
    const trials = { planned: 10, active: 0, waiting: 0, finished: 3, stopped: 1, failed: 1 };
    const summary = { trials, status: 'running' } as Parameters<typeof settledShare>[0];
    expect(settledShare(summary)).toBe(0.5);
    expect(settledShare({ ...summary, status: 'finished' })).toBe(1);
  });
});
