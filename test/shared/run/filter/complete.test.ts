import { describe, expect, it } from 'vitest';
import { completeFilter } from '#shared/run/filter/complete.ts';
import { fakeRun } from '#test/support/fake-runs.ts';

const runs = Array.from({ length: 40 }, (_, i) => fakeRun(i).summary);
const fields = {
  config: [
    { path: 'training.batchSize', values: ['128', '64'] },
    { path: 'name', values: ['a b', 'c'] },
  ],
  metrics: ['train/loss', 'layer/conv1/zero-fraction'],
};
/** The caret is where the bar stands. */
function offered(marked: string) {
  const caret = marked.indexOf('|');
  const text = marked.replace('|', '');
  const { from, to, options } = completeFilter(text, caret, runs, fields);
  return options.map((option) => text.slice(0, from) + option.text + text.slice(to));
}

describe('completing a filter', () => {
  it('offers fields by the beginning of their name, their title or a part of them', () => {
    expect(offered('mnist acc|')[0]).toBe('mnist accuracy');
    expect(offered('-sta|')).toEqual(['-status:']);
    expect(offered('batch|')).toContain('config.training.batchSize');
    expect(offered('zero|')).toEqual(['metric.layer/conv1/zero-fraction']);
    expect(offered('dat|')[0]).toBe('dataset:');
    expect(offered('qqq|')).toEqual([]);
  });

  it('offers the values that runs have, most frequent first, in the middle of a list too', () => {
    expect(offered('status:|')[0]).toBe('status:finished');
    expect(offered('status:finished,st|')).toEqual(['status:finished,stopped']);
    expect(offered('dataset=|')).toEqual(['dataset=mnist', 'dataset=fashion-mnist', 'dataset=cifar-10']);
    expect(offered('config.training.batchSize=|')).toEqual([
      'config.training.batchSize=128',
      'config.training.batchSize=64',
    ]);
    expect(offered('config.name=|')).toEqual(['config.name="a b"', 'config.name=c']);
    expect(completeFilter('status:', 7, runs, null).options[0]?.hint).toMatch(/^\d+ runs$/);
  });

  it('replaces the whole word in which the caret stands', () => {
    expect(offered('acc|uracy>0.9 mnist')[0]).toBe('accuracy>0.9 mnist');
    expect(offered('status:fin|xyz mnist')).toEqual(['status:finished mnist']);
  });

  it('offers nothing where nothing is typed, nor for numbers and dates', () => {
    for (const text of ['|', 'mnist |', 'accuracy>|', 'created>|', 'name:"a|', '-|'])
      expect(offered(text)).toEqual([]);
  });
});
