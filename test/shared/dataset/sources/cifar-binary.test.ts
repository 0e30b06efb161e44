import { describe, expect, it } from 'vitest';
import { collectDataset } from '#shared/dataset/collect.ts';
import { CIFAR_10_CLASSES, cifarBinary } from '#shared/dataset/sources/cifar-binary/index.ts';
import { cifarBatch, noise } from '#test/support/datasets.ts';

function read(files: Record<string, Uint8Array>, classes?: string[]) {
  return collectDataset(cifarBinary, Object.keys(files), ({ name }) => ({ name, bytes: files[name]! }), {
    classes,
    where: 'the folder f',
  });
}

const text = (value: string) => new TextEncoder().encode(value);
const planes = [noise(3072, 1), noise(3072, 2), noise(3072, 3)];
const tenClasses = (i: number) => noise(3072, 10 + i);

function cifar10(): Record<string, Uint8Array> {
  return {
    'cifar-10-batches-bin/test_batch.bin': cifarBatch([2], () => planes[2]!),
    'cifar-10-batches-bin/data_batch_2.bin': cifarBatch([2], () => planes[1]!),
    'cifar-10-batches-bin/data_batch_1.bin': cifarBatch([0, 1], () => planes[0]!),
    'cifar-10-batches-bin/readme.html': text('<html>'),
  };
}

describe('CIFAR binary', () => {
  it('reads the batches in the order of their numbers and turns planes into channels', () => {
    const set = read(cifar10());
    expect([...set.train.labels]).toEqual([0, 1, 2]);
    expect(set.train.shape).toEqual([32, 32, 3]);
    expect(set.classes).toEqual(CIFAR_10_CLASSES);
    for (const [sample, plane] of [planes[0]!, planes[0]!, planes[1]!].entries()) {
      for (const [y, x] of [
        [0, 0],
        [0, 31],
        [31, 0],
        [17, 5],
      ] as const) {
        for (let c = 0; c < 3; c++) {
          expect(set.train.images[((sample * 32 + y) * 32 + x) * 3 + c]).toBe(plane[c * 1024 + y * 32 + x]);
        }
      }
    }
  });

  it('takes the class names of the archive', () => {
    const names = Array.from({ length: 10 }, (_, i) => `thing ${i}`);
    const set = read({
      ...cifar10(),
      'cifar-10-batches-bin/batches.meta.txt': text(`${names.join('\n')}\n\n`),
    });
    expect(set.classes).toEqual(names);
  });

  it('reads the fine labels of CIFAR-100', () => {
    const record = (coarse: number, fine: number, i: number) =>
      Uint8Array.from([coarse, fine, ...tenClasses(i)]);
    const set = read({
      'train.bin': Uint8Array.from([...record(9, 0, 0), ...record(9, 1, 1)]),
      'test.bin': record(9, 1, 2),
      'fine_label_names.txt': text('apple\nbaby\n'),
    });
    expect([...set.train.labels]).toEqual([0, 1]);
    expect([...set.test.labels]).toEqual([1]);
    expect(set.classes).toEqual(['apple', 'baby']);
    expect(set.test.images[0]).toBe(tenClasses(2)[0]);
    expect(set.test.images[1]).toBe(tenClasses(2)[1024]);
  });

  it('refuses a truncated batch at the record that is not whole', () => {
    const files = cifar10();
    const name = 'cifar-10-batches-bin/data_batch_1.bin';
    files[name] = files[name]!.subarray(0, 3073 + 100);
    expect(() => read(files)).toThrow(
      /data_batch_1.bin, byte 3073: expected whole records of 3073 bytes; found 100 bytes before the end/,
    );
  });

  it('refuses a label that is no class, at its offset', () => {
    const files = cifar10();
    files['cifar-10-batches-bin/data_batch_1.bin'] = cifarBatch([0, 10], () => planes[0]!);
    expect(() => read(files, [...CIFAR_10_CLASSES])).toThrow(
      /data_batch_1.bin, byte 3073: expected a label from 0 to 9 \(10 classes\); found label 10/,
    );
    expect(() => read(files)).toThrow(/data_batch_1.bin, byte 3073: .*found label 10/);
  });

  it('names a batch that is missing', () => {
    const { 'cifar-10-batches-bin/data_batch_1.bin': _, ...rest } = cifar10();
    expect(() => read(rest)).toThrow(/the folder f has no file data_batch_1.bin/);
    expect(() => read({ 'train.bin': new Uint8Array(3074) })).toThrow(/no file test.bin/);
  });
});
