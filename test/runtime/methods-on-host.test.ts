import * as fs from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createToolchain } from '#main/toolchain/index.ts';
import { hostNetwork, runHostProgram, writeHostProgram, type HostNetwork } from '#test/support/host-program.ts';
import { TEST_BACKENDS } from '#test/support/tensorflow.ts';
import { deployments, methodsOf, testSamples, trainMethod } from '#test/support/trained-methods.ts';

/** A trained network of every method and side as C: compiled, run, and equal to the reference in every integer. */

const toolchain = createToolchain();
const gcc = await toolchain.find('gcc');
const samples = testSamples().map(({ image }) => image);

const networks: HostNetwork[] = [];
let program = { folder: '', sources: [] as string[] };
beforeAll(async () => {
  await TEST_BACKENDS[1]?.activate();
  for (const side of ['weights', 'activations'] as const) {
    // The plain network, and one with shortcuts: of real values for weights, of codes for activations where it may be.
    const branched = side === 'weights' ? 'stream' : 'codes';
    for (const { id, network } of deployments(side)) {
      const wanted = network === 'plain' || network === branched || (id === 'bi-real' && network === 'stream');
      if (!wanted) continue;
      const { graph } = await trainMethod(side, id, network);
      networks.push(hostNetwork(graph, samples));
    }
  }
  program = writeHostProgram(networks);
}, 120_000);
afterAll(() => fs.rmSync(program.folder, { recursive: true, force: true }));

describe.skipIf(!gcc.available)('trained networks of all methods on this computer (needs gcc)', () => {
  it('have every integer of every layer of the reference', () => {
    const compiler = gcc.available ? gcc.path : '';
    const methods = methodsOf('weights').length + methodsOf('activations').length - 2;
    expect(networks.length).toBeGreaterThanOrEqual(2 * methods);
    expect(runHostProgram(networks, program, compiler, [])).toBeGreaterThan(1_000_000);
  }, 120_000);
});
