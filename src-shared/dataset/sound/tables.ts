import { melBank, type MelBank } from './mel.ts';
import type { SoundFrontEnd } from './spec.ts';

/** Fraction bits of the sine table. */
export const SINE_BITS = 24;
/** Steps of the table of logarithms. */
export const LOG_STEPS = 64;
/** Fraction bits of the cosine transform's table. */
export const COSINE_BITS = 14;

/** The constants of a front end; firmware carries the same integers. */
export interface SoundTables extends MelBank {
  /** Half of the window and its middle, Q15: w[min(n, frame − n)]. */
  window: Uint16Array;
  /** sin(2πk/fft), Q24, for a quarter of the circle and its end. */
  sines: Int32Array;
  /** Rows of the orthonormal DCT-II, Q14: [coefficients][bands]; empty for log-mel features. */
  cosines: Int16Array;
}

/**
 * - window (periodic): Hann ½ − ½ cos(2πn/frame), Hamming 0.54 − 0.46 cos(2πn/frame)
 * - DCT-II: sᵢ cos(πi(2b + 1)/2B), s₀ = √(1/B), else √(2/B)
 */
export function soundTables(spec: SoundFrontEnd): SoundTables {
  const { frame, fft, bands, coefficients } = spec;
  const [middle, swing] = spec.window === 'hann' ? [0.5, 0.5] : [0.54, 0.46];
  const turn = 2 * Math.PI;
  return {
    ...melBank(spec),
    window: Uint16Array.from({ length: Math.floor(frame / 2) + 1 }, (_, n) =>
      Math.round(32768 * (middle - swing * Math.cos((turn * n) / frame))),
    ),
    sines: Int32Array.from({ length: fft / 4 + 1 }, (_, k) =>
      Math.round(2 ** SINE_BITS * Math.sin((turn * k) / fft)),
    ),
    cosines: Int16Array.from({ length: spec.features === 'mfcc' ? coefficients * bands : 0 }, (_, at) => {
      const [i, b] = [Math.floor(at / bands), at % bands];
      const norm = Math.sqrt((i === 0 ? 1 : 2) / bands);
      return Math.round(2 ** COSINE_BITS * norm * Math.cos((Math.PI * i * (2 * b + 1)) / (2 * bands)));
    }),
  };
}

/** log₂(1 + i/64), Q15. */
export const LOGARITHMS = Uint16Array.from({ length: LOG_STEPS + 1 }, (_, i) =>
  Math.round(2 ** 15 * Math.log2(1 + i / LOG_STEPS)),
);
