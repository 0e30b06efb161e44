import { describe, expect, it } from 'vitest';
import { collectDataset } from '#shared/dataset/collect.ts';
import { fashionJson } from '#shared/dataset/sources/fashion-json/index.ts';
import { noise } from '#test/support/datasets.ts';

const rowsOf = (label: number) => Array.from({ length: 7 }, (_, i) => noise(784, 100 * label + i));
const json = (rows: readonly Uint8Array[]) => JSON.stringify({ data: rows.map((row) => [...row]) });
const encode = (text: string) => new TextEncoder().encode(text);

function read(files: Record<string, string>) {
  return collectDataset(fashionJson, Object.keys(files), ({ name }) => ({
    name,
    bytes: encode(files[name]!),
  }));
}

describe('JSON with one file for each class', () => {
  it('takes the first seventh of each class for the test and deals the classes out in turn', () => {
    const set = read({ 'src/1.json': json(rowsOf(1)), 'src/0.json': json(rowsOf(0)) });
    expect(set.train.shape).toEqual([28, 28, 1]);
    expect([...set.test.labels]).toEqual([0, 1]);
    expect(set.test.images.subarray(784)).toEqual(rowsOf(1)[0]);
    expect([...set.train.labels]).toEqual([0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1]);
    expect(set.train.images.subarray(0, 784)).toEqual(rowsOf(0)[1]);
    expect(set.train.images.subarray(11 * 784)).toEqual(rowsOf(1)[6]);
  });

  it('passes over the empty rows of the npm package', () => {
    const rows = rowsOf(0);
    const seam = [rows[0]!, new Uint8Array(0), ...rows.slice(1), new Uint8Array(0)];
    const set = read({ '0.json': json(seam), '1.json': json(rowsOf(1)) });
    expect(set.train.count).toBe(12);
    expect(set.train.images.subarray(0, 784)).toEqual(rows[1]);
  });

  it.each<[string, (text: string) => string, RegExp]>([
    [
      'a truncated file',
      (text) => text.slice(0, 1000),
      /0.json, byte 1000: expected .*found the end of the file/,
    ],
    [
      'a value above 255',
      (text) => text.replace(/\[\[\d+/, '[[256'),
      /0.json, byte 10: expected an integer from 0 to 255; found "256,/,
    ],
    [
      'a value that is no integer',
      (text) => text.replace(/\[\[\d+/, '[[1.5'),
      /0.json, byte 11: expected "\]"/,
    ],
    [
      'a row that is too short',
      (text) => text.replace(/\[\[\d+,/, '[['),
      /0.json, byte 9: expected a row of 784 values \(28×28\); found 783 values/,
    ],
    ['another document', () => '[1,2]', /0.json, byte 0: expected "\{"/],
    ['something after the end', (text) => `${text}x`, /expected the end of the file; found "x"/],
    ['a missing row', () => json(rowsOf(0).slice(1)), /a multiple of 7 samples .*found 6 samples/],
  ])('refuses %s', (_what, damage, message) => {
    expect(() => read({ '0.json': damage(json(rowsOf(0))), '1.json': json(rowsOf(1)) })).toThrow(message);
  });

  it('names the class that is missing', () => {
    expect(() => read({ '0.json': json(rowsOf(0)), '2.json': json(rowsOf(2)) })).toThrow(/no file 1.json/);
  });
});
