import { classesOfFiles, findClassFiles, takeTurns, type ClassFile } from '../../class-folders.ts';
import type { PlannedFile, Split } from '../../format.ts';
import { holdOut } from '../../hold-out.ts';
import { pictureChoice, type ImageOptions } from './options.ts';

const PICTURE = /\.(png|jpe?g)$/i;

/** The pictures of a folder, with the classes and parts that their folders say. */
export function findPictures(names: readonly string[]): ClassFile[] {
  return findClassFiles(names, PICTURE);
}

/** Files of the set; the classes take turns, so that any prefix of a part is balanced. */
export function planPictures(names: readonly string[], where: string, options: ImageOptions): PlannedFile[] {
  const pictures = findPictures(names);
  const classes = classesOfFiles(pictures, where, {
    what: 'pictures',
    endings: '.png, .jpg, .jpeg',
    example: 'cat/1.png and dog/1.png',
    loose: names.some((name) => PICTURE.test(name)),
  });
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
