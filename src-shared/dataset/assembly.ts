import { BitsmithError } from '../base/errors.ts';
import { LabelCensus } from './labels.ts';
import type { InputFeature } from './features.ts';
import type { DatasetFormat, PlannedFile, SourceFile, Split } from './format.ts';
import type { SoundFeatures } from './sound/spec.ts';

/** What is known of a set once its last file has been read. */
export interface AssembledShape {
  shape: readonly [number, number, number];
  classes: readonly string[];
  train: number;
  test: number;
  classCounts: { train: readonly number[]; test: readonly number[] };
  /** How raw values became bytes; absent where they are bytes. */
  features?: readonly InputFeature[];
  /** How sound became bytes; absent where the samples are no sound. */
  sound?: SoundFeatures;
  /** Sound of the first test samples. */
  recordings?: readonly Int16Array[];
  notes: readonly string[];
  /** Files that could not be read and were left out. */
  unreadable: readonly UnreadableFile[];
  /** What each sample comes from; null where the format does not say. */
  origins: Record<Split, readonly string[]> | null;
}

/** A file that was left out, and why. */
export interface UnreadableFile {
  name: string;
  reason: string;
}

/** Takes finished pieces; the pieces of one (split, part) come in order. */
export type PieceWriter = (split: Split, part: 'images' | 'labels', bytes: Uint8Array) => void;

export interface Assembly {
  add(planned: PlannedFile, file: SourceFile): void;
  /** Notes a file that is left out. */
  leaveOut(file: UnreadableFile): void;
  /** @throws BitsmithError `corrupt` for what only the whole shows */
  finish(): AssembledShape;
}

/**
 * Reads a set file by file and checks what every format must hold: one shape, as many labels as images in each split,
 * at least one sample in each, labels in range.
 *
 * @param classes class names, when the caller knows them; they bind the labels' range
 */
export function assemble(format: DatasetFormat, write: PieceWriter, classes?: readonly string[]): Assembly {
  const images = { train: 0, test: 0 };
  let shape: readonly [number, number, number] | undefined;
  let current = '';
  const unreadable: UnreadableFile[] = [];
  const origins = { train: [] as string[], test: [] as string[] };
  const census = new LabelCensus(classes?.length);

  const reader = format.open({
    images(split, pieceShape, bytes) {
      if (shape && shape.some((size, axis) => size !== pieceShape[axis])) {
        throw new BitsmithError(
          'corrupt',
          `${current}: expected images of ${shape.join('×')} as in the files before it; found ${pieceShape.join('×')}`,
          { file: current, expected: shape, found: pieceShape },
        );
      }
      shape = pieceShape;
      images[split] += bytes.length / (pieceShape[0] * pieceShape[1] * pieceShape[2]);
      write(split, 'images', bytes);
    },
    labels(split, bytes, file, place) {
      census.add(split, bytes, file, place);
      write(split, 'labels', bytes);
    },
    origins(split, names) {
      for (const name of names) origins[split].push(name);
    },
  });

  return {
    add(planned, file) {
      current = file.name;
      reader.add(planned, file);
    },
    leaveOut: (file) => void unreadable.push(file),
    finish() {
      const [bad] = unreadable;
      if (bad && current === '') {
        const rest = unreadable.length > 1 ? ` (and ${unreadable.length - 1} more)` : '';
        throw new BitsmithError('corrupt', `no file can be read: ${bad.reason}${rest}`, { file: bad.name });
      }
      const own = reader.finish();
      for (const split of ['train', 'test'] as const) {
        if (images[split] === 0) {
          throw new BitsmithError('corrupt', `the ${split} part of the data set has no samples`, { split });
        }
        if (images[split] !== census.total(split)) {
          throw new BitsmithError(
            'corrupt',
            `the ${split} part has ${images[split]} images and ${census.total(split)} labels; they must be equal`,
            { split },
          );
        }
      }
      const names = census.classes(classes ?? own.classes);
      return {
        shape: shape ?? [0, 0, 0],
        classes: names,
        train: images.train,
        test: images.test,
        classCounts: {
          train: census.counts('train', names.length),
          test: census.counts('test', names.length),
        },
        ...(own.features ? { features: own.features } : {}),
        ...(own.sound ? { sound: own.sound } : {}),
        ...(own.recordings ? { recordings: own.recordings } : {}),
        notes: own.notes ?? [],
        unreadable,
        origins:
          origins.train.length === images.train && origins.test.length === images.test ? origins : null,
      };
    },
  };
}
