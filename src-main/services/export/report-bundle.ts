import * as fs from 'node:fs';
import * as path from 'node:path';
import { BitsmithError } from '#shared/base/errors.ts';
import { parseWith } from '#shared/base/schema.ts';
import type { VerifyResult } from '#shared/contract/api/export.ts';
import type { Manifest } from '#shared/export/emit/manifest.ts';
import { formatOf } from '#shared/export/formats/index.ts';
import { buildReport, columnsOf, withVerification } from '#shared/export/report/build-report.ts';
import { frontEndFacts } from '#shared/export/report/front-end.ts';
import { unmeasured } from '#shared/export/report/golden-meter.ts';
import { BundleReportSchema, type BundleReport } from '#shared/export/report/schema.ts';
import { targetOf } from '#shared/export/targets/index.ts';
import { guardFiles } from '#main/platform/files.ts';
import type { TaskHandle } from '#main/services/task/types.ts';
import { createToolchain, type Toolchain } from '#main/toolchain/index.ts';
import { bundleSources } from './compile.ts';
import { measureBundle } from './measure.ts';
import { readManifest } from './read-bundle.ts';
import { readRuntimeLibrary } from './runtime-library.ts';
import { workBytes } from './work-bytes.ts';

export interface ReportBundleRequest {
  bundleFolder: string;
  /** Compile and link again, although the bundle says what its export measured. */
  measure: boolean;
  /** The last verification of the bundle, if any. */
  verification: VerifyResult | null;
  /** Folder `resources` of the installation: start-up code of the target's board. */
  resourcesFolder: string;
  toolchain?: Toolchain;
  task?: TaskHandle;
}

/**
 * The report of a bundle folder: what its `report.json` says, with the instructions that the last verification counted.
 * Sizes that its export could not measure are measured here if the compiler is installed by now. Nothing is written into
 * the bundle.
 *
 * @throws BitsmithError `not-found` or `corrupt` for what is no bundle, `job-failed` when it does not compile, `cancelled`
 */
export async function reportBundle(request: ReportBundleRequest): Promise<BundleReport> {
  const { task, toolchain = createToolchain() } = request;
  const folder = path.resolve(request.bundleFolder);
  const manifest = readManifest(folder);
  const recorded = readReport(folder);
  const report =
    recorded?.measured && !request.measure
      ? recorded
      : await measured(folder, manifest, recorded, { ...request, toolchain });
  task?.report(1, 'done');
  return withVerification(report, request.verification && verificationOf(request.verification));
}

async function measured(
  folder: string,
  manifest: Manifest,
  recorded: BundleReport | null,
  { task, toolchain, resourcesFolder }: ReportBundleRequest & { toolchain: Toolchain },
): Promise<BundleReport> {
  const target = targetOf(manifest.target);
  task?.report(0.1, `linking for ${target.title}`);
  const sizes = await measureBundle(
    bundleSources(folder, manifest.identifier, formatOf(manifest.format).layout),
    target,
    workBytes(manifest),
    { toolchain, runtime: readRuntimeLibrary(resourcesFolder), signal: task?.signal },
  );
  const { remedy } = await toolchain.find(target.compiler);
  if (!recorded) return buildReport(factsOf(manifest, target.title), sizes, remedy);
  // Better the numbers of the export's computer than none.
  return sizes === null
    ? recorded
    : { ...recorded, measured: sizes, remedy, columns: columnsOf(sizes, manifest) };
}

/** What the manifest alone tells: bundles of earlier versions have no report. */
function factsOf(manifest: Manifest, targetTitle: string): Parameters<typeof buildReport>[0] {
  const { graph, bitsmith, name, identifier, target, format, options, weightBytes, arenaBytes, layers } =
    manifest;
  const { classes: _, features: _features, sound, ...provenance } = manifest.provenance;
  return {
    version: bitsmith.version,
    name,
    identifier,
    target,
    targetTitle,
    format,
    options: { ...options },
    provenance,
    graph,
    layers,
    layerBytes: null,
    ...unmeasured(graph),
    weightBytes,
    arenaBytes,
    removedChannels: [],
    arena: [],
    ...frontEndFacts(sound),
    golden: null,
  };
}

/** `report.json` of a bundle; null where it has none. */
function readReport(folder: string): BundleReport | null {
  const file = path.join(folder, 'report.json');
  if (!fs.existsSync(file)) return null;
  const text = guardFiles(`cannot read ${file}`, () => fs.readFileSync(file, 'utf8'));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new BitsmithError('corrupt', `${file} is not JSON: ${error instanceof Error ? error.message : ''}`);
  }
  return parseWith(BundleReportSchema, value, file);
}

function verificationOf({ passed, host, cores }: VerifyResult): NonNullable<BundleReport['verification']> {
  return {
    passed,
    rows: [host, ...cores].map((row) => ({
      core: row.core,
      runner: row.runner,
      ran: row.ran,
      reason: row.reason,
      matched: row.matched,
      total: row.total,
      accuracy: row.accuracy,
      instructionsPerInference: row.instructionsPerInference,
      // Verdicts of earlier versions have no counts by layer.
      layers: row.layers ?? [],
    })),
  };
}
