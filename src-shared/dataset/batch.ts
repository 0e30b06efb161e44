import { BitsmithError } from '../base/errors.ts';
import { drawAugmentation, isIdentity, type Augmentation, type AugmentationDraw } from './augmentation.ts';
import { normalizationTable } from './normalization.ts';
import type { Normalization, Samples } from './types.ts';

/**
 * Writes the samples `indices` as one batch: normalised float32, [n, h, w, c], and their labels.
 *
 * Augmentation works on the bytes before normalisation and pads with the byte zero[c], which becomes exactly 0.
 *
 * @param augmentation null (or all off) for validation and test
 * @param out at least n·h·w·c numbers; @param labels at least n
 * @throws BitsmithError `internal` when `out` or `labels` is too short or an index is out of range
 */
export function assembleBatch(
  samples: Samples,
  indices: ArrayLike<number>,
  normalization: Normalization,
  augmentation: Augmentation | null,
  seed: number,
  epoch: number,
  out: Float32Array,
  labels: Int32Array,
): void {
  const [height, width, channels] = samples.shape;
  const size = height * width * channels;
  const n = indices.length;
  if (out.length < n * size || labels.length < n) {
    throw new BitsmithError('internal', `a batch of ${n} samples needs ${n * size} numbers and ${n} labels`);
  }
  const table = normalizationTable(normalization);
  const plain = augmentation === null || isIdentity(augmentation);
  for (let i = 0; i < n; i++) {
    const sample = indices[i]!;
    if (sample >= samples.count) {
      throw new BitsmithError('internal', `sample ${sample} is out of range: there are ${samples.count}`);
    }
    labels[i] = samples.labels[sample]!;
    const from = sample * size;
    const to = i * size;
    if (plain) {
      if (channels === 1) for (let p = 0; p < size; p++) out[to + p] = table[samples.images[from + p]!]!;
      else writeChannels(samples.images, from, size, channels, table, out, to);
    } else {
      const draw = drawAugmentation(augmentation, seed, epoch, sample);
      writeAugmented(samples, from, augmentation.pad, draw, table, out, to);
    }
  }
}

function writeChannels(
  images: Uint8Array,
  from: number,
  size: number,
  channels: number,
  table: Float32Array,
  out: Float32Array,
  to: number,
): void {
  for (let c = 0; c < channels; c++) {
    const base = c * 256;
    for (let p = c; p < size; p += channels) out[to + p] = table[base + images[from + p]!]!;
  }
}

/**
 * One augmented, normalised sample: output pixel (y, x) shows input pixel (y + top − pad, x + left − pad), mirrored
 * afterwards; 0 outside.
 *
 * @param from where the image begins in `samples.images`; @param to where the numbers begin in `out`
 */
export function writeAugmented(
  { images, shape: [height, width, channels] }: Samples,
  from: number,
  pad: number,
  { top, left, flip }: AugmentationDraw,
  table: Float32Array,
  out: Float32Array,
  to: number,
): void {
  const dx = left - pad;
  const step = flip ? -channels : channels;
  out.fill(0, to, to + height * width * channels);
  const firstX = Math.max(0, -dx);
  const endX = Math.min(width, width - dx);
  for (let y = 0; y < height; y++) {
    const sourceY = y + top - pad;
    if (sourceY < 0 || sourceY >= height) continue;
    const target = to + (y * width + (flip ? width - 1 - firstX : firstX)) * channels;
    const source = from + (sourceY * width + firstX + dx) * channels;
    for (let c = 0; c < channels; c++) {
      const base = c * 256;
      let at = target + c;
      let read = source + c;
      for (let x = firstX; x < endX; x++) {
        out[at] = table[base + images[read]!]!;
        at += step;
        read += channels;
      }
    }
  }
}
