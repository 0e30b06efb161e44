import { describe, expect, it } from 'vitest';
import { collectDataset } from '#shared/dataset/collect.ts';
import { idx } from '#shared/dataset/sources/idx/index.ts';
import { idxFile } from '#test/support/datasets.ts';

const bytes = (...values: number[]) => Uint8Array.from(values);

function smallSet(): Record<string, Uint8Array> {
  return {
    'train-images-idx3-ubyte': idxFile([3, 1, 2], bytes(1, 2, 3, 4, 5, 6)),
    'train-labels-idx1-ubyte': idxFile([3], bytes(0, 1, 0)),
    't10k-images-idx3-ubyte': idxFile([1, 1, 2], bytes(7, 8)),
    't10k-labels-idx1-ubyte': idxFile([1], bytes(1)),
  };
}

function read(files: Record<string, Uint8Array>, classes?: string[]) {
  return collectDataset(idx, Object.keys(files), ({ name }) => ({ name, bytes: files[name]! }), {
    classes,
    where: 'the folder f',
  });
}

describe('IDX', () => {
  it('reads images, labels, shape and classes', () => {
    const set = read(smallSet());
    expect(set.train).toEqual({
      count: 3,
      shape: [1, 2, 1],
      images: bytes(1, 2, 3, 4, 5, 6),
      labels: bytes(0, 1, 0),
    });
    expect(set.test).toEqual({ count: 1, shape: [1, 2, 1], images: bytes(7, 8), labels: bytes(1) });
    expect(set.classes).toEqual(['0', '1']);
  });

  it('reads colour images of four dimensions', () => {
    const files = smallSet();
    files['train-images-idx3-ubyte'] = idxFile([3, 1, 1, 2], bytes(1, 2, 3, 4, 5, 6));
    files['t10k-images-idx3-ubyte'] = idxFile([1, 1, 1, 2], bytes(7, 8));
    expect(read(files).train.shape).toEqual([1, 1, 2]);
  });

  it.each([
    [
      [
        'train-images.idx3-ubyte',
        'train-labels.idx1-ubyte',
        't10k-images.idx3-ubyte',
        't10k-labels.idx1-ubyte',
      ],
    ],
    [
      [
        'a-train-images-idx3-ubyte.gz',
        'a-train-labels-idx1-ubyte.gz',
        'a-test-images-idx3-ubyte.gz',
        'a-test-labels-idx1-ubyte.gz',
      ],
    ],
    [
      [
        'd/train-images-idx4-ubyte',
        'd/train-labels-idx1-ubyte',
        'd/test-images-idx4-ubyte',
        'd/test-labels-idx1-ubyte',
      ],
    ],
  ])('finds the files under the name %j', (names) => {
    expect(idx.plan([...names].reverse(), 'f').map((file) => file.name)).toEqual(names);
    expect(
      idx.plan(names, 'f').every((file) => (file.encoding === 'gzip') === file.name.endsWith('.gz')),
    ).toBe(true);
  });

  it('takes the unpacked file when both forms lie side by side', () => {
    const names = Object.keys(smallSet());
    const plan = idx.plan([...names.map((name) => `${name}.gz`), ...names], 'f');
    expect(plan.map((file) => file.encoding)).toEqual(['plain', 'plain', 'plain', 'plain']);
  });

  it('names the missing file', () => {
    const { 't10k-labels-idx1-ubyte': _, ...rest } = smallSet();
    expect(() => read(rest)).toThrow(/the folder f has no file t10k-labels-idx1-ubyte/);
  });

  it('refuses two sets in one folder', () => {
    const names = Object.keys(smallSet()).flatMap((name) => [`a-${name}`, `b-${name}`]);
    expect(() => idx.plan(names, 'the folder f')).toThrow(/more than one file of train images: a-.* and b-/);
  });

  it.each<[string, string, (file: Uint8Array) => Uint8Array, RegExp, number]>([
    [
      'a wrong magic number',
      'train-images-idx3-ubyte',
      (file) => file.with(3, 1),
      /train-images-idx3-ubyte, byte 0: expected the magic number 0x00000803 or 0x00000804.*found 0x00000801/,
      0,
    ],
    [
      'another element type',
      'train-images-idx3-ubyte',
      (file) => file.with(2, 0x0d),
      /byte 0: .*found 0x00000d03/,
      0,
    ],
    [
      'a truncated file',
      'train-images-idx3-ubyte',
      (file) => file.subarray(0, 19),
      /train-images-idx3-ubyte, byte 19: expected 22 bytes in all \(3×1×2 elements after a header of 16 bytes\); found a file of 19 bytes/,
      19,
    ],
    [
      'a truncated header',
      'train-labels-idx1-ubyte',
      (file) => file.subarray(0, 6),
      /byte 6: expected a header of 8 bytes/,
      6,
    ],
    [
      'an empty file',
      'train-labels-idx1-ubyte',
      () => bytes(),
      /byte 0: expected the magic number 0x00000801; found a file of 0 bytes/,
      0,
    ],
    [
      'bytes after the end',
      't10k-labels-idx1-ubyte',
      (file) => bytes(...file, 9),
      /byte 9: expected 9 bytes in all/,
      9,
    ],
    [
      'a size of zero',
      't10k-images-idx3-ubyte',
      () => idxFile([1, 0, 2], bytes()),
      /byte 8: expected a size of at least 1 for dimension 2/,
      8,
    ],
    [
      'fewer labels than images',
      'train-labels-idx1-ubyte',
      () => idxFile([2], bytes(0, 1)),
      /train-labels-idx1-ubyte, byte 4: expected 3 labels, one for each image in train-images-idx3-ubyte; found 2 labels/,
      4,
    ],
    [
      'test images of another shape',
      't10k-images-idx3-ubyte',
      () => idxFile([1, 2, 1], bytes(7, 8)),
      /t10k-images-idx3-ubyte: expected images of 1×2×1 as in the files before it; found 2×1×1/,
      -1,
    ],
  ])('refuses %s, naming file, offset and expectation', (_what, name, damage, message, offset) => {
    const files = smallSet();
    files[name] = damage(files[name]!);
    let error: unknown;
    try {
      read(files);
    } catch (caught) {
      error = caught;
    }
    expect(error).toMatchObject({ code: 'corrupt', message: expect.stringMatching(message) });
    expect(error).toMatchObject({ details: offset < 0 ? { file: name } : { file: name, offset } });
  });

  it('refuses a label beyond the named classes at its offset', () => {
    const files = smallSet();
    files['train-labels-idx1-ubyte'] = idxFile([3], bytes(0, 1, 2));
    expect(() => read(files, ['a', 'b'])).toThrow(
      /train-labels-idx1-ubyte, byte 10: expected a label from 0 to 1 \(2 classes\); found label 2/,
    );
    expect(read(files, ['a', 'b', 'c']).classes).toEqual(['a', 'b', 'c']);
  });

  it('refuses a stray label when the classes are not named', () => {
    const files = smallSet();
    files['train-labels-idx1-ubyte'] = idxFile([3], bytes(0, 200, 1));
    expect(() => read(files)).toThrow(
      /train-labels-idx1-ubyte, byte 9: .*found label 200, although .* label 2/,
    );
  });

  it('refuses a test label that never occurs in training', () => {
    const files = smallSet();
    files['t10k-labels-idx1-ubyte'] = idxFile([1], bytes(2));
    expect(() => read(files)).toThrow(/t10k-labels-idx1-ubyte, byte 8: .*found label 2/);
  });
});
