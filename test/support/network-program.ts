import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { emitBundle } from '#shared/export/emit/bundle.ts';
import { BARE_METAL_FLAGS, COMPILE_FLAGS } from '#shared/export/emit/flags.ts';
import { platformFiles } from '#shared/export/emit/platform.ts';
import type { BundleFile } from '#shared/export/emit/types.ts';
import { formatOf } from '#shared/export/formats/index.ts';
import type { IntegerGraph } from '#shared/export/ir/graph.ts';
import type { PlanOptions } from '#shared/export/plan/options.ts';
import { targetOf } from '#shared/export/targets/index.ts';
import type { Machine, TargetId } from '#shared/export/targets/types.ts';
import { interpretAll } from '#shared/verify/interpret.ts';
import { sha256 } from '#main/platform/files.ts';
import { emulatorArguments } from '#main/services/export/emulator.ts';
import { readRuntimeLibrary } from '#main/services/export/runtime-library.ts';
import { createToolchain } from '#main/toolchain/index.ts';
import { RESOURCES } from './firmware.ts';
import { TEST_PROVENANCE } from './graphs.ts';
import { programMain } from './network-main.ts';
import { runtimeObjects, writeFiles } from './runtime-objects.ts';

/** Many networks as C in one program, on this computer or on an emulated core, against the reference. */

const execute = promisify(execFile);
const runtime = readRuntimeLibrary(RESOURCES);
const toolchain = createToolchain();

export interface EmittedNetwork {
  /** C identifier. */
  name: string;
  graph: IntegerGraph;
  samples: readonly Uint8Array[];
  files: readonly BundleFile[];
  /** Node ids that an observer sees, and the kernel of each. */
  layers: readonly { id: string; kernel: string }[];
  arenaBytes: number;
}

/** What a network's bundle is compiled from, by the real exporter. */
export function emitNetwork(
  graph: IntegerGraph,
  samples: readonly Uint8Array[],
  plan: PlanOptions,
  target: TargetId = 'host',
): EmittedNetwork {
  const bundle = emitBundle({
    graph,
    target: targetOf(target),
    format: formatOf('cmake'),
    provenance: TEST_PROVENANCE,
    goldenSamples: samples.slice(0, 1),
    runtime,
    plan,
    licence: '',
    sha256,
  });
  const files = bundle.files.filter((file) => /^(include|src|runtime)\//.test(file.path));
  const { name, layers, arenaBytes } = bundle;
  return { name, graph, samples, files, layers, arenaBytes };
}

/** Where the firmware and the reference part. */
export interface Difference {
  network: string;
  sample: number;
  layer: string;
  kernel: string;
  index: number;
  got: number;
  expected: number;
}

export interface Outcome {
  /** Integers that were compared. */
  compared: number;
  /** The first difference of every network that has one. */
  differences: Difference[];
}

/** A compiler with flags on this computer, or an emulated core. */
export interface Place {
  title: string;
  /** False where a program is missing; the title says which. */
  available: boolean;
  /** What networks have to be emitted for. */
  target: TargetId;
  run: (networks: readonly EmittedNetwork[]) => Promise<Outcome>;
}

/** The first finding ends the program. */
export const SANITIZERS = ['-O1', '-g', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'];

/** @param flags besides those of every bundle, e.g. sanitizers */
export async function hostPlace(compiler: 'gcc' | 'clang', flags: readonly string[] = []): Promise<Place> {
  const found = await toolchain.find(compiler);
  const title = [compiler, ...flags].join(' ');
  if (!found.available)
    return { title: `${title} (not installed)`, available: false, target: 'host', run: notHere };
  return {
    title,
    available: true,
    target: 'host',
    run: (networks) =>
      inFolder(networks, async (folder) => {
        writeFiles(folder, [{ path: 'main.c', content: programMain(networks, 'exact') }, ...harness()]);
        await build(folder, networks, found.path, [...COMPILE_FLAGS, ...flags], ['harness/port_host.c'], []);
        await execute('./program', [], { cwd: folder });
      }),
  };
}

/** An emulated core, on its own small board where the networks fit it. */
export async function corePlace(core: TargetId): Promise<Place> {
  const target = targetOf(core);
  const { machine } = target;
  if (!machine) throw new Error(`${core} has no board`);
  const compiler = await toolchain.find(target.compiler);
  const emulator = await toolchain.find(machine.emulator);
  if (!compiler.available || !emulator.available) {
    const absent = [compiler, emulator].filter(({ available }) => !available);
    return {
      title: `${core} (not installed: ${absent.map(({ title }) => title).join(', ')})`,
      available: false,
      target: core,
      run: notHere,
    };
  }
  const flags = [...COMPILE_FLAGS, ...target.flags, ...BARE_METAL_FLAGS];
  const runOn = async (folder: string, networks: readonly EmittedNetwork[], board: Machine) => {
    const platform = platformFiles(board, runtime);
    const main = { path: 'main.c', content: programMain(networks, 'shared') };
    writeFiles(folder, [main, ...harness(), ...platform]);
    const start = platform.map((file) => file.path).filter((file) => file.endsWith('.c'));
    const script = `platform/${board.id}/link.ld`;
    await build(folder, networks, compiler.path, flags, start, [
      ...['-nostdlib', '-T', script, '-Wl,--gc-sections', '-lgcc'],
    ]);
    await execute(emulator.path, emulatorArguments(board, 'program'), { cwd: folder });
  };
  return {
    title: core,
    available: true,
    target: core,
    run: (networks) =>
      inFolder(networks, async (folder) => {
        const { exactMachine } = target;
        if (exactMachine) {
          try {
            return await runOn(folder, networks, exactMachine);
          } catch (error) {
            if (!/overflowed by/.test(String(error))) throw error;
          }
        }
        await runOn(folder, networks, machine);
      }),
  };
}

function notHere(): Promise<Outcome> {
  return Promise.reject(new Error('its programs are not installed'));
}

function harness(): BundleFile[] {
  return runtime.filter((file) => file.path.startsWith('harness/port'));
}

/** Compiles the networks in two processes, and links them with the shared objects of the runtime. */
async function build(
  folder: string,
  networks: readonly EmittedNetwork[],
  compiler: string,
  flags: readonly string[],
  more: readonly string[],
  link: readonly string[],
): Promise<void> {
  const files = new Map(networks.flatMap((network) => network.files.map((file) => [file.path, file])));
  writeFiles(folder, [...files.values()]);
  const includes = ['include', 'src', 'runtime/include', 'harness'].map((name) => `-I${folder}/${name}`);
  const defines = networks.map(({ name }) => `-D${name.toUpperCase()}_OBSERVE`);
  const sources = [...files.keys()].filter((file) => /^src\/.*\.c$/.test(file));
  const all = ['main.c', ...more, ...sources].map((file) => path.join(folder, file));
  const share = Math.ceil(all.length / 2);
  const [runtimeParts] = await Promise.all([
    runtimeObjects({ compiler, flags, files: [...files.values()] }),
    ...[all.slice(0, share), all.slice(share)].map(async (part, index) => {
      const cwd = path.join(folder, `objects-${index}`);
      fs.mkdirSync(cwd, { recursive: true });
      if (part.length > 0)
        await execute(compiler, [...flags, ...defines, ...includes, '-c', ...part], { cwd });
    }),
  ]);
  const own = [0, 1].flatMap((index) =>
    fs.readdirSync(path.join(folder, `objects-${index}`)).map((file) => `objects-${index}/${file}`),
  );
  await execute(compiler, [...flags, ...own, ...runtimeParts, ...link, '-o', 'program'], { cwd: folder });
}

async function inFolder(
  networks: readonly EmittedNetwork[],
  work: (folder: string) => Promise<void>,
): Promise<Outcome> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bitsmith-networks-'));
  try {
    for (const { name, samples } of networks) {
      fs.writeFileSync(path.join(folder, `${name}.in`), Buffer.concat(samples));
    }
    await work(folder);
    const outcomes = networks.map((network) => compare(network, folder));
    return {
      compared: outcomes.reduce((sum, { compared }) => sum + compared, 0),
      differences: outcomes.flatMap(({ differences }) => differences),
    };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function compare({ name, graph, samples, layers }: EmittedNetwork, folder: string): Outcome {
  const bytes = fs.readFileSync(path.join(folder, `${name}.out`));
  let at = 0;
  for (const [sample, input] of samples.entries()) {
    const { values, logits } = interpretAll(graph, input);
    const parts = [
      ...layers.map(({ id, kernel }) => ({ id, kernel, value: values.get(id) ?? new Int32Array(0) })),
      { id: 'the returned logits', kernel: '', value: logits },
    ];
    for (const { id, kernel, value } of parts) {
      for (const [index, expected] of value.entries()) {
        const got = at + 4 <= bytes.length ? bytes.readInt32LE(at) : NaN;
        if (got !== expected) {
          const difference = { network: name, sample, layer: id, kernel, index, got, expected };
          return { compared: at / 4, differences: [difference] };
        }
        at += 4;
      }
    }
  }
  if (at !== bytes.length) throw new Error(`${name}: the firmware wrote ${bytes.length} bytes, not ${at}`);
  return { compared: at / 4, differences: [] };
}
