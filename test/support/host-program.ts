import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { emitBundle } from '#shared/export/emit/bundle.ts';
import { COMPILE_FLAGS } from '#shared/export/emit/flags.ts';
import type { BundleFile } from '#shared/export/emit/types.ts';
import { formatOf } from '#shared/export/formats/index.ts';
import type { IntegerGraph } from '#shared/export/ir/graph.ts';
import { lower } from '#shared/export/passes/lower.ts';
import { DEFAULT_PLAN, type PlanOptions } from '#shared/export/plan/options.ts';
import { targetOf } from '#shared/export/targets/index.ts';
import type { TrainedGraph } from '#shared/export/trained-graph.ts';
import { interpretAll } from '#shared/verify/interpret.ts';
import { sha256 } from '#main/platform/files.ts';
import { readRuntimeLibrary } from '#main/services/export/runtime-library.ts';
import { RESOURCES } from './firmware.ts';
import { TEST_PROVENANCE } from './graphs.ts';

/** Networks as C in one program on this computer, and every integer of every layer against the reference. */

const runtime = readRuntimeLibrary(RESOURCES);

export interface HostNetwork {
  /** C identifier. */
  name: string;
  graph: IntegerGraph;
  samples: readonly Uint8Array[];
  files: readonly BundleFile[];
  /** Node ids that an observer sees. */
  layers: readonly string[];
}

/** Lowers a network and emits its bundle for this computer. */
export function hostNetwork(
  trained: TrainedGraph,
  samples: readonly Uint8Array[],
  plan: PlanOptions = DEFAULT_PLAN,
): HostNetwork {
  const graph = lower(trained);
  const bundle = emitBundle({
    graph,
    target: targetOf('host'),
    format: formatOf('cmake'),
    provenance: TEST_PROVENANCE,
    goldenSamples: samples.slice(0, 1),
    runtime,
    plan,
    licence: '',
    sha256,
  });
  return {
    name: bundle.name,
    graph,
    samples,
    files: bundle.files,
    layers: bundle.layers.map(({ id }) => id),
  };
}

/** A folder with all networks, their samples and one main; remove it when done. */
export function writeHostProgram(networks: readonly HostNetwork[]): { folder: string; sources: string[] } {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bitsmith-host-'));
  const sources = new Set<string>();
  for (const { name, files, samples } of networks) {
    for (const file of files) {
      if (!/^(include|src|runtime)\//.test(file.path)) continue;
      fs.mkdirSync(path.dirname(path.join(folder, file.path)), { recursive: true });
      fs.writeFileSync(path.join(folder, file.path), file.content);
      if (file.path.endsWith('.c')) sources.add(file.path);
    }
    fs.writeFileSync(path.join(folder, `${name}.in`), Buffer.concat(samples));
  }
  fs.writeFileSync(path.join(folder, 'main.c'), combinedMain(networks));
  return { folder, sources: [...sources] };
}

/** Compiles the program with all warnings as errors, runs it, and compares all integers. @returns how many there were */
export function runHostProgram(
  networks: readonly HostNetwork[],
  { folder, sources }: { folder: string; sources: readonly string[] },
  compiler: string,
  flags: readonly string[],
): number {
  const defines = networks.map(({ name }) => `-D${name.toUpperCase()}_OBSERVE`);
  const includes = ['-Iinclude', '-Isrc', '-Iruntime/include'];
  const program = path.join(folder, 'program.exe');
  const parameters = [
    ...COMPILE_FLAGS,
    ...flags,
    ...defines,
    ...includes,
    ...sources,
    'main.c',
    '-o',
    program,
  ];
  execFileSync(compiler, parameters, { cwd: folder, stdio: 'pipe' });
  execFileSync(program, { cwd: folder });
  return networks.reduce((sum, network) => sum + compare(network, folder), 0);
}

/** @throws Error naming network, sample, layer and element of the first difference */
function compare({ name, graph, samples, layers }: HostNetwork, folder: string): number {
  const bytes = fs.readFileSync(path.join(folder, `${name}.out`));
  let at = 0;
  for (const [index, sample] of samples.entries()) {
    const { values, logits } = interpretAll(graph, sample);
    const expected: [string, Int32Array][] = [
      ...layers.map((id): [string, Int32Array] => [id, values.get(id) ?? new Int32Array(0)]),
      ['the returned logits', logits],
    ];
    for (const [layer, value] of expected) {
      for (const [i, integer] of value.entries()) {
        const got = bytes.readInt32LE(at);
        if (got !== integer) {
          throw new Error(
            `${name}, sample ${index}, ${layer}[${i}]: the firmware has ${got}, the reference ${integer}`,
          );
        }
        at += 4;
      }
    }
  }
  if (at !== bytes.length) throw new Error(`${name}: the firmware wrote ${bytes.length} bytes, not ${at}`);
  return at / 4;
}

/** `<net>.in` has the samples, `<net>.out` gets every layer and the logits, int32. */
function combinedMain(networks: readonly HostNetwork[]): string {
  const run = networks.map(({ name }) => {
    const upper = name.toUpperCase();
    return `
static int run_${name}(void)
{
    static uint8_t sample[${upper}_INPUT_BYTES];
    static int32_t logits[${upper}_CLASSES];
    /* Exactly the bytes that the network asks for, so that a sanitizer sees one byte too many. */
    static uint8_t arena[${upper}_ARENA_BYTES] __attribute__((aligned(${upper}_ARENA_ALIGN)));
    FILE *in = fopen("${name}.in", "rb");
    FILE *out = fopen("${name}.out", "wb");
    if (in == NULL || out == NULL) return 1;
    while (fread(sample, 1, sizeof sample, in) == sizeof sample) {
        memset(arena, 0xA5, sizeof arena);
        if (${name}_run_observed(sample, logits, arena, sizeof arena, observe, out) != BS_OK) return 1;
        fwrite(logits, sizeof logits[0], ${upper}_CLASSES, out);
    }
    fclose(in);
    fclose(out);
    return 0;
}`;
  });
  return `#include <stdio.h>
#include <string.h>
${networks.map(({ name }) => `#include "${name}.h"`).join('\n')}

static void observe(void *user, uint32_t layer, const bs_value *value)
{
    uint32_t i;
    (void)layer;
    for (i = 0; i < value->map.height * value->map.width * value->map.channels; i++) {
        const int32_t word = bs_value_at(value, i);
        fwrite(&word, sizeof word, 1, (FILE *)user);
    }
}
${run.join('\n')}

int main(void)
{
    return ${networks.map(({ name }) => `run_${name}()`).join(' || ')};
}
`;
}
