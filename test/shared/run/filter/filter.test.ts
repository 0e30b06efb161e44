import { describe, expect, it } from 'vitest';
import type { RunSummary } from '#shared/run/record.ts';
import { sayCondition, writeFilter } from '#shared/run/filter/condition.ts';
import { runField } from '#shared/run/filter/fields.ts';
import { filterRuns } from '#shared/run/filter/match.ts';
import { parseFilter } from '#shared/run/filter/parse.ts';
import { fakeRun } from '#test/support/fake-runs.ts';

const NOW = Date.parse('2026-03-14T09:26:00');
const run = (over: Partial<RunSummary>): RunSummary => ({ ...fakeRun(2).summary, ...over });
const runs = [
  run({
    id: 'a',
    name: 'First try',
    dataset: 'mnist',
    status: 'finished',
    accuracy: 0.98734,
    tags: ['paper', 'm4'],
    weightMethods: ['twn'],
    activationMethods: ['gxnor'],
    createdAt: new Date('2026-03-14T08:00:00').toISOString(),
  }),
  run({
    id: 'b',
    name: 'second, with a comma',
    dataset: 'cifar-10',
    status: 'failed',
    accuracy: null,
    bestValidationAccuracy: 0.5,
    tags: [],
    weightMethods: ['bnn'],
    activationMethods: ['bnn'],
    createdAt: new Date('2026-03-10T12:00:00').toISOString(),
  }),
  run({
    id: 'c',
    name: 'third',
    dataset: 'mnist',
    status: 'stopped',
    accuracy: 0.975,
    tags: ['baseline'],
    weightMethods: ['twn'],
    activationMethods: ['full-precision'],
    createdAt: new Date('2025-12-31T23:59:59').toISOString(),
  }),
];
const remote: Record<string, Record<string, number | string | boolean>> = {
  'config.training.batchSize': { a: 64, b: 128 },
  'config.device': { a: 'auto', b: 'wasm', c: 'auto' },
  'metric.train/loss': { a: 0.1, b: 2.3, c: 0.1249 },
};

function ids(text: string): string {
  const { conditions, problem } = parseFilter(text);
  if (problem !== null) throw new Error(problem);
  return filterRuns(runs, conditions, (field, id) => remote[field]?.[id] ?? null, NOW)
    .map(({ id }) => id)
    .join('');
}

describe('a filter', () => {
  it.each([
    ['', 'abc'],
    ['   ', 'abc'],
    ['FIRST', 'a'],
    ['mnist try', 'a'],
    ['"with a comma"', 'b'],
    ['-mnist', 'b'],
    ['tag:paper', 'a'],
    ['TAG:Pap', 'a'],
    ['tag=pap', ''],
    ['tag=paper,baseline', 'ac'],
    ['-tag:paper,baseline', 'b'],
    ['tag=""', 'b'],
    ['tag!=""', 'ac'],
    ['name:"a comma"', 'b'],
    ['status:fail', 'b'],
    ['status=failed,stopped', 'bc'],
    ['-status:failed', 'ac'],
    ['-status=failed', 'ac'],
    ['status!=failed,stopped', 'a'],
    ['method=twn', 'ac'],
    ['activations=bnn', 'b'],
    ['accuracy>0.98', 'a'],
    ['accuracy>98%', 'a'],
    ['accuracy>=97.5%', 'ac'],
    ['accuracy<0.6', 'b'],
    ['-accuracy<0.6', 'ac'],
    ['accuracy=98.73%', 'a'],
    ['accuracy=98.74%', ''],
    ['test=""', 'b'],
    ['created>1d', 'a'],
    ['created>2026-03-10', 'a'],
    ['created>=2026-03-10', 'ab'],
    ['created=2026-03-10', 'b'],
    ['created<2026-01-01', 'c'],
    ['created<=2026-03-10T12:00', 'bc'],
    ['config.training.batchSize=64', 'a'],
    ['config.training.batchSize=""', 'c'],
    ['config.training.batchSize>=100', 'b'],
    ['config.device:WAS', 'b'],
    ['metric.train/loss<0.2', 'ac'],
    ['metric.train/loss=0.12', 'c'],
    ['dataset:mnist -tag:paper', 'c'],
    ['((', ''],
    // The last condition is being typed.
    ['-', 'abc'],
    ['tag:', 'abc'],
    ['-status:', 'abc'],
    ['accuracy>', 'abc'],
    ['mnist name:"th', 'ac'],
    ['status=failed,', 'abc'],
  ])('%j gives %j', (text, expected) => expect(ids(text)).toBe(expected));

  it.each([
    ['acuracy>0.9', '“acuracy” is no field of a run; did you mean “accuracy”?'],
    [
      'nothing:here',
      '“nothing” is no field of a run; put "nothing:here" in quotation marks to look for it as text.',
    ],
    ['accuracy>high', '“accuracy” is a share from 0 to 1: write 98% or 0.98, not “high”.'],
    ['accuracy>98', '“accuracy” is a share from 0 to 1: write 98% or 0.98, not “98”.'],
    ['accuracy:0.9', '“accuracy” is a number: compare it with =, !=, <, <=, > or >=.'],
    ['loss>1e', '“loss” is a number; “1e” is none.'],
    ['loss>1,2', '“loss” is compared with one value, not 2.'],
    ['name>3', '“name” is text: ask it with :, = or !=.'],
    ['tag<a', '“tag” is a list: ask it with :, = or !=.'],
    [
      'created>yesterday',
      '“created” is a date: write 2026-03-14, 2026-03-14T09:30 or 7d (days ago), not “yesterday”.',
    ],
    ['created>2026-13-40', expect.stringContaining('“created” is a date')],
    ['status=done', expect.stringMatching(/^“status” is one of queued, .*; “done” is none of them\.$/)],
    ['config.seed>x', '“config.seed” can only be compared with a number; “x” is none.'],
    ['tag: mnist', '“tag:” lacks a value after :.'],
    ['- mnist', '“-” has nothing after it.'],
  ])('%j is refused: %s', (text, problem) => {
    expect(parseFilter(text)).toEqual({ conditions: null, problem });
  });

  it('refuses fields of configurations that no run has, once it is known which there are', () => {
    const known = new Set(['config.seed', 'metric.train/loss']);
    expect(parseFilter('config.seed=1 metric.train/loss<1', { remote: known }).problem).toBeNull();
    expect(parseFilter('config.sed=1', { remote: known }).problem).toBe('No run has a field “config.sed”.');
  });

  it.each([
    'mnist -tag:paper,"two words" accuracy>=98% status!=failed,stopped',
    '"two words" -"a:b" config.training.batchSize=64 metric.train/loss<0.1 created>7d',
    'tag="" notes!=""',
  ])('%j is written as it was read', (text) => {
    const { conditions } = parseFilter(text);
    expect(writeFilter(conditions ?? [])).toBe(text);
  });

  it('says its conditions in words', () => {
    const said = (text: string) =>
      (parseFilter(text).conditions ?? []).map((one) =>
        sayCondition(one, one.field ? runField(one.field) : undefined),
      );
    expect(said('twn -"a b" accuracy>=98% created>7d tag="" status=failed,stopped')).toEqual([
      'with “twn”',
      'without “a b”',
      'Accuracy at least 98%',
      'Created after 7d',
      'Tags is nothing',
      'State is failed or stopped',
    ]);
  });
});
