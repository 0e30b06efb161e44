import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { emitBundle } from '#shared/export/emit/bundle.ts';
import { BARE_METAL_FLAGS, COMPILE_FLAGS } from '#shared/export/emit/flags.ts';
import { platformFiles } from '#shared/export/emit/platform.ts';
import { formatOf } from '#shared/export/formats/index.ts';
import { elementsOf, type IntegerGraph } from '#shared/export/ir/graph.ts';
import { planGraph } from '#shared/export/plan/plan.ts';
import type { PlanOptions } from '#shared/export/plan/options.ts';
import { targetOf } from '#shared/export/targets/index.ts';
import type { TargetId } from '#shared/export/targets/types.ts';
import { interpretAll } from '#shared/verify/interpret.ts';
import { sha256 } from '#main/platform/files.ts';
import { runBatch } from '#main/services/export/batch.ts';
import { emulatorArguments } from '#main/services/export/emulator.ts';
import { readRuntimeLibrary } from '#main/services/export/runtime-library.ts';
import { createToolchain } from '#main/toolchain/index.ts';
import { RESOURCES } from '#test/support/firmware.ts';
import { TEST_PROVENANCE } from '#test/support/graphs.ts';
import { Draw } from '#test/support/random-quantities.ts';
import { runtimeObjects, writeFiles } from '#test/support/runtime-objects.ts';

const run = promisify(execFile);
const runtime = readRuntimeLibrary(RESOURCES);
const toolchain = createToolchain();

/** A layer as it ran. */
export interface MeasuredLayer {
  id: string;
  nodes: readonly string[];
  kernel: string;
  packing: string;
  weightBytes: number;
  instructions: number;
}
export interface Measured {
  layers: readonly MeasuredLayer[];
  instructions: number;
  arenaBytes: number;
}

/**
 * Exports an integer graph with the real exporter, runs it on an emulated core and counts the instructions of every
 * layer; every integer of every layer is compared with the reference on the way.
 *
 * @returns undefined where the core's toolchain is not installed
 * @throws Error where an integer differs
 */
export async function measureOnCore(
  graph: IntegerGraph,
  core: TargetId,
  options: PlanOptions,
): Promise<Measured | undefined> {
  const target = targetOf(core);
  const { machine } = target;
  if (!machine) throw new Error(`${core} has no board`);
  const compiler = await toolchain.find(target.compiler);
  const emulator = await toolchain.find(machine.emulator);
  if (!compiler.available || !emulator.available) return undefined;
  const sample = new Draw(3, 'bench-sample').bytes(elementsOf(graph.input.shape));
  const bundle = emitBundle({
    graph,
    target,
    format: formatOf('cmake'),
    provenance: TEST_PROVENANCE,
    goldenSamples: [sample],
    runtime,
    licence: '',
    sha256,
    plan: options,
  });
  const plan = planGraph(graph, options, target.vectors);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bitsmith-bench-'));
  try {
    const files = [...bundle.files, ...platformFiles(machine, runtime)];
    writeFiles(folder, files);
    const flags = [...COMPILE_FLAGS, ...target.flags, ...BARE_METAL_FLAGS];
    const objects = await runtimeObjects({ compiler: compiler.path, flags, files });
    const platform = `platform/${machine.id}`;
    const own = [`src/${bundle.name}.c`, `src/${bundle.name}_weights.c`, 'verify/batch_main.c'];
    const start = ['startup.c', 'memory.c', 'port_semihosting.c'].map((file) => `${platform}/${file}`);
    await run(
      compiler.path,
      [
        ...[...flags, `-D${bundle.name.toUpperCase()}_OBSERVE`],
        ...['-Iinclude', '-Isrc', '-Iruntime/include', '-Iverify', ...own, ...start, ...objects],
        ...['-nostdlib', '-T', `${platform}/link.ld`, '-Wl,--gc-sections', '-lgcc', '-o', 'batch.elf'],
      ],
      { cwd: folder },
    );
    const { values, layerTicks } = await runBatch(folder, sample, {
      program: emulator.path,
      parameters: emulatorArguments(machine, 'batch.elf'),
      timeoutMs: 600_000,
    });
    compare(
      values,
      graph,
      plan.layers.map(({ id }) => id),
      sample,
    );
    const layers = plan.layers.map(({ id, nodes, kernel, packing, weightBytes }, index): MeasuredLayer => {
      const instructions = (layerTicks[index] ?? 0) * machine.instructionsPerTick;
      return { id, nodes, kernel, packing, weightBytes, instructions };
    });
    const instructions = layers.reduce((sum, layer) => sum + layer.instructions, 0);
    return { layers, instructions, arenaBytes: plan.arenaBytes };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function compare(
  values: Int32Array,
  graph: IntegerGraph,
  layers: readonly string[],
  sample: Uint8Array,
): void {
  const reference = interpretAll(graph, sample).values;
  let at = 0;
  for (const id of layers) {
    for (const [index, expected] of (reference.get(id) ?? new Int32Array(0)).entries()) {
      if (values[at] !== expected)
        throw new Error(`${graph.name}, ${id}[${index}]: ${values[at]}, the reference has ${expected}`);
      at++;
    }
  }
  if (at !== values.length) throw new Error(`${graph.name}: ${values.length} values, not ${at}`);
}
