import { BitsmithError } from '../base/errors.ts';
import { corruptFile, type Split } from './format.ts';

/** Counts the labels of a set and refuses those that cannot be. */
export class LabelCensus {
  readonly #counts: Record<Split, Uint32Array> = { train: new Uint32Array(256), test: new Uint32Array(256) };
  /** Where each label was seen first. */
  readonly #first = new Map<number, { file: string; offset: number }>();
  readonly #limit: number | undefined;

  /** @param limit number of classes, when it is known before the first label */
  constructor(limit?: number) {
    this.#limit = limit;
  }

  /** @throws BitsmithError `corrupt` naming the file and offset of the first label out of range */
  add(split: Split, labels: Uint8Array, file: string, place: (i: number) => number): void {
    const counts = this.#counts[split];
    const limit = this.#limit ?? 256;
    for (let i = 0; i < labels.length; i++) {
      const label = labels[i]!;
      if (label >= limit) throw outOfRange(file, place(i), label, limit);
      counts[label]!++;
      if (!this.#first.has(label)) this.#first.set(label, { file, offset: place(i) });
    }
  }

  total(split: Split): number {
    return this.#counts[split].reduce((sum, count) => sum + count, 0);
  }

  counts(split: Split, classes: number): number[] {
    return Array.from(this.#counts[split].subarray(0, classes));
  }

  /**
   * The class names: those given, or else `0`, `1`, … up to the highest label.
   *
   * Without names a label is out of range when a lower one never occurs in the training part: a set that really has
   * such a gap needs its classes named.
   */
  classes(names: readonly string[] | undefined): readonly string[] {
    const highest = Math.max(...this.#first.keys());
    if (names) {
      if (highest >= names.length) {
        const { file, offset } = this.#first.get(highest)!;
        throw outOfRange(file, offset, highest, names.length);
      }
      return names;
    }
    const train = this.#counts.train;
    const gap = train.subarray(0, highest + 1).indexOf(0);
    if (gap >= 0) {
      const beyond = [...this.#first.keys()].filter((label) => label >= gap).sort((a, b) => a - b)[0]!;
      const { file, offset } = this.#first.get(beyond)!;
      const found = `label ${beyond}, although no training sample has the label ${gap}`;
      const expected = `labels without gaps from 0 up, because the classes were not named`;
      throw new BitsmithError('corrupt', `${file}, byte ${offset}: expected ${expected}; found ${found}`, {
        file,
        offset,
        expected,
        found,
      });
    }
    return Array.from({ length: highest + 1 }, (_, label) => String(label));
  }
}

function outOfRange(file: string, offset: number, label: number, classes: number): BitsmithError {
  return corruptFile(file, offset, `a label from 0 to ${classes - 1} (${classes} classes)`, `label ${label}`);
}
