import type { InputFeature } from './features.ts';
import type { SoundFeatures } from './sound/spec.ts';

/** What a data set is, once it is installed in the data folder. */
export interface DatasetInfo {
  /** Unique name, kebab case. */
  name: string;
  title: string;
  /** [height, width, channels]; samples are bytes 0 … 255, row-major, channels last. */
  shape: readonly [number, number, number];
  /** Class names in label order. */
  classes: readonly string[];
  /** Number of training and test samples. */
  train: number;
  test: number;
  /** Where it came from: a catalogue id or the kind of import. */
  source: string;
  licence?: string;
  /** SHA-256 over the normalised arrays (train images, train labels, test images, test labels), hex. */
  sha256: string;
  /** Mean and standard deviation per channel of the training images, in bytes (0 … 255). */
  mean: readonly number[];
  standardDeviation: readonly number[];
  /** Samples per class. */
  classCounts: { train: readonly number[]; test: readonly number[] };
  /** How raw values became bytes, one for each channel; absent where the bytes are the raw values. */
  features?: readonly InputFeature[];
  /** How sound became bytes, exported with the firmware; absent where the samples are no sound. */
  sound?: SoundFeatures;
  /** How an import was made: what was chosen, what a person should know, how many files were left out. */
  imported?: { options: Readonly<Record<string, unknown>>; notes: readonly string[]; unreadable: number };
  installedAt: string;
}

/** A set of samples in memory. `images` has count · h · w · c bytes; `labels` one byte each. */
export interface Samples {
  count: number;
  shape: readonly [number, number, number];
  images: Uint8Array;
  labels: Uint8Array;
}

/** A parsed file or folder before it is installed. */
export interface ParsedDataset {
  classes: readonly string[];
  train: Samples;
  test: Samples;
}

/** x = (p − zero[c]) · scale with integer zero points and one scale for all channels: foldable into integers exactly. */
export interface Normalization {
  zero: readonly number[];
  scale: number;
}
