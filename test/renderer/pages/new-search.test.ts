import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readNumber, writeNumber } from '#renderer/components/form/number-text.ts';
import { readValues, writeValues } from '#renderer/components/form/values-text.ts';
import { renameKey, setIn } from '#shared/base/json-document.ts';
import { problemText } from '#renderer/pages/new-search/problems.ts';
import { runFields, suggestDimension } from '#renderer/pages/new-search/run-fields.ts';
import { SEARCH_TEMPLATES } from '#renderer/pages/new-search/templates.ts';
import { verdictOf } from '#renderer/pages/new-search/verdict.ts';
import { DEMO_CONFIG } from '#shared/run/demo.ts';

const demo = DEMO_CONFIG as Record<string, unknown>;
const draft = (over: Record<string, unknown> = {}) => ({
  run: demo,
  space: { 'training.batchSize': { values: [50, 100] } },
  ...over,
});

describe('values as text', () => {
  it.each([
    ['0.1, 1e-3', [0.1, 0.001]],
    ['twn, ttq', ['twn', 'ttq']],
    ['true, false', [true, false]],
    ['{"method": "twn", "factor": 0.6}, bnn', [{ method: 'twn', factor: 0.6 }, 'bnn']],
    ['"a, b", "7"', ['a, b', '7']],
    ['[1, 2]', [1, 2]],
    ['[1, 2], [3]', [[1, 2], [3]]],
    ['', []],
    ['1, , 2,', [1, 2]],
    ['{"open', ['{"open']],
  ])('%s', (text, values) => {
    expect(readValues(text)).toEqual(values);
  });
  it('reads what it has written', () => {
    const values = ['twn', '7', 'true', 'a, b', 0.25, { method: 'ttq' }, false, [1, 2], 'a"b', ' spaced '];
    expect(readValues(writeValues(values))).toEqual(values);
  });
});

describe('numbers as text', () => {
  it('what is no number stays what was typed', () => {
    expect(['', ' 12 ', '1e-4', '0,5', '−3', '1e-', 'ten'].map(readNumber)).toEqual([
      undefined,
      12,
      0.0001,
      0.5,
      -3,
      '1e-',
      'ten',
    ]);
    expect([undefined, 0.001, '1e-'].map(writeNumber)).toEqual(['', '0.001', '1e-']);
  });
});

describe('the fields of a draft', () => {
  it('are set in a copy, and taken out with what they leave empty', () => {
    const before = { a: { b: 1 } };
    expect(setIn(before, ['a', 'c'], 2)).toEqual({ a: { b: 1, c: 2 } });
    expect(setIn(before, ['a', 'b'], undefined)).toEqual({});
    expect(setIn(before, ['x', 'y'], 0)).toEqual({ a: { b: 1 }, x: { y: 0 } });
    expect(setIn(before, ['x', 'y'], undefined)).toEqual({ a: { b: 1 } });
    expect(before).toEqual({ a: { b: 1 } });
  });
  it('keep their place under another name', () => {
    expect(Object.keys(renameKey({ a: 1, b: 2, c: 3 }, 'b', 'z'))).toEqual(['a', 'z', 'c']);
  });
});

describe('a wrong search says so at the field', () => {
  const cases: [string, Record<string, unknown>, string, RegExp][] = [
    [
      'a population of one',
      { algorithm: { kind: 'evolutionary', population: 1 } },
      'algorithm.population',
      /1/,
    ],
    [
      'too few parents',
      { algorithm: { kind: 'evolutionary', population: 4 } },
      'algorithm.retain',
      /at least 2/,
    ],
    [
      'a field that does not exist',
      { space: { 'training.batchsize': { values: [1, 2] } } },
      'space.training.batchsize',
      /batchSize/,
    ],
    [
      'a value that is not allowed',
      { space: { 'training.batchSize': { values: [50, 0] } } },
      'space.training.batchSize',
      /0/,
    ],
    ['a value twice', { space: { seed: { values: [1, 1] } } }, 'space.seed', /twice/],
    ['a range backwards', { space: { seed: { min: 5, max: 1 } } }, 'space.seed.max', /above/],
    ['text in place of a number', { space: { seed: { min: '1e-', max: 2 } } }, 'space.seed', /1e-|number/],
    [
      'a grid over a range without steps',
      { space: { 'training.learningRate': { min: 0.1, max: 1 } }, algorithm: { kind: 'grid' } },
      'space.training.learningRate',
      /count/,
    ],
    ['an unknown objective', { objective: { series: 'test/accuracy' } }, 'objective.series', /validation/],
    ['a budget for less than one trial', { budget: { epochs: 1 } }, 'budget.epochs', /not one/],
    [
      'a rung beyond the last epoch',
      { algorithm: { kind: 'asha', minEpochs: 50 } },
      'algorithm.minEpochs',
      /50/,
    ],
    ['a run configuration that is none', { run: { ...demo, dataset: 7 } }, 'run.dataset', /7/],
    ['an empty space', { space: {} }, 'space', /at least one/],
    ['an unknown field', { populations: 3 }, 'populations', /unknown field/],
  ];
  it.each(cases)('%s', (_name, over, path, text) => {
    const { config, problems } = verdictOf(draft(over));
    expect(config).toBeNull();
    expect(problemText(problems, path)).toMatch(text);
  });
  it('and a right one what it will cost', () => {
    const verdict = verdictOf(draft({ algorithm: { kind: 'grid' } }));
    expect(verdict).toMatchObject({ problems: [], trials: 2, points: 2, epochs: 8 });
    const open = draft({ space: { 'training.learningRate': { min: 0.001, max: 0.1 } } });
    expect(verdictOf(open)).toMatchObject({ points: null, trials: 20, epochs: 80 });
  });
});

describe('the fields of a run configuration', () => {
  const fields = runFields(demo);
  const find = (path: string) => fields.find((field) => field.path === path);
  it('are there also where the configuration leaves them out', () => {
    expect(find('training.optimizer.beta1')?.value).toBe(0.9);
    expect(find('training.learningRate.initial')?.value).toBe(0.02);
    expect(find('training.learningRate')).toBeDefined();
    expect(find('name')).toBeUndefined();
    expect(new Set(fields.map(({ path }) => path)).size).toBe(fields.length);
  });
  it('know the values of a choice', () => {
    expect(find('quantization.weights.method')?.allowed).toContain('ttq');
    expect(find('training.optimizer.kind')?.allowed).toEqual(['sgd', 'adam', 'adamw']);
    expect(find('training.batchSize')?.allowed).toEqual([]);
  });
  it('are none for what is no configuration', () => expect(runFields({ dataset: 7 })).toEqual([]));

  it.each([
    'training.batchSize',
    'training.learningRate.initial',
    'training.learningRate',
    'training.epochs',
    'seed',
  ])('suggest values for %s that can be searched at once', (path) => {
    const field = find(path) ?? { path, value: 1, allowed: [] };
    expect(verdictOf(draft({ space: { [path]: suggestDimension(field) } })).problems).toEqual([]);
  });
});

describe('the templates', () => {
  const folder = new URL('../../../resources/recipes/', import.meta.url);
  const recipes = readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => [file, JSON.parse(readFileSync(new URL(file, folder), 'utf8'))] as const);

  it.each(SEARCH_TEMPLATES.map((template) => [template.title, template] as const))(
    '“%s” makes a right search of the demo',
    (_title, template) => {
      expect(verdictOf(template.build(demo)).problems).toEqual([]);
    },
  );
  it.each(recipes)('make right searches of the recipe %s', (_file, recipe) => {
    for (const { id, build } of SEARCH_TEMPLATES) {
      // A recipe may be made of a method whose options no other method has.
      if (id === 'methods') continue;
      expect([id, verdictOf(build(recipe)).problems]).toEqual([id, []]);
    }
  });
  it('have names of their own', () => {
    expect(new Set(SEARCH_TEMPLATES.map(({ id }) => id)).size).toBe(SEARCH_TEMPLATES.length);
  });
});
