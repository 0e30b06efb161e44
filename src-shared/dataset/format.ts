import type { z } from 'zod';
import { BitsmithError } from '../base/errors.ts';
import type { Delimiter } from './delimiter.ts';
import type { InputFeature } from './features.ts';
import type { PictureChoice } from './pictures.ts';
import type { SoundFeatures } from './sound/spec.ts';

/**
 * A data set format is a pure reader: it says which files make up a set and in which order they are read, and turns
 * their bytes into samples. Whoever holds the files (the host) unpacks and decodes them and hands them in one by one,
 * so that a large set never has to be in memory as a whole.
 */
export interface DatasetFormat {
  readonly id: string;
  readonly title: string;
  /** What a person may choose about the reading, as a schema with defaults; absent: nothing. */
  readonly options?: z.ZodType;
  /**
   * The same format with other choices; absent where there are none.
   *
   * @throws BitsmithError `invalid-input` naming the option, its value and what is allowed
   */
  configure?(options: unknown): DatasetFormat;
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
  encoding: Encoding;
  split: Split;
  part: 'images' | 'labels' | 'samples' | 'classes';
  /** Of a file that holds one sample. */
  label?: number;
  /** Class names in label order, where the names of the files say them. */
  classes?: readonly string[];
  /** How a `picture` becomes pixels. */
  picture?: PictureChoice;
  /** What separates the cells of a `csv`; absent: the host guesses with `guessDelimiter`. */
  delimiter?: Delimiter;
  /** The files say themselves what is for training and what for the test. */
  divided?: true;
  /** A damaged file is left out and listed instead of ending the import. */
  optional?: true;
}

/**
 * `png` keeps the rows of a picture as they are; `picture` is any PNG or JPEG, turned upright and brought to a size; `csv`
 * comes as records, in pieces; `npz` as its members; `wav` as one channel of 16-bit samples.
 */
export const ENCODINGS = ['plain', 'gzip', 'png', 'picture', 'csv', 'npz', 'wav'] as const;
export type Encoding = (typeof ENCODINGS)[number];

export type Split = 'train' | 'test';

/** A file after decoding. `raster` is there for pictures: `bytes` are then its rows, channels last. */
export interface SourceFile {
  name: string;
  bytes: Uint8Array;
  raster?: { width: number; height: number; channels: number };
  /** The next records of a table; `bytes` is then empty. `lines` are their line numbers, from 1. */
  table?: { records: readonly (readonly string[])[]; lines: readonly number[]; last: boolean };
  /** The members of an archive by name; `bytes` is then empty. */
  members?: ReadonlyMap<string, Uint8Array>;
  /** The sound of a recording; `bytes` is then empty. */
  sound?: SourceSound;
}

/** A recording, its channels averaged to one. */
export interface SourceSound {
  /** Samples in a second. */
  rate: number;
  pcm: Int16Array;
  /** Of the file. */
  channels: number;
  bits: number;
}

export interface FormatReader {
  /** @throws BitsmithError `corrupt` naming the file, the byte offset and what was expected there */
  add(planned: PlannedFile, file: SourceFile): void;
  /** After the last file. @throws BitsmithError `corrupt`, `invalid-input` for what only the whole shows */
  finish(): FormatFacts;
}

/** What a set's files say beside the samples. */
export interface FormatFacts {
  /** Class names in label order, where the files carry them. */
  classes?: readonly string[] | undefined;
  /** How raw values became bytes, one for each channel; absent where the bytes are the raw values. */
  features?: readonly InputFeature[];
  /** How sound became bytes; absent where the samples are no sound. */
  sound?: SoundFeatures;
  /** Sound of the first test samples, of the length of a clip each. */
  recordings?: readonly Int16Array[];
  /** What a person should know about the reading, a sentence each. */
  notes?: readonly string[];
}

/** Takes the samples of a split in order; images and labels may come separately. */
export interface SampleSink {
  /** @param bytes whole images, row-major, channels last */
  images(split: Split, shape: readonly [number, number, number], bytes: Uint8Array): void;
  /** @param place where in the file the i-th label of this piece stands */
  labels(split: Split, bytes: Uint8Array, file: string, place: (i: number) => number): void;
  /** What the samples of a split come from, in order: a file, or a place in one. All of a set or none. */
  origins?(split: Split, names: readonly string[]): void;
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
