import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emitBundle } from '#shared/export/emit/bundle.ts';
import { COMPILE_FLAGS } from '#shared/export/emit/flags.ts';
import { formatOf } from '#shared/export/formats/index.ts';
import { lower } from '#shared/export/passes/lower.ts';
import { targetOf } from '#shared/export/targets/index.ts';
import { interpretAll } from '#shared/verify/interpret.ts';
import { readRuntimeLibrary } from '#main/services/export/runtime-library.ts';
import { sha256 } from '#main/platform/files.ts';
import { createToolchain } from '#main/toolchain/index.ts';
import { RESOURCES } from '#test/support/firmware.ts';
import { randomTrainedGraph, samplesFor, TEST_PROVENANCE } from '#test/support/graphs.ts';

const COUNT = 60;
const SAMPLES = 6;
const toolchain = createToolchain();
const compilers = await Promise.all([toolchain.find('gcc'), toolchain.find('clang')]);

const runtime = readRuntimeLibrary(RESOURCES);
const networks = Array.from({ length: COUNT }, (_, index) => {
  const seed = 1000 + index;
  const trained = { ...randomTrainedGraph(seed), name: `random_${seed}` };
  const graph = lower(trained);
  const samples = samplesFor(trained, SAMPLES, seed);
  const bundle = emitBundle({
    graph,
    target: targetOf('host'),
    format: formatOf('cmake'),
    provenance: TEST_PROVENANCE,
    goldenSamples: samples.slice(0, 1),
    runtime,
    licence: '',
    sha256,
  });
  const manifest = bundle.files.find((file) => file.path === 'manifest.json');
  const layers = (JSON.parse(manifest?.content ?? '') as { layers: { id: string }[] }).layers.map(({ id }) => id);
  return { name: bundle.name, graph, samples, files: bundle.files, layers };
});

/** One program for all networks: `<net>.in` has the samples, `<net>.out` gets every layer and the logits, int32. */
function combinedMain(): string {
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

let folder = '';
let sources: string[] = [];
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bitsmith-random-'));
  for (const { name, files, samples } of networks) {
    for (const file of files) {
      if (!/^(include|src|runtime)\//.test(file.path)) continue;
      fs.mkdirSync(path.dirname(path.join(folder, file.path)), { recursive: true });
      fs.writeFileSync(path.join(folder, file.path), file.content);
      if (file.path.endsWith('.c')) sources.push(file.path);
    }
    fs.writeFileSync(path.join(folder, `${name}.in`), Buffer.concat(samples));
  }
  sources = [...new Set(sources)];
  fs.writeFileSync(path.join(folder, 'main.c'), combinedMain());
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

function build(compiler: string, flags: readonly string[], output: string): void {
  const defines = networks.map(({ name }) => `-D${name.toUpperCase()}_OBSERVE`);
  execFileSync(
    compiler,
    [...COMPILE_FLAGS, ...flags, ...defines, '-Iinclude', '-Isrc', '-Iruntime/include', ...sources, 'main.c', '-o', output],
    { cwd: folder, stdio: 'pipe' },
  );
}

function expectAllEqual(): void {
  let integers = 0;
  for (const { name, graph, samples, layers } of networks) {
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
            throw new Error(`${name}, sample ${index}, ${layer}[${i}]: the firmware has ${got}, the reference ${integer}`);
          }
          at += 4;
          integers++;
        }
      }
    }
    expect(at, name).toBe(bytes.length);
  }
  expect(integers).toBeGreaterThan(100_000);
}

for (const found of compilers) {
  const { id } = found;
  const compiler = found.available ? found.path : '';
  describe.skipIf(!found.available)(`${COUNT} random networks as C, compiled by ${id}`, () => {
    it('have every integer of every layer of the reference, optimised', () => {
      build(compiler, id === 'gcc' ? [] : ['-DBS_PORTABLE'], `./${id}.exe`);
      execFileSync(path.join(folder, `${id}.exe`), { cwd: folder });
      expectAllEqual();
    });

    it.skipIf(id !== 'gcc')('have them without an address error or undefined behaviour', () => {
      build(compiler, ['-O1', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'], `./${id}-san.exe`);
      execFileSync(path.join(folder, `${id}-san.exe`), { cwd: folder });
      expectAllEqual();
    });
  });
}
