import * as os from 'node:os';
import * as path from 'node:path';
import * as fs from 'node:fs';
import type { SoundFeatures } from '#shared/dataset/sound/spec.ts';
import { emitBundle } from '#shared/export/emit/bundle.ts';
import { formatOf } from '#shared/export/formats/index.ts';
import type { IntegerGraph } from '#shared/export/ir/graph.ts';
import { elementsOf } from '#shared/export/ir/graph.ts';
import type { PlanOptions } from '#shared/export/plan/options.ts';
import type { MeasuredSizes } from '#shared/export/report/schema.ts';
import type { Target } from '#shared/export/targets/types.ts';
import { sha256 } from '#main/platform/files.ts';
import { bundleSources } from '#main/services/export/compile.ts';
import { measureBundle } from '#main/services/export/measure.ts';
import { readRuntimeLibrary } from '#main/services/export/runtime-library.ts';
import { workBytes } from '#main/services/export/work-bytes.ts';
import { createToolchain } from '#main/toolchain/index.ts';
import { RESOURCES } from '#test/support/firmware.ts';
import { TEST_PROVENANCE } from '#test/support/graphs.ts';
import { writeFiles } from '#test/support/runtime-objects.ts';

const runtime = readRuntimeLibrary(RESOURCES);
const toolchain = createToolchain();

/**
 * What the linker says of a network on a target, by the way of an export; null without the target's compiler.
 *
 * @param sound the front end of a network that hears
 */
export async function linkedSizes(
  graph: IntegerGraph,
  target: Target,
  plan?: PlanOptions,
  sound?: SoundFeatures,
): Promise<(MeasuredSizes & { tableBytes: number; arenaBytes: number }) | null> {
  const format = formatOf('cmake');
  const provenance = { ...TEST_PROVENANCE, ...(sound ? { sound } : {}) };
  const bundle = emitBundle({
    graph,
    target,
    format,
    provenance,
    goldenSamples: [new Uint8Array(elementsOf(graph.input.shape))],
    runtime,
    licence: '',
    sha256,
    ...(plan ? { plan } : {}),
  });
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bitsmith-linked-'));
  try {
    writeFiles(folder, bundle.files);
    const sources = bundleSources(folder, bundle.name, format.layout);
    const work = workBytes({ arenaBytes: bundle.arenaBytes, provenance });
    const sizes = await measureBundle(sources, target, work, { toolchain, runtime });
    return sizes && { ...sizes, tableBytes: bundle.weightBytes, arenaBytes: bundle.arenaBytes };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
