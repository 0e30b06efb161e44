import { BitsmithError } from '../../../base/errors.ts';
import { sortClasses } from '../../class-names.ts';
import type { PlannedFile, Split } from '../../format.ts';
import { holdOut } from '../../hold-out.ts';
import { pictureChoice, type ImageOptions } from './options.ts';

export interface Picture {
  name: string;
  class: string;
  /** Null: the folders do not say. */
  split: Split | null;
}

const PICTURE = /\.(png|jpe?g)$/i;
/** A run draws its own validation part, so one that comes with the files is trained on where there is a test part too. */
const PARTS: Record<string, 'train' | 'test' | 'validation'> = {
  train: 'train',
  training: 'train',
  test: 'test',
  testing: 'test',
  val: 'validation',
  valid: 'validation',
  validation: 'validation',
};

/**
 * The pictures of a folder: `<class>/…/<file>`, or `train/<class>/…` and `test/<class>/…`. Folders around all of them say
 * nothing and are passed over. Beside `train` and `test` other folders are.
 */
export function findPictures(names: readonly string[]): Picture[] {
  const paths = names
    .filter((name) => PICTURE.test(name))
    .map((name) => ({ name, folders: name.split('/').slice(0, -1) }));
  let depth = 0;
  while (paths.length > 0 && isWrapper(paths.map((one) => one.folders[depth]))) depth++;
  const inFolders = paths.filter((one) => one.folders.length > depth);
  const partOf = ({ folders }: { folders: readonly string[] }) => PARTS[folders[depth]!.toLowerCase()];
  const parts = new Set(inFolders.map(partOf));
  const toTest = parts.has('test') ? 'test' : 'validation';
  const divided = parts.has('train') && (parts.has(toTest) || parts.size === 1);
  return inFolders.flatMap((one): Picture[] => {
    if (!divided) return [{ name: one.name, class: one.folders[depth]!, split: null }];
    const [part, label] = [partOf(one), one.folders[depth + 1]];
    if (part === undefined || label === undefined) return [];
    const split = parts.size === 1 ? null : part === toTest ? 'test' : 'train';
    return [{ name: one.name, class: label, split }];
  });
}

function isWrapper(first: readonly (string | undefined)[]): boolean {
  const [one] = first;
  return one !== undefined && !(one.toLowerCase() in PARTS) && first.every((folder) => folder === one);
}

/** The classes of pictures, in label order. */
export function pictureClasses(pictures: readonly Picture[]): string[] {
  return sortClasses(pictures.map((picture) => picture.class));
}

/** Files of the set; the classes take turns, so that any prefix of a part is balanced. */
export function planPictures(names: readonly string[], where: string, options: ImageOptions): PlannedFile[] {
  const pictures = findPictures(names);
  const classes = pictureClasses(pictures);
  if (pictures.length === 0) {
    const loose = names.some((name) => PICTURE.test(name));
    throw new BitsmithError(
      'not-found',
      loose
        ? `${where} has pictures, but not in one folder for each class, e.g. cat/1.png and dog/1.png`
        : `${where} has no pictures (.png, .jpg, .jpeg) in one folder for each class`,
    );
  }
  if (classes.length < 2 || classes.length > 256) {
    const found = `${classes.length} ${classes.length === 1 ? `folder, ${classes[0]}` : 'folders'}`;
    throw new BitsmithError(
      'not-found',
      `${where} has the pictures of ${found}; a data set has 2 to 256 classes, one folder each`,
    );
  }
  const labels = pictures.map((picture) => classes.indexOf(picture.class));
  const held = pictures.some(({ split }) => split !== null)
    ? null
    : holdOut(labels, options.testShare, options.seed);
  const splitOf = (i: number): Split =>
    held ? (held[i] ? 'test' : 'train') : (pictures[i]?.split ?? 'train');
  const picture = pictureChoice(options);
  const indices = pictures.map((_, i) => i);
  return (['train', 'test'] as const).flatMap((split) =>
    takeTurns(
      indices.filter((i) => splitOf(i) === split),
      labels,
    ).map((i): PlannedFile => ({
      name: pictures[i]!.name,
      encoding: 'picture',
      split,
      part: 'samples',
      label: labels[i]!,
      classes,
      picture,
      optional: true,
    })),
  );
}

/** The items such that the classes take turns: the first of each, then the second of each, … */
function takeTurns(items: readonly number[], labels: readonly number[]): number[] {
  const seen = new Map<number, number>();
  const turns = items.map((item) => {
    const turn = seen.get(labels[item]!) ?? 0;
    seen.set(labels[item]!, turn + 1);
    return { item, turn, label: labels[item]! };
  });
  return turns.sort((a, b) => a.turn - b.turn || a.label - b.label).map(({ item }) => item);
}
