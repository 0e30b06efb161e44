import { describe, expect, it } from 'vitest';
import { FIRST_DOCUMENT } from '#renderer/stores/draft/new-draft.ts';
import { judge, problemsAt, problemsOf } from '#renderer/stores/draft/verdict.ts';
import { BitsmithError } from '#shared/base/errors.ts';
import { setIn } from '#shared/base/json-document.ts';

const mnist = {
  name: 'mnist',
  shape: [28, 28, 1] as [number, number, number],
  classes: Array.from({ length: 10 }, (_, i) => `${i}`),
};

describe('the verdict on a draft', () => {
  it('of the first document: right, with its network', () => {
    const { config, model, problems } = judge(FIRST_DOCUMENT, mnist);
    expect(problems).toEqual([]);
    expect(config?.training.batchSize).toBe(100);
    expect(model?.outputs).toBe(10);
  });
  it('names every wrong field by its path', () => {
    const wrong = setIn(
      setIn(FIRST_DOCUMENT, ['training', 'batchSize'], 'many'),
      ['dataset', 'validation'],
      0.9,
    );
    const paths = judge(wrong, mnist).problems.map(({ path }) => path);
    expect(paths.toSorted()).toEqual(['dataset.validation', 'training.batchSize']);
  });
  it('says that nobody knows the data set', () => {
    expect(judge(FIRST_DOCUMENT, null).problems).toMatchObject([{ path: 'dataset.name' }]);
  });
  it('puts at the model what does not fit the data set', () => {
    const { problems } = judge(FIRST_DOCUMENT, { ...mnist, shape: [2, 2, 1] });
    expect(problems[0]?.path).toMatch(/^model/);
  });
  it('counts text that is no JSON as a problem of what it edits', () => {
    const verdict = judge(FIRST_DOCUMENT, mnist, { model: '{' });
    expect(verdict.config).not.toBeNull();
    expect(verdict.problems).toMatchObject([
      { path: 'model', text: expect.stringContaining('JSON text of "model"') },
    ]);
  });
});

describe('problems', () => {
  it('are found at a field and in it, not at one of a similar name', () => {
    const problems = ['training', 'training.epochs', 'training.phases[0].name', 'trainings'].map((path) => ({
      path,
      text: '',
    }));
    expect(problemsAt(problems, 'training')).toHaveLength(3);
    expect(problemsAt(problems, 'training.phases')).toHaveLength(1);
    expect(problemsAt(problems, '')).toHaveLength(4);
  });
  it('of a sentence alone belong to the field that it names', () => {
    const error = new BitsmithError('invalid-input', '"training.batchSize" is 9, but there are only 4');
    expect(problemsOf(error)).toEqual([{ path: 'training.batchSize', text: error.message }]);
    expect(problemsOf(new Error('the disk is full'))).toEqual([{ path: '', text: 'the disk is full' }]);
  });
});
