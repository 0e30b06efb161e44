import { describe, expect, it } from 'vitest';
import { collectDataset } from '#shared/dataset/collect.ts';
import { images } from '#shared/dataset/sources/images/index.ts';
import { findPictures } from '#shared/dataset/sources/images/plan.ts';

const files = (folder: string, count: number) =>
  Array.from({ length: count }, (_, i) => `${folder}/${i}.png`);
const parts = (names: readonly string[]) =>
  findPictures(names).map((one) => `${one.split ?? '-'} ${one.class}`);

describe('where pictures belong', () => {
  it.each([
    ['folders of classes', ['cat/1.png', 'dog/a/2.JPG'], ['- cat', '- dog']],
    ['parts', ['train/cat/1.png', 'test/cat/2.png'], ['train cat', 'test cat']],
    [
      'a folder around everything',
      ['set/Training/cat/1.png', 'set/test/dog/1.png'],
      ['train cat', 'test dog'],
    ],
    [
      'a validation part beside a test part is trained on',
      ['train/a/1.png', 'valid/a/2.png', 'test/a/3.png'],
      ['train a', 'train a', 'test a'],
    ],
    ['a validation part instead of one', ['train/a/1.png', 'val/a/2.png'], ['train a', 'test a']],
    ['one part alone', ['train/a/1.png', 'train/b/2.png'], ['- a', '- b']],
    ['what is no picture or in no folder', ['readme.txt', '1.png', 'cat/1.gif', 'cat/2.jpeg'], ['- cat']],
  ])('%s', (_title, names, expected) => expect(parts(names)).toEqual(expected));
});

describe('the plan', () => {
  const names = [...files('cat', 10), ...files('dog', 5)];
  it('holds a share of every class out, and lets the classes take turns', () => {
    const plan = images.plan(names, 'here');
    const of = (split: string) => plan.filter((file) => file.split === split);
    expect(
      of('test')
        .map(({ label }) => label)
        .sort(),
    ).toEqual([0, 0, 1]);
    expect(
      of('train')
        .slice(0, 6)
        .map(({ label }) => label),
    ).toEqual([0, 1, 0, 1, 0, 1]);
    const other = images.configure!({ testShare: 0.4 }).plan(names, 'here');
    expect(other.filter(({ split }) => split === 'test')).toHaveLength(6);
  });
  it('says what is missing', () => {
    expect(() => images.plan(['a.txt'], 'the folder x')).toThrow(/x has no pictures/);
    expect(() => images.plan(['1.png', '2.png'], 'the folder x')).toThrow(/not in one folder for each class/);
    expect(() => images.plan(['set/cat/1.png', 'cat.png'], 'x')).toThrow(/1 folder/);
    expect(() => images.configure!({ height: 0 })).toThrow(/the options of images: "height" is 0/);
  });
});

describe('the reader', () => {
  const pixels = (channels: number, width = 2) => ({
    bytes: new Uint8Array(2 * width * channels).fill(9),
    raster: { width, height: 2, channels },
  });
  const read = (options: object, of: (name: string) => ReturnType<typeof pixels>) =>
    collectDataset(images.configure!(options), [...files('a', 3), ...files('b', 3)], ({ name }) => ({
      name,
      ...of(name),
    }));

  it('labels by folder', () => {
    const set = read({}, () => pixels(3));
    expect(set.classes).toEqual(['a', 'b']);
    expect(set.train.shape).toEqual([2, 2, 3]);
    expect([...set.train.labels]).toEqual([0, 1, 0, 1]);
  });
  it('refuses pictures of several sizes or kinds, naming both', () => {
    expect(() => read({}, (name) => pixels(1, name === 'b/1.png' ? 3 : 2))).toThrow(
      /b\/1\.png is 2 × 3, but .*\.png is 2 × 2: give a height and a width/,
    );
    const mixed = (name: string) => pixels(name.startsWith('b') ? 3 : 1);
    expect(() => read({}, mixed)).toThrow(/is in colour, but a\/\d\.png is gray: choose gray or rgb/);
    expect(read({ colour: 'gray' }, mixed).train.shape).toEqual([2, 2, 1]);
  });
});
