import { describe, expect, it } from 'vitest';
import { configDiff } from '#shared/run/compare/config-diff.ts';
import { groupableFields, groupRuns } from '#shared/run/compare/group-runs.ts';

const config = (seed: number, method: string, rate: number, name = `run ${seed}`) => ({
  version: 1,
  name,
  seed,
  tags: [`t${seed}`],
  quantization: { weights: { method } },
  training: { rate },
});
const ids = ['a', 'b', 'c', 'd'];
const rows = configDiff([
  config(1, 'twn', 0.1),
  config(2, 'bnn', 0.1),
  config(3, 'twn', 0.1),
  config(4, 'bnn', 0.2),
]);

describe('groups of runs', () => {
  it('of replicates differ in more than seed, name and tags', () => {
    const groups = groupRuns(rows, ids, { kind: 'replicates' });
    expect(groups.map(({ runs }) => runs)).toEqual([['a', 'c'], ['b'], ['d']]);
    expect(groups.map(({ label }) => label)).toEqual([
      'weights twn, training.rate 0.1',
      'weights bnn, training.rate 0.1',
      'weights bnn, training.rate 0.2',
    ]);
  });

  it('by fields have the same values in these', () => {
    const groups = groupRuns(rows, ids, { kind: 'fields', paths: ['quantization.weights.method'] });
    expect(groups.map(({ label, runs }) => [label, runs])).toEqual([
      ['weights twn', ['a', 'c']],
      ['weights bnn', ['b', 'd']],
    ]);
  });

  it('are called by what was chosen before how it was set, and not by what they lack', () => {
    const weights = (of: object) => ({ quantization: { weights: of } });
    const both = configDiff([
      weights({ factor: 0.05, method: 'ttq' }),
      weights({ rule: 'max', method: 'twn' }),
    ]);
    expect(groupRuns(both, ['a', 'b'], { kind: 'replicates' }).map(({ label }) => label)).toEqual([
      'weights ttq, weights.factor 0.05',
      'weights twn, weights.rule max',
    ]);
  });

  it('keep their keys when others come', () => {
    const by = { kind: 'fields', paths: ['training.rate'] } as const;
    const before = groupRuns(configDiff([config(1, 'x', 1), config(2, 'x', 2)]), ['a', 'b'], by);
    const after = groupRuns(configDiff([config(3, 'x', 3), config(1, 'x', 1)]), ['c', 'a'], by);
    expect(after[1]?.key).toBe(before[0]?.key);
  });

  it('of runs without a difference are one', () => {
    const alike = configDiff([config(1, 'x', 1), config(2, 'x', 1)]);
    expect(groupRuns(alike, ['a', 'b'], { kind: 'replicates' })).toMatchObject([
      { label: 'all alike', runs: ['a', 'b'] },
    ]);
  });

  it('can be made by the fields that differ and say something', () => {
    expect(groupableFields(rows)).toEqual(['quantization.weights.method', 'training.rate']);
  });
});
