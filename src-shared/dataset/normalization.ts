import type { DatasetInfo, Normalization } from './types.ts';

/**
 * - `centered`: (p − 128)/128, between −1 and 1; exact in float32 and free in integer firmware
 * - `unit`: p/255, between 0 and 1
 * - `standardize`: (p − round(mean of the channel))/σ with one σ, pooled over the channels
 */
export const NORMALIZATION_KINDS = ['centered', 'unit', 'standardize'] as const;
export type NormalizationKind = (typeof NORMALIZATION_KINDS)[number];

/** The integer zero point of each channel and the one scale; `info` gives the channels and their statistics. */
export function normalizationOf(
  kind: NormalizationKind,
  info: Pick<DatasetInfo, 'shape' | 'mean' | 'standardDeviation'>,
): Normalization {
  const channels = info.shape[2];
  switch (kind) {
    case 'centered':
      return { zero: new Array<number>(channels).fill(128), scale: 1 / 128 };
    case 'unit':
      return { zero: new Array<number>(channels).fill(0), scale: 1 / 255 };
    case 'standardize': {
      const variance = info.standardDeviation.reduce((sum, sigma) => sum + sigma * sigma, 0) / channels;
      // A set whose images are all alike has nothing to scale.
      return {
        zero: info.mean.map((mean) => Math.round(mean)),
        scale: variance > 0 ? 1 / Math.sqrt(variance) : 1,
      };
    }
  }
}

/** x = (p − zero[c]) · scale in float32 for every byte: entry c·256 + p. */
export function normalizationTable({ zero, scale }: Normalization): Float32Array {
  const table = new Float32Array(zero.length * 256);
  zero.forEach((point, c) => {
    for (let p = 0; p < 256; p++) table[c * 256 + p] = (p - point) * scale;
  });
  return table;
}
