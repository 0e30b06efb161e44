import { classesOfFiles, findClassFiles, takeTurns } from '../../class-folders.ts';
import type { PlannedFile, Split } from '../../format.ts';
import { holdOut } from '../../hold-out.ts';
import type { WavOptions } from './options.ts';
import { partOfSpeaker, speakerOf } from './speaker.ts';

const WAVE = /\.wave?$/i;

/**
 * Files of the set; the classes take turns, so that any prefix of a part is balanced. Folders whose names begin with `_`
 * are passed over: Speech Commands keeps its background noise in one.
 */
export function planSounds(names: readonly string[], where: string, options: WavOptions): PlannedFile[] {
  const sounds = findClassFiles(names, WAVE).filter((sound) => !sound.class.startsWith('_'));
  const classes = classesOfFiles(sounds, where, {
    what: 'sound files',
    endings: '.wav',
    example: 'yes/1.wav and no/1.wav',
    loose: names.some((name) => WAVE.test(name)),
  });
  const labels = sounds.map((sound) => classes.indexOf(sound.class));
  const splits = splitsOf(sounds, labels, options);
  const indices = sounds.map((_, i) => i);
  return (['train', 'test'] as const).flatMap((split) =>
    takeTurns(
      indices.filter((i) => splits[i] === split),
      labels,
    ).map((i): PlannedFile => ({
      name: sounds[i]!.name,
      encoding: 'wav',
      split,
      part: 'samples',
      label: labels[i]!,
      classes,
      optional: true,
    })),
  );
}

/** As the folders say; else by speaker, where all files name one and either part gets some; else of each class its share. */
function splitsOf(
  sounds: ReturnType<typeof findClassFiles>,
  labels: readonly number[],
  options: WavOptions,
): Split[] {
  if (sounds.some(({ split }) => split !== null)) return sounds.map(({ split }) => split ?? 'train');
  const speakers = sounds.map(({ name }) => speakerOf(name));
  const bySpeaker = speakers.map((speaker): Split => (speaker === null ? 'train' : partOfSpeaker(speaker)));
  if (!speakers.includes(null) && new Set(bySpeaker).size === 2) return bySpeaker;
  const held = holdOut(labels, options.testShare, options.seed);
  return Array.from(held, (one): Split => (one ? 'test' : 'train'));
}
