import { BitsmithError } from '../base/errors.ts';
import { sortClasses } from './class-names.ts';
import type { Split } from './format.ts';

/** A file of one sample or more, in the folder of its class. */
export interface ClassFile {
  name: string;
  class: string;
  /** Null: the folders do not say. */
  split: Split | null;
}

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
 * The files of a folder: `<class>/…/<file>`, or `train/<class>/…` and `test/<class>/…`. Folders around all of them say
 * nothing and are passed over. Beside `train` and `test` other folders are.
 *
 * @param pattern which files count
 */
export function findClassFiles(names: readonly string[], pattern: RegExp): ClassFile[] {
  const paths = names
    .filter((name) => pattern.test(name))
    .map((name) => ({ name, folders: name.split('/').slice(0, -1) }));
  let depth = 0;
  while (paths.length > 0 && isWrapper(paths.map((one) => one.folders[depth]))) depth++;
  const inFolders = paths.filter((one) => one.folders.length > depth);
  const partOf = ({ folders }: { folders: readonly string[] }) => PARTS[folders[depth]!.toLowerCase()];
  const parts = new Set(inFolders.map(partOf));
  const toTest = parts.has('test') ? 'test' : 'validation';
  const divided = parts.has('train') && (parts.has(toTest) || parts.size === 1);
  return inFolders.flatMap((one): ClassFile[] => {
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

/**
 * The classes of files, in label order.
 *
 * @param what e.g. `pictures`, for the message
 * @throws BitsmithError `not-found` when there is no file, or the classes are none or too many
 */
export function classesOfFiles(
  files: readonly ClassFile[],
  where: string,
  kind: { what: string; endings: string; example: string; loose: boolean },
): string[] {
  const { what, endings, example, loose } = kind;
  if (files.length === 0) {
    throw new BitsmithError(
      'not-found',
      loose
        ? `${where} has ${what}, but not in one folder for each class, e.g. ${example}`
        : `${where} has no ${what} (${endings}) in one folder for each class`,
    );
  }
  const classes = sortClasses(files.map((file) => file.class));
  if (classes.length < 2 || classes.length > 256) {
    const found = `${classes.length} ${classes.length === 1 ? `folder, ${classes[0]}` : 'folders'}`;
    throw new BitsmithError(
      'not-found',
      `${where} has the ${what} of ${found}; a data set has 2 to 256 classes, one folder each`,
    );
  }
  return classes;
}

/** The items such that the classes take turns: the first of each, then the second of each, … */
export function takeTurns(items: readonly number[], labels: readonly number[]): number[] {
  const seen = new Map<number, number>();
  const turns = items.map((item) => {
    const turn = seen.get(labels[item]!) ?? 0;
    seen.set(labels[item]!, turn + 1);
    return { item, turn, label: labels[item]! };
  });
  return turns.sort((a, b) => a.turn - b.turn || a.label - b.label).map(({ item }) => item);
}
