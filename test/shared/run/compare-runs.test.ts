import { expect, it } from 'vitest';
import { ComparisonSchema } from '#shared/contract/api/run.ts';
import { compareRuns } from '#shared/run/compare/compare-runs.ts';
import type { RunSummary } from '#shared/run/record.ts';

const summary = (id: string): RunSummary => ({
  id,
  name: id,
  status: 'finished',
  reason: null,
  kind: 'train',
  parent: null,
  createdAt: '',
  startedAt: null,
  endedAt: null,
  dataset: 'mnist',
  model: 'mlp',
  weightMethods: [],
  activationMethods: [],
  device: null,
  deviceName: null,
  epochs: 1,
  epochsDone: 1,
  stepsDone: 1,
  stepsTotal: 1,
  accuracy: null,
  loss: null,
  bestValidationAccuracy: null,
  stepsPerSecond: null,
  etaSeconds: null,
  tags: [],
  notes: '',
  configHash: '',
  archived: false,
});

it('runs side by side: a column per run, and null where a run has no such series', () => {
  const extent = (series: string, last: number) => ({ series, last, min: last - 1, max: last + 1 });
  const comparison = compareRuns([
    { summary: summary('a'), config: { seed: 1 }, extents: [extent('train/loss', 3), extent('accuracy', 2)] },
    { summary: summary('b'), config: { seed: 2 }, extents: [extent('train/loss', 5)] },
  ]);
  expect(ComparisonSchema.parse(comparison)).toEqual(comparison);
  expect(comparison.runs.map(({ id }) => id)).toEqual(['a', 'b']);
  expect(comparison.configDiff).toEqual([{ path: 'seed', values: [1, 2], differs: true }]);
  expect(comparison.metrics).toEqual([
    { series: 'accuracy', values: [{ last: 2, min: 1, max: 3 }, null] },
    {
      series: 'train/loss',
      values: [
        { last: 3, min: 2, max: 4 },
        { last: 5, min: 4, max: 6 },
      ],
    },
  ]);
});
