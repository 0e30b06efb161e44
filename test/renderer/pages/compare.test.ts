import { describe, expect, it } from 'vitest';
import type { RunSummary } from '#shared/run/record.ts';
import { configRows, nextDifference } from '#renderer/pages/runs/config-rows.ts';
import { groupRows } from '#renderer/pages/runs/group-rows.ts';
import { numberRows, type NumberKind } from '#renderer/pages/runs/numbers.ts';
import type { Comparison } from '#renderer/pages/runs/use-comparison.ts';
import { fakeRun } from '#test/support/fake-runs.ts';

const run = (id: string, accuracy: number | null): RunSummary => ({
  ...fakeRun(2).summary,
  id,
  accuracy,
  loss: null,
});
const ids = ['a', 'b', 'c', 'd'];
const value = (last: number, min = last, max = last) => ({ last, min, max });
const comparison: Comparison = {
  runs: [run('a', 0.9), run('b', 0.92), run('c', 0.8), run('d', null)],
  configDiff: [],
  metrics: [
    { series: 'train/loss', values: [value(0.2, 0.1, 2), value(0.3, 0.05, 3), value(0.9), null] },
    { series: 'layer/x/zero-fraction', values: [value(0.5), value(0.4), value(0.6), value(0.1)] },
  ],
};

describe('the numbers of runs side by side', () => {
  const row = (series: string, kind: NumberKind = 'last', directions = {}) =>
    numberRows(comparison, ids, 'a', kind, directions).find((one) => one.series === series);

  it('have the results on the test samples first', () => {
    expect(numberRows(comparison, ids, null)[0]?.series).toBe('test/accuracy');
    expect(row('test/accuracy')?.cells.map((cell) => cell?.value ?? null)).toEqual([0.9, 0.92, 0.8, null]);
    expect(row('test/loss')).toBeUndefined();
  });

  it('are the last, best, lowest or highest of each series', () => {
    const values = (kind: NumberKind) => row('train/loss', kind)?.cells.map((cell) => cell?.value ?? null);
    expect(values('last')).toEqual([0.2, 0.3, 0.9, null]);
    expect(values('best')).toEqual([0.1, 0.05, 0.9, null]);
    expect(values('max')).toEqual([2, 3, 0.9, null]);
    expect(row('train/loss', 'best')?.cells[1]).toMatchObject({ best: true, better: true, last: 0.3 });
  });

  it('are better in the direction that a person says', () => {
    const zero = 'layer/x/zero-fraction';
    expect(row(zero)?.cells[2]).toMatchObject({ better: null, best: false });
    expect(row(zero, 'last', { [zero]: 'higher' })?.cells[2]).toMatchObject({ better: true, best: true });
    expect(row('train/loss', 'last', { 'train/loss': 'none' })?.cells[1]?.better).toBeNull();
  });
});

describe('two groups of runs', () => {
  const group = (key: string, runs: string[]) => ({ key, label: key, runs });
  const rows = (a: string[], b: string[]) => groupRows(comparison, group('a', a), group('b', b));
  const of = (series: string, a: string[], b: string[]) => rows(a, b).find((one) => one.series === series);

  it('are told apart where the interval leaves out 0, in the sense of the metric', () => {
    const tight: Comparison = {
      ...comparison,
      runs: [run('a', 0.9), run('b', 0.901), run('c', 0.8), run('d', 0.801)],
    };
    const [row] = groupRows(tight, group('x', ['a', 'b']), group('y', ['c', 'd']));
    expect(row).toMatchObject({
      verdict: 'better',
      a: { count: 2, mean: expect.closeTo(0.9005, 12) as number },
    });
    expect(groupRows(tight, group('y', ['c', 'd']), group('x', ['a', 'b']))[0]?.verdict).toBe('worse');
  });

  it('are not where it does not, nor where there are too few', () => {
    expect(of('layer/x/zero-fraction', ['a', 'b'], ['c', 'd'])?.verdict).toBe('not distinguishable');
    expect(of('train/loss', ['a', 'b'], ['c', 'd'])).toMatchObject({
      verdict: 'too few runs',
      difference: null,
      b: { count: 1 },
    });
    expect(of('train/loss', ['a'], ['d'])?.b).toBeNull();
  });
});

describe('the configurations side by side', () => {
  const all = [
    { path: 'seed', values: [1, 2], differs: true },
    { path: 'training.epochs', values: [12, 12], differs: false },
    { path: 'training.optimizer.kind', values: ['adam', 'sgd'], differs: true },
    { path: 'name', values: [null, ['x']], differs: true },
  ];
  const paths = (search: string, differencesOnly = false) =>
    configRows(all, { search, differencesOnly }).map(({ path }) => path);

  it('are found by words of fields and values', () => {
    expect(paths('training')).toEqual(['training.epochs', 'training.optimizer.kind']);
    expect(paths('optimizer SGD')).toEqual(['training.optimizer.kind']);
    expect(paths('training', true)).toEqual(['training.optimizer.kind']);
    expect(paths('nothing')).toEqual([]);
  });

  it('lead from difference to difference, around the end', () => {
    expect(nextDifference(all, 0, 1)).toBe(2);
    expect(nextDifference(all, 3, 1)).toBe(0);
    expect(nextDifference(all, 0, -1)).toBe(3);
    expect(nextDifference([all[1]!], 0, 1)).toBe(-1);
    expect(nextDifference([], 0, 1)).toBe(-1);
  });
});
