import { level } from './log2.ts';
import { framesOf, type SoundFrontEnd } from './spec.ts';
import { Spectrum } from './spectrum.ts';
import { COSINE_BITS, soundTables, type SoundTables } from './tables.ts';

export interface FrontEnd {
  readonly spec: SoundFrontEnd;
  readonly tables: SoundTables;
  /** The features of one frame, `coefficients` integers. */
  frame(pcm: Int16Array, at: number, features: Int32Array): void;
  /** The features of a whole clip, frame after frame. */
  clip(pcm: Int16Array): Int32Array;
}

/**
 * The definition of the features, from 16-bit samples on; firmware computes the same integers. For every frame:
 *   y[n] = ⌊x[n] · w[n] / 2⁸⌉, n < frame; 0 up to fft               (w in Q15, so y has 22 bits)
 *   X = spectrum of y, scaled by 2/fft (`spectrum.ts`);  P[k] = Re X[k]² + Im X[k]²
 *   E[b] = Σ r[k] · P[k] over the rising side + Σ (256 − r[k]) · P[k] over the falling side   (`mel.ts`)
 *   L[b] = max(0, level(E[b]) − floor)                             (1/1024 octaves, `log2.ts`)
 *   c[i] = ⌊Σ L[b] · D[i][b] / 2¹⁴⌉                                (MFCC only, `tables.ts`)
 * where ⌊x⌉ rounds to the nearest integer, halves up. Parseval bounds Σ P by 1.4 · 2⁴⁴, so E stays below 2⁵³.
 */
export function createFrontEnd(spec: SoundFrontEnd): FrontEnd {
  const tables = soundTables(spec);
  const spectrum = new Spectrum(spec.fft, tables);
  const windowed = new Int32Array(spec.fft);
  const levels = new Int32Array(spec.bands);

  function frame(pcm: Int16Array, at: number, features: Int32Array): void {
    const { window } = tables;
    for (let n = 0; n < spec.frame; n++) {
      windowed[n] = ((pcm[at + n] ?? 0) * window[Math.min(n, spec.frame - n)]! + 128) >> 8;
    }
    spectrum.transform(windowed);
    bandLevels(spec, tables, spectrum, levels);
    if (spec.features === 'log-mel') features.set(levels);
    else transformLevels(tables.cosines, levels, features);
  }

  return {
    spec,
    tables,
    frame,
    clip(pcm) {
      const frames = framesOf(spec);
      const features = new Int32Array(frames * spec.coefficients);
      for (let i = 0; i < frames; i++) {
        const row = features.subarray(i * spec.coefficients, (i + 1) * spec.coefficients);
        frame(pcm, i * spec.hop, row);
      }
      return features;
    },
  };
}

function bandLevels(
  { bands, floor }: SoundFrontEnd,
  { edges, rise }: SoundTables,
  { re, im }: Spectrum,
  levels: Int32Array,
): void {
  let energy = 0;
  for (let s = 0; s <= bands; s++) {
    let rising = 0;
    for (let k = edges[s]!; k < edges[s + 1]!; k++) {
      const power = re[k]! * re[k]! + im[k]! * im[k]!;
      const weight = rise[k - edges[0]!]!;
      rising += weight * power;
      energy += (256 - weight) * power;
    }
    if (s > 0) levels[s - 1] = Math.max(0, level(energy) - floor);
    energy = rising;
  }
}

function transformLevels(cosines: Int16Array, levels: Int32Array, features: Int32Array): void {
  const bands = levels.length;
  for (let i = 0; i < features.length; i++) {
    let sum = 0;
    for (let b = 0; b < bands; b++) sum += levels[b]! * cosines[i * bands + b]!;
    features[i] = Math.floor(sum * 2 ** -COSINE_BITS + 0.5);
  }
}

/** The level of a full-scale sine in the middle of a band, in 1/1024 octaves: what decibels of a floor count from. */
export function fullScaleLevel(spec: Pick<SoundFrontEnd, 'window' | 'frame' | 'fft'>): number {
  const mean = (spec.window === 'hann' ? 0.5 : 0.54) * (spec.frame / spec.fft);
  return 1024 * Math.log2(256 * (2 ** 22 * mean) ** 2);
}

/** The floor that lies so many decibels (a negative number) from a full-scale sine. */
export function floorOf(spec: Pick<SoundFrontEnd, 'window' | 'frame' | 'fft'>, decibels: number): number {
  return Math.max(0, Math.round(fullScaleLevel(spec) + (1024 * decibels) / (10 * Math.log10(2))));
}
