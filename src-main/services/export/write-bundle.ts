import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { BitsmithError } from '#shared/base/errors.ts';
import type { Bundle, BundlePlan } from '#shared/contract/api/export.ts';
import { emitBundle, type EmittedBundle } from '#shared/export/emit/bundle.ts';
import type { BundleFile, Provenance } from '#shared/export/emit/types.ts';
import { formatOf } from '#shared/export/formats/index.ts';
import type { Format } from '#shared/export/formats/types.ts';
import { elementsOf } from '#shared/export/ir/graph.ts';
import { lowerWithFacts } from '#shared/export/passes/lower.ts';
import { targetOf } from '#shared/export/targets/index.ts';
import type { Target } from '#shared/export/targets/types.ts';
import type { TrainedGraph } from '#shared/export/trained-graph.ts';
import { guardFiles, sha256 } from '#main/platform/files.ts';
import type { TaskHandle } from '#main/services/task/types.ts';
import { createToolchain, type Toolchain } from '#main/toolchain/index.ts';
import { bundleSources } from './compile.ts';
import { measureBundle } from './measure.ts';
import { readRuntimeLibrary } from './runtime-library.ts';
import { withScratchFolder } from './scratch-folder.ts';
import { workBytes } from './work-bytes.ts';

export interface WriteBundleRequest {
  graph: TrainedGraph;
  target: Bundle['target'];
  format: Bundle['format'];
  /** How kernels and packings are chosen; absent: balanced. */
  options?: Bundle['options'];
  /** Folder to write; must not exist. */
  out: string;
  provenance: Provenance;
  /** Samples for the self test, at least one; 4 to 16 are sensible. */
  goldenSamples: readonly Uint8Array[];
  /** Folder `resources` of the installation. */
  resourcesFolder: string;
  /** Text of the project's licence. */
  licence: string;
  toolchain?: Toolchain;
  task?: TaskHandle;
}

/** Everything of a `Bundle` that follows from its content. */
export type BundleFacts = Pick<
  Bundle,
  | 'target'
  | 'format'
  | 'path'
  | 'files'
  | 'flashBytes'
  | 'ramBytes'
  | 'weightBytes'
  | 'arenaBytes'
  | 'layers'
  | 'options'
>;

/**
 * Writes a firmware bundle: lowers the network, emits the files, writes them to a temporary folder beside `out`,
 * measures them by linking for the target where its compiler is installed, and renames the folder. Whatever fails,
 * nothing of it is left.
 *
 * @throws BitsmithError `conflict` when `out` exists, `unsupported` naming the layer that cannot be lowered,
 *   `invalid-input` for samples of the wrong size, `io` when the folder cannot be written, `job-failed` when the bundle
 *   does not fit the target's board, `cancelled`
 */
export async function writeBundle(request: WriteBundleRequest): Promise<BundleFacts> {
  const { task } = request;
  const out = path.resolve(request.out);
  refuseExisting(out);
  const prepared = prepare(request);
  const { bundle, target, format } = prepared;
  const temporary = path.join(
    path.dirname(out),
    `.${path.basename(out)}.${randomBytes(4).toString('hex')}.tmp`,
  );
  try {
    makeFolder(temporary);
    const { files, sizes } = await finish(prepared, request);
    if (task?.signal.aborted) throw new BitsmithError('cancelled', 'the export was cancelled');
    writeFiles(temporary, files);
    refuseExisting(out);
    guardFiles(`cannot write the bundle ${out}`, () => fs.renameSync(temporary, out));
    return {
      target: target.id,
      format: format.id,
      path: out,
      files: files.map((file) => file.path),
      ...sizes,
      weightBytes: bundle.weightBytes,
      arenaBytes: bundle.arenaBytes,
      layers: bundle.layers,
      options: bundle.options,
    };
  } catch (error) {
    fs.rmSync(temporary, { recursive: true, force: true });
    throw error;
  }
}

/**
 * What `writeBundle` would write, with its sizes: everything but the bundle's folder.
 *
 * @throws BitsmithError as `writeBundle`, besides what concerns the folder
 */
export async function planBundle(
  request: Omit<WriteBundleRequest, 'out'>,
): Promise<Omit<BundlePlan, 'run' | 'checkpoint'>> {
  const prepared = prepare(request);
  const { bundle, target, format } = prepared;
  const { files, sizes } = await finish(prepared, request);
  if (request.task?.signal.aborted) throw new BitsmithError('cancelled', 'the export was cancelled');
  return {
    name: bundle.name,
    target: target.id,
    format: format.id,
    files: files.map((file) => ({ path: file.path, bytes: Buffer.byteLength(file.content) })),
    ...sizes,
    weightBytes: bundle.weightBytes,
    arenaBytes: bundle.arenaBytes,
    layers: bundle.layers.map((layer, index) => ({ ...layer, tableBytes: bundle.tableBytes[index] ?? 0 })),
    arena: bundle.arena,
    options: bundle.options,
  };
}

interface Prepared {
  bundle: EmittedBundle;
  target: Target;
  format: Format;
  runtime: readonly BundleFile[];
}

/** Everything that comes before the disk. */
function prepare(request: Omit<WriteBundleRequest, 'out'>): Prepared {
  const { task } = request;
  const target = targetOf(request.target);
  const format = formatOf(request.format);
  task?.report(0.05, 'lowering the network to integers');
  const { graph, deadChannels } = lowerWithFacts(request.graph);
  checkSamples(request.goldenSamples, elementsOf(graph.input.shape));
  const runtime = readRuntimeLibrary(request.resourcesFolder);
  task?.report(0.3, 'writing the sources');
  const bundle = emitBundle({
    graph,
    target,
    format,
    provenance: request.provenance,
    goldenSamples: request.goldenSamples,
    runtime,
    licence: request.licence,
    sha256,
    deadChannels,
    ...(request.options ? { plan: request.options } : {}),
  });
  return { bundle, target, format, runtime };
}

/**
 * All files of the bundle, with what the linker says of it: compiled in a temporary folder; where the target's compiler
 * is not installed, with planned numbers and how to get it.
 */
async function finish(
  { bundle, target, format, runtime }: Prepared,
  { task, provenance, toolchain = createToolchain() }: Omit<WriteBundleRequest, 'out'>,
): Promise<{ files: BundleFile[]; sizes: Pick<Bundle, 'flashBytes' | 'ramBytes'> }> {
  task?.report(0.6, `linking for ${target.title}`);
  const measured = await withScratchFolder((folder) => {
    writeFiles(folder, bundle.files);
    const work = workBytes({ arenaBytes: bundle.arenaBytes, provenance });
    return measureBundle(bundleSources(folder, bundle.name, format.layout), target, work, {
      toolchain,
      runtime,
      signal: task?.signal,
    });
  });
  const { remedy } = await toolchain.find(target.compiler);
  return {
    files: bundle.finish(measured, remedy),
    sizes: { flashBytes: measured?.flashBytes ?? null, ramBytes: measured?.ramBytes ?? null },
  };
}

function refuseExisting(out: string): void {
  if (fs.existsSync(out)) {
    throw new BitsmithError('conflict', `${out} exists already; choose another folder or remove it`, {
      path: out,
    });
  }
}

function checkSamples(samples: readonly Uint8Array[], bytes: number): void {
  if (samples.length === 0)
    throw new BitsmithError('invalid-input', 'a bundle needs at least one golden sample');
  const wrong = samples.findIndex((sample) => sample.length !== bytes);
  if (wrong >= 0) {
    throw new BitsmithError(
      'invalid-input',
      `golden sample ${wrong} has ${samples[wrong]?.length} bytes; the network takes ${bytes}`,
    );
  }
}

function makeFolder(folder: string): void {
  guardFiles(`cannot write the bundle ${folder}`, () => {
    fs.mkdirSync(path.dirname(folder), { recursive: true });
    fs.mkdirSync(folder);
  });
}

function writeFiles(folder: string, files: readonly BundleFile[]): void {
  guardFiles(`cannot write the bundle ${folder}`, () => {
    for (const file of files) {
      const full = path.join(folder, file.path);
      fs.mkdirSync(path.dirname(full), { recursive: true });
      const handle = fs.openSync(full, 'wx');
      try {
        fs.writeFileSync(handle, file.content);
        fs.fsyncSync(handle);
      } finally {
        fs.closeSync(handle);
      }
    }
  });
}
