import { describe, expect, it } from 'vitest';
import { drawAugmentation, type Augmentation } from '#shared/dataset/augmentation.ts';
import { assembleBatch } from '#shared/dataset/batch.ts';
import type { Normalization, Samples } from '#shared/dataset/types.ts';
import { noise } from '#test/support/datasets.ts';

function samplesOf(count: number, shape: readonly [number, number, number]): Samples {
  return {
    count,
    shape,
    images: noise(count * shape[0] * shape[1] * shape[2], 3),
    labels: Uint8Array.from({ length: count }, (_, i) => (i * 7) % 10),
  };
}

/** The definition, step by step: pad the bytes, cut, mirror, normalise. */
function naive(
  samples: Samples,
  sample: number,
  { zero, scale }: Normalization,
  augmentation: Augmentation,
  seed: number,
  epoch: number,
): number[] {
  const [height, width, channels] = samples.shape;
  const { pad } = augmentation;
  const { top, left, flip } = drawAugmentation(augmentation, seed, epoch, sample);
  const padded: number[][][] = Array.from({ length: height + 2 * pad }, (_, y) =>
    Array.from({ length: width + 2 * pad }, (_, x) =>
      Array.from({ length: channels }, (_, c) => {
        const inside = y >= pad && y < pad + height && x >= pad && x < pad + width;
        if (!inside) return zero[c]!;
        return samples.images[((sample * height + y - pad) * width + x - pad) * channels + c]!;
      }),
    ),
  );
  const cut = padded.slice(top, top + height).map((row) => row.slice(left, left + width));
  const mirrored = flip ? cut.map((row) => row.toReversed()) : cut;
  return mirrored.flatMap((row) =>
    row.flatMap((pixel) => pixel.map((p, c) => Math.fround((p - zero[c]!) * scale) + 0)),
  );
}

function batch(
  samples: Samples,
  indices: readonly number[],
  normalization: Normalization,
  augmentation: Augmentation | null,
  seed = 1,
  epoch = 0,
): { images: number[]; labels: number[] } {
  const size = samples.shape[0] * samples.shape[1] * samples.shape[2];
  const out = new Float32Array(indices.length * size).fill(NaN);
  const labels = new Int32Array(indices.length).fill(-1);
  assembleBatch(samples, indices, normalization, augmentation, seed, epoch, out, labels);
  return { images: Array.from(out, (x) => x + 0), labels: [...labels] };
}

const gray: Normalization = { zero: [33], scale: 1 / 78.5 };
const colour: Normalization = { zero: [125, 0, 255], scale: 1 / 64 };

describe('a batch', () => {
  it.each<[string, readonly [number, number, number], Normalization]>([
    ['gray', [5, 4, 1], gray],
    ['colour', [3, 6, 3], colour],
  ])(
    'holds the normalised pixels and the labels in the order of its indices (%s)',
    (_what, shape, normalization) => {
      const samples = samplesOf(9, shape);
      const indices = [8, 0, 3, 3];
      const off = { pad: 0, flip: false };
      const expected = indices.flatMap((i) => naive(samples, i, normalization, off, 1, 0));
      expect(batch(samples, indices, normalization, null)).toEqual({
        images: expected,
        labels: indices.map((i) => samples.labels[i]),
      });
      expect(batch(samples, indices, normalization, off).images).toEqual(expected);
    },
  );

  it.each<[readonly [number, number, number], Normalization, Augmentation]>([
    [[5, 4, 1], gray, { pad: 2, flip: false }],
    [[5, 4, 1], gray, { pad: 0, flip: true }],
    [[6, 5, 3], colour, { pad: 3, flip: true }],
    // More padding than picture: some cuts see nothing of it.
    [[2, 3, 3], colour, { pad: 16, flip: true }],
  ])('augments %j like the definition (%j, %j)', (shape, normalization, augmentation) => {
    const samples = samplesOf(60, shape);
    const indices = Array.from({ length: 60 }, (_, i) => 59 - i);
    for (const epoch of [0, 1]) {
      const expected = indices.flatMap((i) => naive(samples, i, normalization, augmentation, 11, epoch));
      expect(batch(samples, indices, normalization, augmentation, 11, epoch).images).toEqual(expected);
    }
  });

  it('does not depend on the batch a sample is in, nor on its place there', () => {
    const samples = samplesOf(10, [4, 4, 3]);
    const augmentation = { pad: 2, flip: true };
    const size = 48;
    const together = batch(samples, [1, 5, 9], colour, augmentation).images;
    const alone = batch(samples, [5], colour, augmentation).images;
    expect(together.slice(size, 2 * size)).toEqual(alone);
  });

  it('refuses indices out of range and buffers that are too short', () => {
    const samples = samplesOf(2, [2, 2, 1]);
    expect(() => batch(samples, [2], gray, null)).toThrow(/sample 2 is out of range: there are 2/);
    expect(() =>
      assembleBatch(samples, [0, 1], gray, null, 1, 0, new Float32Array(7), new Int32Array(2)),
    ).toThrow(/needs 8 numbers and 2 labels/);
  });
});

describe('the random choice of an augmentation', () => {
  const augmentation = { pad: 2, flip: true };

  it('is decided by (seed, epoch, sample) alone', () => {
    expect(drawAugmentation(augmentation, 1, 2, 3)).toEqual(drawAugmentation(augmentation, 1, 2, 3));
    const draws = (seed: number, epoch: number) =>
      Array.from({ length: 50 }, (_, i) => drawAugmentation(augmentation, seed, epoch, i));
    expect(draws(1, 0)).not.toEqual(draws(2, 0));
    expect(draws(1, 0)).not.toEqual(draws(1, 1));
    expect(draws(1, 0)).not.toEqual(draws(1 + 2 ** 32, 0));
  });

  it('uses every place and both sides equally often', () => {
    const tops = new Uint32Array(5);
    const lefts = new Uint32Array(5);
    let flips = 0;
    for (let sample = 0; sample < 10_000; sample++) {
      const { top, left, flip } = drawAugmentation(augmentation, 42, 1, sample);
      tops[top]!++;
      lefts[left]!++;
      if (flip) flips++;
    }
    // 10,000 draws at one fifth: σ = 40; at one half: σ = 50. Six of them on either side.
    for (const count of [...tops, ...lefts]) expect(Math.abs(count - 2000)).toBeLessThan(240);
    expect(Math.abs(flips - 5000)).toBeLessThan(300);
  });

  it('does not mirror when that is off', () => {
    for (let sample = 0; sample < 100; sample++) {
      expect(drawAugmentation({ pad: 0, flip: false }, 1, 1, sample)).toEqual({
        top: 0,
        left: 0,
        flip: false,
      });
    }
  });
});
