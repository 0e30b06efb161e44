import { BitsmithError } from '../base/errors.ts';

/**
 * A data set format is a pure reader: it says which files make up a set and in which order they are read, and turns
 * their bytes into samples. Whoever holds the files (the host) unpacks and decodes them and hands them in one by one,
 * so that a large set never has to be in memory as a whole.
 */
export interface DatasetFormat {
  readonly id: string;
  readonly title: string;
  /**
   * Chooses the files of the set among `names` (relative paths), in the order in which `open`'s reader wants them.
   *
   * @param where what was searched, for the message, e.g. `the folder /data/mnist`
   * @throws BitsmithError `not-found` naming the files that are missing and what would fit
   */
  plan(names: readonly string[], where: string): PlannedFile[];
  /** Starts to read one set. */
  open(sink: SampleSink): FormatReader;
}

export interface PlannedFile {
  name: string;
  /** How the host turns the file's bytes into the bytes that the reader gets. */
  encoding: 'plain' | 'gzip' | 'png';
  split: Split;
  part: 'images' | 'labels' | 'samples' | 'classes';
}

export type Split = 'train' | 'test';

/** A file after decoding. `raster` is there for pictures: `bytes` are then its rows, channels last. */
export interface SourceFile {
  name: string;
  bytes: Uint8Array;
  raster?: { width: number; height: number; channels: number };
}

export interface FormatReader {
  /** @throws BitsmithError `corrupt` naming the file, the byte offset and what was expected there */
  add(planned: PlannedFile, file: SourceFile): void;
  /** After the last file. Returns the class names where the files carry them. */
  finish(): readonly string[] | undefined;
}

/** Takes the samples of a split in order; images and labels may come separately. */
export interface SampleSink {
  /** @param bytes whole images, row-major, channels last */
  images(split: Split, shape: readonly [number, number, number], bytes: Uint8Array): void;
  /** @param place where in the file the i-th label of this piece stands */
  labels(split: Split, bytes: Uint8Array, file: string, place: (i: number) => number): void;
}

/** The one error of a file that is not what it should be. */
export function corruptFile(file: string, offset: number, expected: string, found: string): BitsmithError {
  return new BitsmithError('corrupt', `${file}, byte ${offset}: expected ${expected}; found ${found}`, {
    file,
    offset,
    expected,
    found,
  });
}

/** Last part of a relative path. */
export function baseName(name: string): string {
  return name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
}
