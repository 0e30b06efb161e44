import * as fs from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planGraph } from '#shared/export/plan/plan.ts';
import { stepKernels } from '#shared/export/plan/types.ts';
import { createToolchain } from '#main/toolchain/index.ts';
import { readRuntimeLibrary } from '#main/services/export/runtime-library.ts';
import { RESOURCES } from '#test/support/firmware.ts';
import { randomTrainedGraph, samplesFor } from '#test/support/graphs.ts';
import { hostNetwork, runHostProgram, writeHostProgram } from '#test/support/host-program.ts';

const COUNT = 60;
const SAMPLES = 6;
const toolchain = createToolchain();
const compilers = await Promise.all([toolchain.find('gcc'), toolchain.find('clang')]);

const networks = Array.from({ length: COUNT }, (_, index) => {
  const seed = 1000 + index;
  const trained = { ...randomTrainedGraph(seed), name: `random_${seed}` };
  return hostNetwork(trained, samplesFor(trained, SAMPLES, seed));
});

let program = { folder: '', sources: [] as string[] };
beforeAll(() => {
  program = writeHostProgram(networks);
});
afterAll(() => fs.rmSync(program.folder, { recursive: true, force: true }));

describe(`${COUNT} random networks`, () => {
  it('use every kernel of the library', () => {
    const used = new Set(networks.flatMap(({ graph }) => planGraph(graph).steps.flatMap(stepKernels)));
    const kernels = readRuntimeLibrary(RESOURCES).flatMap(({ path, content }) => {
      const name = /^src\/\w+\/(bs_\w+)\.c$/.exec(path)?.[1];
      return name && content.includes(`bs_status ${name}(`) ? [name] : [];
    });
    expect(kernels.filter((name) => !used.has(name))).toEqual([]);
  });
});

for (const found of compilers) {
  const { id } = found;
  const compiler = found.available ? found.path : '';
  describe.skipIf(!found.available)(`${COUNT} random networks as C, compiled by ${id}`, () => {
    it('have every integer of every layer of the reference, optimised', () => {
      const flags = id === 'gcc' ? [] : ['-DBS_PORTABLE'];
      expect(runHostProgram(networks, program, compiler, flags)).toBeGreaterThan(100_000);
    });

    it.skipIf(id !== 'gcc')('have them without an address error or undefined behaviour', () => {
      const flags = ['-O1', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'];
      expect(runHostProgram(networks, program, compiler, flags)).toBeGreaterThan(100_000);
    });
  });
}
