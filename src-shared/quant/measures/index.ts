import type { Histogram } from '../../run/record.ts';
import type { DeployedWeights } from '../types.ts';

/** Share of weights that every level maps to zero; 0 for floating-point weights. */
export function zeroFraction({ levels }: DeployedWeights): number {
  const [first] = levels;
  if (!first) return 0;
  let zeros = 0;
  for (let i = 0; i < first.codes.length; i++) if (levels.every(({ codes }) => codes[i] === 0)) zeros++;
  return zeros / Math.max(first.codes.length, 1);
}

/**
 * Flip ratio: share of weights whose code (in any level) differs from the one before. Binary and ternary training has
 * settled when it goes to zero (Helwegen et al., arXiv 1906.02107).
 */
export function flipRatio(before: DeployedWeights, after: DeployedWeights): number {
  const count = after.levels[0]?.codes.length ?? 0;
  let flips = 0;
  for (let i = 0; i < count; i++) {
    if (after.levels.some(({ codes }, level) => codes[i] !== before.levels[level]?.codes[i])) flips++;
  }
  return flips / Math.max(count, 1);
}

const BINS = 64;

/** Histogram of latent weights over their range, and the share of each code of the first level. */
export function weightHistogram(
  layer: string,
  latent: Float32Array,
  deployed: DeployedWeights,
  at: { epoch: number; step: number },
): Histogram {
  let low = Infinity;
  let high = -Infinity;
  for (const w of latent) {
    low = Math.min(low, w);
    high = Math.max(high, w);
  }
  if (!(high > low)) {
    low -= 0.5;
    high += 0.5;
  }
  const width = (high - low) / BINS;
  const counts = new Array<number>(BINS).fill(0);
  for (const w of latent) {
    const bin = Math.min(BINS - 1, Math.floor((w - low) / width));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const codes: Record<string, number> = {};
  const first = deployed.levels[0]?.codes ?? new Int8Array();
  for (const code of first) codes[code] = (codes[code] ?? 0) + 1 / first.length;
  return {
    layer,
    ...at,
    edges: Array.from({ length: BINS + 1 }, (_, i) => low + i * width),
    counts,
    codes,
  };
}
