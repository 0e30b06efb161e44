import { describe, expect, it } from 'vitest';
import type { RunSummary } from '#shared/run/record.ts';
import { numberRows } from '#renderer/pages/runs/numbers.ts';
import type { Comparison } from '#renderer/pages/runs/use-comparison.ts';
import { fakeRun } from '#test/support/fake-runs.ts';

const run = (over: Partial<RunSummary>): RunSummary => ({ ...fakeRun(2).summary, ...over });

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
