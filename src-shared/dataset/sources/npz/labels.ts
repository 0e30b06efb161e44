import { BitsmithError } from '../../../base/errors.ts';
import { sortClasses } from '../../class-names.ts';
import { corruptFile } from '../../format.ts';
import type { NpyArray } from './array.ts';

/** Labels as an array has them: numbers of classes, or their names. */
export type RawLabels = { array: NpyArray; values: readonly string[] | Uint8Array };

/**
 * Labels are one integer or text for each sample, in one axis or two ([N] or [N, 1]), or one-hot rows ([N, classes]).
 *
 * @throws BitsmithError `corrupt` naming the array, the byte and what is allowed
 */
export function readLabels(array: NpyArray, count: number): RawLabels {
  const { file, shape, values } = array;
  const columns = shape.length === 2 ? shape[1]! : 1;
  if (shape[0] !== count || shape.length === 0 || shape.length > 2) {
    throw corruptFile(file, 0, `${count} labels, one for each sample`, `the shape [${shape.join(', ')}]`);
  }
  if (columns > 1) return { array, values: fromOneHot(array, count, columns) };
  if (typeof values[0] === 'string') return { array, values: values as readonly string[] };
  const numbers = values as ArrayLike<number>;
  const labels = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const label = numbers[i]!;
    if (!(Number.isInteger(label) && label >= 0 && label <= 255)) {
      throw corruptFile(file, array.place(i), 'a label from 0 to 255', String(label));
    }
    labels[i] = label;
  }
  return { array, values: labels };
}

function fromOneHot(array: NpyArray, count: number, columns: number): Uint8Array {
  const values = array.values as ArrayLike<number>;
  const labels = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    let ones = 0;
    for (let c = 0; c < columns; c++) {
      const value = values[i * columns + c]!;
      if (value === 1) [labels[i], ones] = [c, ones + 1];
      else if (value !== 0) ones = 2;
    }
    if (ones !== 1 || columns > 256) {
      throw corruptFile(array.file, array.place(i * columns), 'a row with a single 1 and else 0', `row ${i}`);
    }
  }
  return labels;
}

/**
 * The labels of both parts as bytes, with class names where they are text.
 *
 * @throws BitsmithError `invalid-input` when one part is text and the other not, or there are too many classes
 */
export function encodeLabels(parts: readonly RawLabels[]): {
  labels: Uint8Array[];
  classes: string[] | undefined;
} {
  const texts = parts.filter(({ values }) => !(values instanceof Uint8Array));
  if (texts.length === 0)
    return { labels: parts.map(({ values }) => values as Uint8Array), classes: undefined };
  const names = parts.map(({ values }) =>
    Array.from<string | number>(values as readonly string[]).map(String),
  );
  const classes = sortClasses(names.flat());
  if (classes.length > 256) {
    const file = texts[0]!.array.file;
    throw new BitsmithError(
      'invalid-input',
      `${file} has ${classes.length} different labels; at most 256 are allowed`,
    );
  }
  const code = new Map(classes.map((name, i) => [name, i]));
  return { labels: names.map((list) => Uint8Array.from(list, (name) => code.get(name)!)), classes };
}
