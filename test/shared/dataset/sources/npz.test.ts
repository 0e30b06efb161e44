import { describe, expect, it } from 'vitest';
import { collectDataset } from '#shared/dataset/collect.ts';
import { npz } from '#shared/dataset/sources/npz/index.ts';
import { readNpyHeader } from '#shared/dataset/sources/npz/header.ts';
import { npyFile } from '#test/support/npy.ts';

const count = (n: number, from = 0) => Uint8Array.from({ length: n }, (_, i) => (i + from) % 256);
const labels = (n: number, classes = 2) =>
  npyFile(
    '|u1',
    [n],
    Uint8Array.from({ length: n }, (_, i) => i % classes),
  );
const read = (arrays: Record<string, Uint8Array>, options: object = {}) =>
  collectDataset(npz.configure!(options), ['set.npz'], () => ({
    name: 'set.npz',
    bytes: new Uint8Array(0),
    members: new Map(Object.entries(arrays).map(([name, bytes]) => [`${name}.npy`, bytes])),
  }));
const both = (x: Uint8Array, n: number) => ({ x_train: x, y_train: labels(n), x_test: x, y_test: labels(n) });

describe('the header of an array', () => {
  it('says type, order and shape', () => {
    const bytes = npyFile('<f4', [2, 3], new Float32Array(6));
    expect(readNpyHeader('x', bytes)).toEqual({ dtype: '<f4', fortran: false, shape: [2, 3], start: 128 });
  });
  it.each([
    ['another file', new TextEncoder().encode('PK..........'), /x, byte 0: expected a NumPy array/],
    [
      'a cut header',
      npyFile('<f4', [2], new Float32Array(2)).subarray(0, 40),
      /a whole header; found a file of 40 bytes/,
    ],
    [
      'cut elements',
      npyFile('|u1', [9], new Uint8Array(4)),
      /x_train\.npy, byte 132: expected 137 bytes in all \(9 elements/,
    ],
    [
      'Fortran order',
      npyFile('|u1', [4, 2], new Uint8Array(8), true),
      /is in Fortran order; save it with numpy\.ascontiguousarray/,
    ],
    ['objects', npyFile('|O', [1], new Uint8Array(8)), /holds elements of type \|O; integers/],
  ])('refuses %s', (_title, bytes, message) => {
    const run = () =>
      message.source.startsWith('x,') || message.source.startsWith('a whole')
        ? readNpyHeader('x', bytes)
        : read(both(bytes, 4));
    expect(run).toThrow(message);
  });
});

describe('samples', () => {
  it('are bytes as they are', () => {
    const set = read(both(npyFile('|u1', [4, 2, 3], count(24)), 4));
    expect(set.train.shape).toEqual([2, 3, 1]);
    expect([...set.train.images]).toEqual([...count(24)]);
    expect([...set.test.labels]).toEqual([0, 1, 0, 1]);
  });
  it('get their channels last', () => {
    const x = npyFile('|u1', [2, 3, 1, 2], count(12));
    const set = read(both(x, 2), { layout: 'NCHW' });
    expect(set.train.shape).toEqual([1, 2, 3]);
    expect([...set.train.images.subarray(0, 6)]).toEqual([0, 2, 4, 1, 3, 5]);
  });
  it('of floats from 0 to 1 become 0 to 255', () => {
    const x = npyFile('<f8', [2, 1, 2], Float64Array.of(0, 0.5, 1, 0.25));
    expect([...read(both(x, 2)).train.images]).toEqual([0, 128, 255, 64]);
  });
  it('of int8 keep their distances, of whole floats their values', () => {
    const signed = npyFile('|i1', [2, 1, 2], Int8Array.of(-128, 0, 127, -1));
    expect([...read(both(signed, 2)).train.images]).toEqual([0, 128, 255, 127]);
    const floats = npyFile(
      '>f4',
      [2, 1, 2],
      new Uint8Array([0x43, 0x7f, 0, 0, 0, 0, 0, 0, 0x40, 0, 0, 0, 0x3f, 0x80, 0, 0]),
    );
    expect([...read(both(floats, 2)).train.images]).toEqual([255, 0, 2, 1]);
  });
  it('of another range need one', () => {
    const x = npyFile('<f4', [2, 2, 1, 1], Float32Array.of(-1, 3, 1, 0));
    expect(() => read(both(x, 2))).toThrow(
      /go from -1 to 3, which are neither bytes nor 0 to 1: give the range/,
    );
    expect(() => read(both(x, 2), { range: 'given', minimum: 1, maximum: 1 })).toThrow(
      /a maximum that is greater/,
    );
    expect([...read(both(x, 2), { range: 'given', minimum: -1, maximum: 1 }).train.images]).toEqual([
      0, 255, 255, 128,
    ]);
  });
  it('of features are measured column by column', () => {
    const x = npyFile('<f2', [3, 2], Uint16Array.of(0x3c00, 0xbc00, 0x4000, 0, 0x4200, 0x3c00));
    const set = read({ x_train: x, y_train: labels(3), x_test: x, y_test: labels(3) });
    expect(set.train.shape).toEqual([1, 1, 2]);
    // 1, 2, 3 over 1 … 3 and −1, 0, 1 over −1 … 1; the middle is 127.5, which goes up.
    expect([...set.train.images]).toEqual([0, 0, 128, 128, 255, 255]);
  });
});

describe('labels and arrays', () => {
  const x = npyFile('|u1', [10, 1, 1], count(10));
  it('are found by usual names, split where there is no test part, and may be named', () => {
    const set = read({ X: x, labels: labels(10) });
    expect([set.train.count, set.test.count]).toEqual([8, 2]);
    expect(new Set([...set.train.images, ...set.test.images]).size).toBe(10);
    const named = read({ a: x, b: labels(10) }, { xTrain: 'a', yTrain: 'b' });
    expect(named.train.images).toEqual(set.train.images);
    expect(() => read({ a: x, b: labels(10) })).toThrow(/usual name for the samples; name one of: a, b/);
    expect(() => read({ x, y: labels(10) }, { xTrain: 'z' })).toThrow(/no array "z"; there are: x, y/);
  });
  it('may be 64-bit, a column, one-hot or text', () => {
    const long = npyFile(
      '<i8',
      [10, 1],
      BigInt64Array.from({ length: 10 }, (_, i) => BigInt(i % 2)),
    );
    const hot = npyFile(
      '<f4',
      [10, 2],
      Float32Array.from({ length: 20 }, (_, i) => Number((i >> 1) % 2 === i % 2)),
    );
    const text = npyFile(
      '<U2',
      [10],
      Uint32Array.from({ length: 20 }, (_, i) => 'abno'.charCodeAt(i % 4)),
    );
    const plain = read({ x, y: labels(10) });
    expect(read({ x, y: long }).train.labels).toEqual(plain.train.labels);
    expect(read({ x, y: hot }).train.labels).toEqual(plain.train.labels);
    const named = read({ x, y: text });
    expect([named.classes, named.train.labels]).toEqual([['ab', 'no'], plain.train.labels]);
  });
  it('are refused where they do not fit, with the byte', () => {
    expect(() => read({ x, y: labels(9) })).toThrow(/y\.npy, byte 0: expected 10 labels/);
    const wrong = npyFile('<i2', [10], Int16Array.of(0, 1, -1, 0, 0, 0, 0, 0, 0, 0));
    expect(() => read({ x, y: wrong })).toThrow(/y\.npy, byte 132: expected a label from 0 to 255; found -1/);
  });
});
