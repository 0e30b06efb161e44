import { BitsmithError } from '../../../base/errors.ts';
import type { FormatFacts, FormatReader, SampleSink, SourceSound, Split } from '../../format.ts';
import { configurable } from '../../options.ts';
import { featureBytes, soundMap } from '../../sound/bytes.ts';
import { createFrontEnd } from '../../sound/front-end.ts';
import { canResample, resample } from '../../sound/resample.ts';
import { soundShape, type SoundFrontEnd } from '../../sound/spec.ts';
import { frontEndOf, WavOptionsSchema, type WavOptions } from './options.ts';
import { planSounds } from './plan.ts';
import { speakerOf } from './speaker.ts';

/**
 * Sound as WAV files in one folder for each class. A clip becomes log-mel bands or MFCC by the fixed-point front end of
 * `dataset/sound`, which is exported with the firmware; a sample is [frames, features, 1]: time runs down. Features become
 * bytes by the range that they have in the training part.
 */
export const wav = configurable({
  id: 'wav',
  title: 'Folders of sound (WAV), one for each class',
  options: WavOptionsSchema,
  plan(names, where, options) {
    frontEndOf(options);
    return planSounds(names, where, options);
  },
  open,
});

/** Features wait in memory until the range of the training part is known. */
const HELD_BYTES = 2 ** 31;
/** Test clips whose sound is kept beside the set. */
const RECORDINGS = 8;

interface Clip {
  features: Uint16Array | Int32Array;
  split: Split;
  label: number;
  origin: string;
}

function open(sink: SampleSink, options: WavOptions): FormatReader {
  const spec = frontEndOf(options);
  const frontEnd = createFrontEnd(spec);
  const clips: Clip[] = [];
  const seen: Seen = { resampled: new Map(), short: 0, long: 0, mixed: 0, speakers: new Set(), named: true };
  let classes: readonly string[] | undefined;
  const recordings: Int16Array[] = [];
  let held = 0;
  return {
    add(planned, { name, sound }) {
      classes ??= planned.classes;
      const { label, split } = planned;
      if (!sound || label === undefined) {
        throw new BitsmithError('internal', `${name} was not decoded as sound of a class`);
      }
      const speaker = speakerOf(name);
      if (speaker === null) seen.named = false;
      else seen.speakers.add(`${split} ${speaker}`);
      const pcm = atRate(name, sound, spec.sampleRate, seen);
      if (sound.channels > 1) seen.mixed++;
      if (pcm.length < spec.samples) seen.short++;
      if (pcm.length > spec.samples) seen.long++;
      for (const { clip, from } of clipsOf(pcm, spec.samples, options.longer)) {
        const features = frontEnd.clip(clip);
        // Levels are less than 2¹⁶, coefficients are not.
        const kept = spec.features === 'log-mel' ? Uint16Array.from(features) : features;
        held += kept.byteLength;
        if (held > HELD_BYTES) throw tooLarge();
        const place = options.longer === 'pieces' ? `, from ${(from / spec.sampleRate).toFixed(2)} s` : '';
        if (split === 'test' && recordings.length < RECORDINGS) recordings.push(clip.slice());
        clips.push({ features: kept, split, label, origin: `${name}${place}` });
      }
    },
    finish: () => ({ ...finish(sink, spec, clips, classes, notesOf(seen, spec, options)), recordings }),
  };
}

function finish(
  sink: SampleSink,
  spec: SoundFrontEnd,
  clips: readonly Clip[],
  classes: readonly string[] | undefined,
  notes: string[],
): FormatFacts {
  const maps = mapsOf(
    spec,
    clips.filter(({ split }) => split === 'train').map(({ features }) => features),
  );
  const shape = soundShape(spec);
  let clamped = 0;
  for (const { features, split, label, origin } of clips) {
    const bytes = new Uint8Array(features.length);
    featureBytes(features, maps, bytes);
    if (split === 'test') {
      for (let i = 0; i < features.length; i++) {
        const [low, high] = maps[i % maps.length]!;
        if (features[i]! < low || features[i]! > high) clamped++;
      }
    }
    sink.images(split, shape, bytes);
    sink.labels(split, Uint8Array.of(label), origin, () => 0);
    sink.origins?.(split, [origin]);
  }
  if (clamped > 0) {
    notes.push(
      `${clamped} test features lie outside the range of the training part and become its nearest end.`,
    );
  }
  return { classes, sound: { ...spec, maps }, notes };
}

/** From the least to the greatest training feature: of all bands together, of each coefficient by itself. */
function mapsOf(spec: SoundFrontEnd, train: readonly Clip['features'][]): [number, number][] {
  const count = spec.features === 'mfcc' ? spec.coefficients : 1;
  const least = new Array<number>(count).fill(Infinity);
  const greatest = new Array<number>(count).fill(-Infinity);
  for (const features of train) {
    for (let i = 0; i < features.length; i++) {
      const [c, value] = [i % count, features[i]!];
      if (value < least[c]!) least[c] = value;
      if (value > greatest[c]!) greatest[c] = value;
    }
  }
  return least.map((low, c) => (low === Infinity ? [0, 1] : soundMap(low, greatest[c]!)));
}

/** The clips of a recording; one that is too short ends in silence. */
export function clipsOf(
  pcm: Int16Array,
  samples: number,
  longer: WavOptions['longer'],
): { clip: Int16Array; from: number }[] {
  if (pcm.length < samples) {
    const clip = new Int16Array(samples);
    clip.set(pcm);
    return [{ clip, from: 0 }];
  }
  const at = (from: number) => ({ clip: pcm.subarray(from, from + samples), from });
  if (longer === 'pieces') {
    return Array.from({ length: Math.floor(pcm.length / samples) }, (_, i) => at(i * samples));
  }
  return [at(longer === 'centre' ? (pcm.length - samples) >> 1 : 0)];
}

interface Seen {
  resampled: Map<number, number>;
  short: number;
  long: number;
  mixed: number;
  speakers: Set<string>;
  /** Every file names its speaker. */
  named: boolean;
}

function atRate(name: string, { pcm, rate }: SourceSound, wanted: number, seen: Seen): Int16Array {
  if (rate === wanted) return pcm;
  if (!canResample(rate, wanted)) {
    throw new BitsmithError('invalid-input', `${name} has ${rate} Hz, which is too far from ${wanted} Hz`, {
      option: 'sampleRate',
    });
  }
  seen.resampled.set(rate, (seen.resampled.get(rate) ?? 0) + 1);
  return resample(pcm, rate, wanted);
}

function notesOf(seen: Seen, spec: SoundFrontEnd, { longer, length }: WavOptions): string[] {
  const notes = [...seen.resampled].map(
    ([rate, files]) => `${files} files were resampled from ${rate} Hz to ${spec.sampleRate} Hz.`,
  );
  if (seen.short > 0) notes.push(`${seen.short} files are shorter than ${length} s and end in silence.`);
  const what = { start: 'cut to their start', centre: 'cut to their middle', pieces: 'cut into pieces' }[
    longer
  ];
  if (seen.long > 0) notes.push(`${seen.long} files are longer than ${length} s and were ${what}.`);
  if (seen.mixed > 0) notes.push(`${seen.mixed} files have several channels, which were averaged.`);
  const speakers = new Set([...seen.speakers].map((one) => one.slice(one.indexOf(' ') + 1)));
  if (seen.named && speakers.size > 1 && speakers.size === seen.speakers.size) {
    notes.push(`The files name ${speakers.size} speakers; none of them is in both parts.`);
  }
  return notes;
}

function tooLarge(): BitsmithError {
  return new BitsmithError(
    'invalid-input',
    'the features take more than 2 GiB: choose fewer bands, a longer hop or a shorter clip',
    { option: 'hop' },
  );
}
