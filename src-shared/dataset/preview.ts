import { drawAugmentation, type Augmentation, type AugmentationDraw } from './augmentation.ts';
import { writeAugmented } from './batch.ts';
import { normalizationTable } from './normalization.ts';
import type { Normalization } from './types.ts';

/**
 * What the network is given for one sample in one epoch, as bytes that can be looked at. It is computed by the code that
 * fills the batches of a training run; the normalised numbers are then turned back, which is exact: byte = x/scale + zero.
 * Padding, which is 0 after normalisation, shows as the byte zero[c].
 *
 * @param image h·w·c bytes, channels last
 * @param sample index into the installed training set, which the random choice depends on
 */
export function previewAugmentation(
  image: Uint8Array,
  shape: readonly [number, number, number],
  normalization: Normalization,
  augmentation: Augmentation,
  seed: number,
  epoch: number,
  sample: number,
): { bytes: Uint8Array; draw: AugmentationDraw } {
  const draw = drawAugmentation(augmentation, seed, epoch, sample);
  const numbers = new Float32Array(image.length);
  const samples = { count: 1, shape, images: image, labels: new Uint8Array(1) };
  writeAugmented(samples, 0, augmentation.pad, draw, normalizationTable(normalization), numbers, 0);
  return { bytes: normalizedBytes(numbers, normalization), draw };
}

/** The bytes that channels-last normalised numbers came from. */
export function normalizedBytes(numbers: Float32Array, { zero, scale }: Normalization): Uint8Array {
  const channels = zero.length;
  return Uint8Array.from(numbers, (x, i) => Math.round(x / scale + (zero[i % channels] ?? 0)));
}
