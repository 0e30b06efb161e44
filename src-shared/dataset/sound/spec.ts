import { z } from 'zod';

export const WINDOWS = ['hann', 'hamming'] as const;
export const MEL_SCALES = ['htk', 'slaney'] as const;
export const SOUND_FEATURES = ['log-mel', 'mfcc'] as const;
export const LONGEST_FFT = 2048;
export const MOST_BANDS = 128;

/**
 * A front end from 16-bit sound to features, as numbers that decide every bit of what it computes. All lengths are in
 * samples. `README.md` of this folder has the arithmetic; `frame.ts` is its definition.
 */
export const SoundFrontEndSchema = z.strictObject({
  version: z.literal(1),
  sampleRate: z.int().min(1000).max(192_000),
  /** Of one clip: what the network sees at once. */
  samples: z.int().min(16),
  /** Length of a frame, and from the start of one to the next. */
  frame: z.int().min(16).max(LONGEST_FFT),
  hop: z.int().min(1),
  /** A power of two, not less than the frame, which is filled up with zeros. */
  fft: z.int().min(16).max(LONGEST_FFT),
  window: z.enum(WINDOWS),
  scale: z.enum(MEL_SCALES),
  bands: z.int().min(2).max(MOST_BANDS),
  /** In hertz: where the first band begins and the last one ends. */
  lowest: z.number().min(0),
  highest: z.number().positive(),
  features: z.enum(SOUND_FEATURES),
  /** Kept coefficients of the cosine transform; of log-mel features the bands. */
  coefficients: z.int().min(1).max(MOST_BANDS),
  /** Level below which a band counts as silent, in 1/1024 octaves of its energy. */
  floor: z.int().min(0).max(60_000),
});
export type SoundFrontEnd = z.output<typeof SoundFrontEndSchema>;

/** A front end with how its features become bytes: what firmware needs to be given what the network was trained on. */
export const SoundFeaturesSchema = SoundFrontEndSchema.extend({
  /** Feature that is the byte 0 and feature that is 255: one pair for all, or one for each coefficient. */
  maps: z.array(z.tuple([z.int(), z.int()])).min(1),
});
export type SoundFeatures = z.output<typeof SoundFeaturesSchema>;

/** Frames that lie wholly in a clip. */
export function framesOf({ samples, frame, hop }: Pick<SoundFrontEnd, 'samples' | 'frame' | 'hop'>): number {
  return samples < frame ? 0 : 1 + Math.floor((samples - frame) / hop);
}

/** Shape of a sample: time runs down, frequency to the right. */
export function soundShape(spec: SoundFrontEnd): [number, number, number] {
  return [framesOf(spec), spec.coefficients, 1];
}

/** Bytes of working memory: the frame's spectrum and its band levels, 32 bits each. */
export function scratchBytes({ fft, bands }: Pick<SoundFrontEnd, 'fft' | 'bands'>): number {
  return 4 * (fft + bands);
}

/** `40 log-mel bands of 30 ms every 20 ms`. */
export function soundText(spec: SoundFrontEnd): string {
  const ms = (samples: number) => `${Number(((1000 * samples) / spec.sampleRate).toFixed(1))} ms`;
  const what =
    spec.features === 'mfcc'
      ? `${spec.coefficients} MFCC of ${spec.bands} bands`
      : `${spec.bands} log-mel bands`;
  return `${what}, ${ms(spec.frame)} every ${ms(spec.hop)}, ${spec.sampleRate} Hz`;
}
