import type { VerifyRow } from '#shared/contract/api/export.ts';
import type { BundleFile } from '#shared/export/emit/types.ts';
import type { IntegerGraph } from '#shared/export/ir/graph.ts';
import type { Toolchain } from '#main/toolchain/index.ts';
import type { BundleSources } from './compile.ts';
import type { Reference } from './reference.ts';
import type { VerificationSamples } from './verify-samples.ts';
import type { SoundVerification } from './verify-sound.ts';

/** What every place where a bundle is verified works with. */
export interface Verification {
  bundle: BundleSources;
  graph: IntegerGraph;
  /** Ids of the observed layers, in order. */
  layers: readonly string[];
  arenaBytes: number;
  /** Of a network that hears. */
  sound?: SoundVerification;
  samples: VerificationSamples;
  reference: Reference;
  runtime: readonly BundleFile[];
  toolchain: Toolchain;
  signal?: AbortSignal | undefined;
  /** @param share 0 … 1 of this place's work */
  report(share: number, message: string): void;
}

/** The row of a place where nothing could run. Never a failure. */
export function missing(
  core: string,
  runner: string,
  remedies: readonly string[],
  reason?: string,
): VerifyRow {
  return {
    core,
    runner,
    ran: false,
    reason: reason ?? notInstalled(runner, remedies),
    matched: 0,
    total: 0,
    firstMismatch: null,
    accuracy: null,
    instructionsPerInference: null,
    layers: [],
    flashBytes: null,
    ramBytes: null,
  };
}

export function notInstalled(programs: string, remedies: readonly string[]): string {
  return `${programs} is not installed here; ${remedies.join(' and ')}`;
}
