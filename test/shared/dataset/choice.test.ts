import { describe, expect, it } from 'vitest';
import { parseWith } from '#shared/base/schema.ts';
import { DatasetChoiceSchema } from '#shared/dataset/choice.ts';

const parse = (value: unknown) => parseWith(DatasetChoiceSchema, value, 'the configuration');

describe('the choice of data in a configuration', () => {
  it('needs only a name', () => {
    expect(parse({ name: 'mnist' })).toEqual({
      name: 'mnist',
      validation: 0.1,
      normalization: 'centered',
      augmentation: { pad: 0, flip: false },
    });
  });

  it('fills in the rest of a half-given augmentation', () => {
    expect(parse({ name: 'cifar-10', augmentation: { pad: 4 } }).augmentation).toEqual({
      pad: 4,
      flip: false,
    });
  });

  it.each([
    [{}, /"name" is missing/],
    [{ name: '../mnist' }, /"name" is "..\/mnist"; must be lower-case/],
    [{ name: 'mnist', validation: 0.6 }, /"validation" is 0.6/],
    [{ name: 'mnist', normalization: 'zca' }, /"normalization" is "zca".*centered/],
    [{ name: 'mnist', augmentation: { pad: 17 } }, /"augmentation.pad" is 17/],
    [{ name: 'mnist', augmentation: { pad: 1.5 } }, /"augmentation.pad" is 1.5/],
    [{ name: 'mnist', augmentation: { rotate: true } }, /unknown field "augmentation.rotate".*pad, flip/],
    [{ name: 'mnist', limit: { train: 0 } }, /"limit.train" is 0/],
    [{ name: 'mnist', validaton: 0.1 }, /unknown field "validaton".*Did you mean "validation"/],
  ])('refuses %j', (value, message) => {
    expect(() => parse(value)).toThrow(message);
  });
});
