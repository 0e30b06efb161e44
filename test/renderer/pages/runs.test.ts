import { describe, expect, it } from 'vitest';
import type { RunSummary } from '#shared/run/record.ts';
import { COLUMNS, sortRuns } from '#renderer/pages/runs/columns.ts';
import { filterRuns } from '#renderer/pages/runs/filter.ts';
import { numberRows } from '#renderer/pages/runs/numbers.ts';
import type { Comparison } from '#renderer/pages/runs/use-comparison.ts';
import { fakeRun } from '#test/support/fake-runs.ts';

const runs = Array.from({ length: 300 }, (_, i) => fakeRun(i).summary);
const run = (over: Partial<RunSummary>): RunSummary => ({ ...fakeRun(2).summary, ...over });

describe('sorting the runs', () => {
  it.each(COLUMNS.map((column) => column.id))('orders by %s both ways, unknown values last', (column) => {
    const value = COLUMNS.find((one) => one.id === column)?.value ?? (() => null);
    for (const descending of [false, true]) {
      const sorted = sortRuns(runs, { column, descending });
      expect(sorted).toHaveLength(runs.length);
      const keys = sorted.map(value);
      const known = keys.filter((key) => key !== null);
      expect(keys.slice(0, known.length)).not.toContain(null);
      const order = known.every((key, i) => {
        const before = known[i - 1];
        return before === undefined || (descending ? before >= key : before <= key);
      });
      expect(order).toBe(true);
    }
  });

  it('leaves the list that it was given alone', () => {
    const before = [...runs];
    sortRuns(runs, { column: 'accuracy', descending: true });
    expect(runs).toEqual(before);
  });
});

describe('filtering the runs', () => {
  const some = [
    run({
      id: 'a',
      name: 'First try',
      dataset: 'mnist',
      status: 'finished',
      accuracy: 0.99,
      tags: ['paper'],
    }),
    run({
      id: 'b',
      name: 'second',
      dataset: 'cifar-10',
      status: 'failed',
      accuracy: null,
      bestValidationAccuracy: 0.5,
      tags: [],
    }),
    run({
      id: 'c',
      name: 'third',
      dataset: 'mnist',
      status: 'finished',
      accuracy: 0.975,
      tags: ['baseline'],
    }),
  ];
  const ids = (text: string) =>
    filterRuns(some, text)
      .map((one) => one.id)
      .join('');

  it.each([
    ['', 'abc'],
    ['   ', 'abc'],
    ['FIRST', 'a'],
    ['mnist try', 'a'],
    ['tag:paper', 'a'],
    ['status:fail', 'b'],
    ['-status:failed', 'ac'],
    ['accuracy>0.98', 'a'],
    ['accuracy>98%', 'a'],
    ['accuracy>=97.5%', 'ac'],
    ['accuracy<0.6', 'b'],
    ['dataset:mnist -tag:paper', 'c'],
    ['loss>1e', ''],
    ['nothing:here', ''],
    ['-', 'abc'],
    ['-status:', 'abc'],
    ['tag:', 'abc'],
    ['((', ''],
  ])('%j gives %j', (text, expected) => expect(ids(text)).toBe(expected));
});

describe('numberRows', () => {
  const comparison = {
    runs: [run({ id: 'a' }), run({ id: 'b' }), run({ id: 'c' })],
    configDiff: [],
    metrics: [
      { series: 'train/loss', values: [point(0.2), point(0.1), null] },
      { series: 'validation/accuracy', values: [point(0.9), point(0.95), point(0.9)] },
      { series: 'learning-rate', values: [point(0.1), point(0.2), null] },
    ],
  } as Comparison;
  function point(last: number) {
    return { last, min: last, max: last };
  }
  const cell = (series: string, column: number, baseline: string | null = 'a') =>
    numberRows(comparison, ['a', 'b', 'c'], baseline).find((row) => row.series === series)?.cells[column];

  it('knows that less loss and more accuracy are better', () => {
    expect(cell('train/loss', 1)).toMatchObject({ delta: expect.closeTo(-0.1, 12) as number, better: true });
    expect(cell('validation/accuracy', 1)).toMatchObject({ better: true });
    expect(cell('validation/accuracy', 0, 'b')).toMatchObject({ better: false });
  });
  it('has no opinion on a learning rate, nor on no difference', () => {
    expect(cell('learning-rate', 1)).toMatchObject({ better: null });
    expect(cell('validation/accuracy', 2)).toMatchObject({ delta: 0, better: null });
  });
  it('has no difference without a baseline, and none for the baseline itself', () => {
    expect(cell('train/loss', 1, null)).toMatchObject({ delta: null });
    expect(cell('train/loss', 0)).toMatchObject({ delta: null });
  });
  it('marks the best', () => {
    expect(cell('train/loss', 1)).toMatchObject({ best: true });
    expect(cell('train/loss', 0)).toMatchObject({ best: false });
  });
  it('follows the order of the selection, not of the answer', () => {
    const rows = numberRows(comparison, ['c', 'a'], null);
    expect(rows.find((row) => row.series === 'train/loss')?.cells.map((one) => one?.last ?? null)).toEqual([
      null,
      0.2,
    ]);
  });
});
