import { RandomStream } from '../base/random.ts';
import type { SoundFrontEnd } from '../dataset/sound/spec.ts';

type Clip = (n: number) => number;

/** Clips on which a front end is verified: silence, extremes, tones, and noise from one bit to full scale. */
export function soundClips({ samples, sampleRate, frame }: SoundFrontEnd): Int16Array[] {
  const stream = new RandomStream(1, 'sound');
  const noise = (amplitude: number): Clip => {
    return () => Math.round(amplitude * (stream.nextUint32() / 2 ** 31 - 1));
  };
  const sweep = (from: number, to: number, amplitude: number): Clip => {
    let phase = 0;
    return (n) => {
      phase += (Math.PI * (from + ((to - from) * n) / samples)) | 0;
      // A triangle wave: integers alone, the same on every machine.
      const place = phase % (2 * sampleRate);
      return Math.round(amplitude * (1 - (2 * Math.abs(place - sampleRate)) / sampleRate));
    };
  };
  const clips: Clip[] = [
    () => 0,
    () => -32768,
    () => 32767,
    (n) => (n & 1 ? 32767 : -32768),
    (n) => ((n >> 4) & 1 ? 32767 : -32768),
    (n) => (n % frame === frame >> 1 ? -32768 : 0),
    (n) => n & 1,
    sweep(50, sampleRate / 2, 32767),
    sweep(sampleRate / 3, 100, 500),
    noise(1),
    noise(40),
    noise(3000),
    noise(32767),
    (n) => Math.trunc(((n * 7919) % 65536) - 32768) >> Math.floor((16 * n) / samples),
  ];
  return clips.map((clip) =>
    Int16Array.from({ length: samples }, (_, n) => Math.max(-32768, Math.min(32767, clip(n)))),
  );
}
