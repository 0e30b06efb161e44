import * as path from 'node:path';
import type { VerifyResult, VerifyRow, VerifySamples } from '#shared/contract/api/export.ts';
import { formatOf } from '#shared/export/formats/index.ts';
import { targetOf } from '#shared/export/targets/index.ts';
import { rowAgrees } from '#shared/verify/agreement.ts';
import type { TaskHandle } from '#main/services/task/types.ts';
import { createToolchain, type Toolchain } from '#main/toolchain/index.ts';
import { bundleSources } from './compile.ts';
import { readManifest } from './read-bundle.ts';
import { checkSampleSet, createReference, type SampleSet } from './reference.ts';
import { readRuntimeLibrary } from './runtime-library.ts';
import type { Verification } from './verification.ts';
import { verifyOnCore } from './verify-core.ts';
import { verifyOnHost } from './verify-host.ts';
import { verificationSamples } from './verify-samples.ts';
import { soundVerification } from './verify-sound.ts';
import { workBytes } from './work-bytes.ts';

export interface VerifyBundleRequest {
  bundleFolder: string;
  /** With the sound of the first of them, of a network that hears. */
  samples: SampleSet & { source?: VerifySamples['source']; recordings?: readonly Int16Array[] };
  /** Target ids of the emulated cores. */
  cores: readonly string[];
  /** Most samples for each emulated core; default 100. */
  sampleLimitPerCore?: number;
  /** Folder `resources` of the installation: start-up code for cores that the bundle was not made for. */
  resourcesFolder: string;
  toolchain?: Toolchain;
  task?: TaskHandle;
}

/**
 * Compiles and runs a bundle on the host and on emulated cores, and compares every output integer with the reference
 * interpreter of the graph in the bundle's own manifest, on test samples and on adversarial ones; every layer's integers
 * on some of both. Nothing is written into the bundle.
 *
 * A missing toolchain is a row with `ran: false` and how to get it, never a failure. `passed`: it ran on the host or on
 * a core, and wherever it ran everything agreed.
 *
 * @throws BitsmithError `not-found` or `corrupt` for what is no bundle, `invalid-input` for wrong samples or an unknown
 *   core, `job-failed` when the bundle does not compile or crashes, `cancelled`
 */
export async function verifyBundle(request: VerifyBundleRequest): Promise<VerifyResult> {
  const { task, cores, toolchain = createToolchain(), sampleLimitPerCore = 100 } = request;
  const folder = path.resolve(request.bundleFolder);
  const manifest = readManifest(folder);
  cores.forEach((core) => targetOf(core));
  checkSampleSet(request.samples, manifest.graph);
  const places = 1 + cores.length;
  let done = 0;
  const report = (share: number, message: string) => task?.report((done + share) / places, message);
  report(0.02, 'searching for inputs that hit thresholds exactly');
  const samples = await verificationSamples(manifest.graph, request.samples, task?.signal);
  const { sound } = manifest.provenance;
  const work: Verification = {
    bundle: bundleSources(folder, manifest.identifier, formatOf(manifest.format).layout),
    graph: manifest.graph,
    layers: manifest.layers.map((layer) => layer.id),
    arenaBytes: workBytes(manifest),
    ...(sound ? { sound: soundVerification(sound, request.samples, request.samples.recordings) } : {}),
    samples,
    reference: createReference(manifest.graph, samples, { signal: task?.signal }),
    runtime: readRuntimeLibrary(request.resourcesFolder),
    toolchain,
    signal: task?.signal,
    report,
  };
  const host = await verifyOnHost(work);
  const rows: VerifyRow[] = [];
  for (const core of cores) {
    done++;
    rows.push(await verifyOnCore(work, core, sampleLimitPerCore));
  }
  const ran = [host, ...rows].filter((row) => row.ran);
  const passed = ran.length > 0 && ran.every(rowAgrees);
  task?.report(
    1,
    passed ? 'every integer agrees' : ran.length === 0 ? 'nothing could run here' : 'there are differences',
  );
  return { bundle: folder, passed, samples: samples.facts, host, cores: rows };
}
