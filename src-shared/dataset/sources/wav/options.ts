import { z } from 'zod';
import { BitsmithError } from '../../../base/errors.ts';
import { floorOf } from '../../sound/front-end.ts';
import { emptyBand, melBank } from '../../sound/mel.ts';
import { heldOut } from '../../options.ts';
import {
  framesOf,
  LONGEST_FFT,
  MEL_SCALES,
  MOST_BANDS,
  SOUND_FEATURES,
  WINDOWS,
  type SoundFrontEnd,
} from '../../sound/spec.ts';

export const WavOptionsSchema = z.strictObject({
  features: z.enum(SOUND_FEATURES).default('log-mel').meta({
    title: 'Features',
    description: 'Levels of mel bands, or their cosine transform (MFCC)',
  }),
  sampleRate: z.int().min(4000).max(96_000).default(16_000).meta({
    title: 'Sample rate',
    unit: 'Hz',
    description: 'Of the microphone in the device; files at another rate are resampled by the import',
  }),
  length: z
    .number()
    .min(0.05)
    .max(30)
    .default(1)
    .meta({ title: 'Clip', unit: 's', description: 'What the network hears at once' }),
  longer: z.enum(['start', 'centre', 'pieces']).default('start').meta({
    title: 'Longer files',
    description:
      'Keep the start, the middle, or every whole clip as a sample of its own; shorter ones end in silence',
  }),
  frame: z.number().min(1).max(500).default(30).meta({ title: 'Frame', unit: 'ms' }),
  hop: z
    .number()
    .min(0.5)
    .max(1000)
    .default(20)
    .meta({ title: 'Hop', unit: 'ms', description: 'From the start of a frame to that of the next' }),
  bands: z.int().min(2).max(MOST_BANDS).default(40).meta({ title: 'Mel bands' }),
  coefficients: z
    .int()
    .min(1)
    .max(MOST_BANDS)
    .default(10)
    .meta({ title: 'Coefficients', description: 'Of MFCC: the first so many' }),
  lowest: z.number().min(0).max(48_000).default(20).meta({ title: 'Lowest frequency', unit: 'Hz' }),
  highest: z
    .number()
    .positive()
    .max(48_000)
    .optional()
    .meta({ title: 'Highest frequency', unit: 'Hz', absent: 'half the sample rate' }),
  floor: z.number().min(-120).max(-20).default(-90).meta({
    title: 'Silence below',
    unit: 'dB',
    description: 'Counted from a full-scale sine; what is weaker in a band is the same as nothing',
  }),
  window: z.enum(WINDOWS).default('hann').meta({ title: 'Window' }),
  scale: z.enum(MEL_SCALES).default('htk').meta({ title: 'Mel scale' }),
  ...heldOut,
});
export type WavOptions = z.output<typeof WavOptionsSchema>;

/**
 * The front end of these choices.
 *
 * @throws BitsmithError `invalid-input` naming the option that does not fit the others
 */
export function frontEndOf(options: WavOptions): SoundFrontEnd {
  const { sampleRate, features, bands, window, scale, lowest } = options;
  const samplesOf = (milliseconds: number) => Math.round((milliseconds * sampleRate) / 1000);
  const [samples, frame, hop] = [
    samplesOf(1000 * options.length),
    samplesOf(options.frame),
    Math.max(1, samplesOf(options.hop)),
  ];
  const highest = options.highest ?? sampleRate / 2;
  const fft = Math.max(16, 2 ** Math.ceil(Math.log2(frame)));
  const wrong = (option: keyof WavOptions, message: string) =>
    new BitsmithError('invalid-input', `${option}: ${message}`, { option });
  if (frame < 16 || fft > LONGEST_FFT) {
    throw wrong(
      'frame',
      `${options.frame} ms at ${sampleRate} Hz are ${frame} samples; 16 to ${LONGEST_FFT} are allowed`,
    );
  }
  if (framesOf({ samples, frame, hop }) < 1) {
    throw wrong('length', `a clip of ${samples} samples is shorter than a frame of ${frame}`);
  }
  if (highest > sampleRate / 2) {
    throw wrong('highest', `${highest} Hz is more than half the sample rate, ${sampleRate / 2} Hz`);
  }
  if (lowest >= highest)
    throw wrong('lowest', `${lowest} Hz is not below the highest frequency, ${highest} Hz`);
  if (features === 'mfcc' && options.coefficients > bands) {
    throw wrong('coefficients', `${options.coefficients} are more than the ${bands} mel bands`);
  }
  const bank = { bands, lowest, highest, scale, sampleRate, fft };
  const empty = emptyBand(melBank(bank));
  if (empty >= 0) {
    throw wrong(
      'bands',
      `band ${empty + 1} of ${bands} is narrower than the ${(sampleRate / fft).toFixed(1)} Hz between the bins: choose fewer bands or a longer frame`,
    );
  }
  return {
    version: 1,
    samples,
    frame,
    hop,
    window,
    features,
    ...bank,
    coefficients: features === 'mfcc' ? options.coefficients : bands,
    floor: floorOf({ window, frame, fft }, options.floor),
  };
}
