import type { InputFeature } from '../../dataset/features.ts';
import type { SoundFeatures } from '../../dataset/sound/spec.ts';
import type { IntegerGraph } from '../ir/graph.ts';
import type { PlanOptions } from '../plan/options.ts';
import type { Plan } from '../plan/types.ts';
import type { Target } from '../targets/types.ts';

/** A file of a bundle: path with forward slashes relative to the bundle's folder, and its text. */
export interface BundleFile {
  path: string;
  content: string;
}

/** Where a network comes from; goes into the manifest and the banners. */
export interface Provenance {
  /** Version of Bitsmith. */
  appVersion: string;
  run: string;
  checkpoint: string;
  checkpointSha256: string;
  configHash: string;
  dataset: string;
  datasetSha256: string;
  seed: number;
  /** Test accuracy of the run, 0 … 1, where known. */
  accuracy: number | null;
  /** Class names in label order; empty when unknown. */
  classes: readonly string[];
  /** How raw values become input bytes, one map for each channel; absent where raw values are bytes. */
  features?: readonly InputFeature[];
  /** The front end that makes input bytes of sound; absent where the input is no sound. */
  sound?: SoundFeatures;
}

/** A sample with what the reference computes for it. */
export interface GoldenVector {
  input: Uint8Array;
  logits: Int32Array;
  /** CRC-32 of each planned layer's values. */
  crcs: readonly number[];
}

/** Everything that the emitters read. */
export interface Emission {
  /** C identifier of the network, and its upper-case form for macros. */
  name: string;
  upper: string;
  graph: IntegerGraph;
  plan: Plan;
  /** With which it was planned. */
  options: PlanOptions;
  /** C identifier of every step, by step index. */
  symbols: readonly string[];
  target: Target;
  provenance: Provenance;
  golden: readonly GoldenVector[];
  /** The runtime library as it stands in `resources/runtime`. */
  runtime: readonly BundleFile[];
  /** Text of the project's licence. */
  licence: string;
}

/** What the writer of a step reads of an emission. */
export type StepContext = Pick<Emission, 'name' | 'upper' | 'plan'>;
