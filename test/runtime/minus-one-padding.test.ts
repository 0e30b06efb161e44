import * as fs from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { lower } from '#shared/export/passes/lower.ts';
import { PlanOptionsSchema } from '#shared/export/plan/options.ts';
import { planGraph } from '#shared/export/plan/plan.ts';
import { stepKernels } from '#shared/export/plan/types.ts';
import { createToolchain } from '#main/toolchain/index.ts';
import { randomTrainedGraph, samplesFor } from '#test/support/graphs.ts';
import { hostNetwork, runHostProgram, writeHostProgram } from '#test/support/host-program.ts';

/** Networks of −1 and +1 with −1 in their padding as C: plain kernels over bytes, and the fast ones over planes. */

const gcc = await createToolchain().find('gcc');
const folders: string[] = [];
afterAll(() => folders.forEach((folder) => fs.rmSync(folder, { recursive: true, force: true })));

const trained = Array.from({ length: 60 }, (_, index) => 2000 + index)
  .map((seed) => ({ ...randomTrainedGraph(seed, 'signs'), name: `signs_${seed}` }))
  .filter((graph) => lower(graph).nodes.some((node) => 'outside' in node))
  .slice(0, 16);

describe.skipIf(!gcc.available)(`${trained.length} networks that pad with −1 (needs gcc)`, () => {
  it.each([
    ['reference', 'bs_pad_fill_s8'],
    ['auto', 'bs_conv2d_sliced'],
  ] as const)('%s kernels give every integer of every layer of the reference', (kernels, expected) => {
    const options = PlanOptionsSchema.parse({ kernels });
    const used = trained.flatMap((graph) => planGraph(lower(graph), options).steps.flatMap(stepKernels));
    expect(used).toContain(expected);
    const networks = trained.map((graph) => hostNetwork(graph, samplesFor(graph, 6), options));
    const program = writeHostProgram(networks);
    folders.push(program.folder);
    const flags = ['-O1', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'];
    const compared = runHostProgram(networks, program, gcc.available ? gcc.path : '', flags);
    expect(compared).toBeGreaterThan(10_000);
  });
});
