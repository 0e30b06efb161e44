import { describe, expect, it } from 'vitest';
import { collectDataset } from '#shared/dataset/collect.ts';
import type { SourceFile } from '#shared/dataset/format.ts';
import { pngRows } from '#shared/dataset/sources/png-rows/index.ts';
import { noise } from '#test/support/datasets.ts';

const pixels = (seed: number, rows: number) => noise(rows * 4 * 3, seed);
const picture = (name: string, seed: number, rows: number, width = 4): SourceFile => ({
  name,
  bytes: pixels(seed, rows),
  raster: { width, height: rows, channels: 3 },
});
const text = (name: string, content: string): SourceFile => ({
  name,
  bytes: new TextEncoder().encode(content),
});

function files(changes: SourceFile[] = []): SourceFile[] {
  const all = [
    picture('data_batch_2.png', 2, 1),
    picture('data_batch_1.png', 1, 2),
    picture('test_batch.png', 3, 2),
    text('train_lables.json', '[0, 1,2]'),
    text('test_lables.json', '[2,0]'),
  ];
  return all.map((file) => changes.find((change) => change.name === file.name) ?? file);
}

function read(sources: SourceFile[]) {
  return collectDataset(
    pngRows,
    sources.map(({ name }) => name),
    ({ name }) => sources.find((f) => f.name === name)!,
  );
}

describe('PNG with one image in each row', () => {
  it('reads rows as samples, batch after batch', () => {
    const set = read(files());
    expect(set.train.shape).toEqual([2, 2, 3]);
    expect(set.train.images).toEqual(Uint8Array.from([...pixels(1, 2), ...pixels(2, 1)]));
    expect([...set.train.labels]).toEqual([0, 1, 2]);
    expect([...set.test.labels]).toEqual([2, 0]);
  });

  it.each<[string, SourceFile, RegExp]>([
    [
      'fewer labels than rows',
      text('train_lables.json', '[0,1]'),
      /train_lables.json, byte 5: expected 3 labels.*found 2 labels/,
    ],
    [
      'more labels than rows',
      text('test_lables.json', '[0,1,2]'),
      /test_lables.json, byte 5: expected at most 2 values/,
    ],
    [
      'a width that is no square',
      picture('test_batch.png', 3, 2, 5),
      /test_batch.png, byte 16: expected a picture whose width is a square/,
    ],
    ['a stray label', text('test_lables.json', '[2,9]'), /test_lables.json, byte 3: .*found label 9/],
  ])('refuses %s', (_what, change, message) => {
    expect(() => read(files([change]))).toThrow(message);
  });
});
