import { featureBytes } from '#shared/dataset/sound/bytes.ts';
import { createFrontEnd, type FrontEnd } from '#shared/dataset/sound/front-end.ts';
import { soundShape, type SoundFeatures } from '#shared/dataset/sound/spec.ts';
import { frontEndOf, WavOptionsSchema } from '#shared/dataset/sources/wav/options.ts';
import { chirp } from './sounds.ts';

/** The front end of these options over the whole range that the fake's sounds have. */
export function fakeSound(options: unknown): { shape: [number, number, number]; sound: SoundFeatures } {
  const spec = frontEndOf(WavOptionsSchema.parse(options));
  const maps: [number, number][] =
    spec.features === 'log-mel'
      ? [[0, 30_000]]
      : Array.from({ length: spec.coefficients }, (_, i) => (i === 0 ? [0, 150_000] : [-60_000, 60_000]));
  return { shape: soundShape(spec), sound: { ...spec, maps } };
}

const frontEnds = new Map<string, FrontEnd>();

/** The bytes of one sample: a falling, a rising or a steady tone by its class, through the real front end. */
export function fakeSpectrogram(sound: SoundFeatures, label: number, key: number): Uint8Array {
  const { maps, ...spec } = sound;
  const id = JSON.stringify(spec);
  const frontEnd = frontEnds.get(id) ?? createFrontEnd(spec);
  frontEnds.set(id, frontEnd);
  const base = 300 + ((key * 37) % 200);
  const [from, to] = (
    [
      [6 * base, base],
      [base, 6 * base],
    ] as const
  )[label] ?? [3 * base, 3 * base];
  const [frames, width] = soundShape(spec);
  const bytes = new Uint8Array(frames * width);
  featureBytes(frontEnd.clip(chirp(spec.sampleRate, spec.samples, from, to, 8000)), maps, bytes);
  return bytes;
}
