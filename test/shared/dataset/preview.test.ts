import { describe, expect, it } from 'vitest';
import { assembleBatch } from '#shared/dataset/batch.ts';
import { classNamesProblem, DATASET_NAME, suggestedName } from '#shared/dataset/name.ts';
import { NORMALIZATION_KINDS, normalizationOf } from '#shared/dataset/normalization.ts';
import { previewAugmentation } from '#shared/dataset/preview.ts';
import { noise } from '#test/support/datasets.ts';

const shapes = [
  [5, 7, 1],
  [6, 4, 3],
] as const;

describe('previewAugmentation', () => {
  it.each(NORMALIZATION_KINDS)('shows what a training batch holds, byte for byte (%s)', (kind) => {
    for (const shape of shapes) {
      const size = shape[0] * shape[1] * shape[2];
      const count = 40;
      const images = noise(count * size, 3);
      const mean = Array.from({ length: shape[2] }, (_, c) => 90.4 + c);
      const standardDeviation = mean.map((value) => value / 3);
      const normalization = normalizationOf(kind, { shape, mean, standardDeviation });
      const augmentation = { pad: 2, flip: true };
      const indices = [0, 3, 17, 39];
      const batch = new Float32Array(indices.length * size);
      const samples = { count, shape, images, labels: new Uint8Array(count) };
      assembleBatch(samples, indices, normalization, augmentation, 11, 4, batch, new Int32Array(4));
      indices.forEach((index, i) => {
        const image = images.subarray(index * size, (index + 1) * size);
        const { bytes } = previewAugmentation(image, shape, normalization, augmentation, 11, 4, index);
        const again = Float32Array.from(
          bytes,
          (byte, p) => (byte - normalization.zero[p % shape[2]]!) * normalization.scale,
        );
        expect(again).toEqual(batch.subarray(i * size, (i + 1) * size));
      });
    }
  });

  it('leaves a sample as it is when everything is off', () => {
    const image = noise(12, 5);
    const normalization = { zero: [0], scale: 1 / 255 };
    const none = { pad: 0, flip: false };
    const { bytes, draw } = previewAugmentation(image, [3, 4, 1], normalization, none, 1, 0, 9);
    expect(bytes).toEqual(image);
    expect(draw).toEqual({ top: 0, left: 0, flip: false });
  });
});

describe('suggestedName', () => {
  it.each([
    ['/data/My Digits', 'my-digits'],
    ['/data/emnist-letters.tar.gz', 'emnist-letters'],
    ['C:\\data\\CIFAR_10\\', 'cifar-10'],
    ['/data/…', 'data'],
    [`/data/${'a'.repeat(80)}`, 'a'.repeat(63)],
  ])('%s: %s', (path, name) => {
    expect(suggestedName(path)).toBe(name);
    expect(name).toMatch(DATASET_NAME);
  });
});

describe('classNamesProblem', () => {
  it('says what is wrong', () => {
    expect(classNamesProblem(['cat', 'dog'])).toBeNull();
    expect(classNamesProblem(['cat'])).toBe('a data set has 2 to 256 classes; 1 was named');
    expect(classNamesProblem(['cat', 'cat'])).toBe('the class name "cat" is empty or occurs twice');
    expect(classNamesProblem(['cat', ' '])).toMatch('is empty');
  });
});
