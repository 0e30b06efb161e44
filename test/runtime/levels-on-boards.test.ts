import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lower } from '#shared/export/passes/lower.ts';
import type { TrainedGraph } from '#shared/export/trained-graph.ts';
import { argMax, interpret } from '#shared/verify/interpret.ts';
import { verifyBundle } from '#main/services/export/verify-bundle.ts';
import { writeBundle } from '#main/services/export/write-bundle.ts';
import { createToolchain } from '#main/toolchain/index.ts';
import { RESOURCES, smallNetwork } from '#test/support/firmware.ts';
import { samplesFor, TEST_PROVENANCE } from '#test/support/graphs.ts';

/** A network of several weight levels and activation terms on emulated cores, from the smallest to another family. */

const CORES = ['cortex-m0', 'cortex-m4', 'rv32imc'] as const;
const COUNT = 12;

const toolchain = createToolchain();
const found = await Promise.all(
  (['arm-none-eabi-gcc', 'qemu-system-arm', 'riscv64-unknown-elf-gcc', 'qemu-system-riscv32'] as const).map((id) =>
    toolchain.find(id),
  ),
);
const complete = found.every(({ available }) => available);

/** The small network with two levels per weight, and residual levels as activations. */
function manyTerms(): TrainedGraph {
  const network = smallNetwork('many terms');
  const nodes = network.nodes.map((node) => {
    if (node.kind === 'activation') {
      const codes = [
        [-1, -1, 1, 1],
        [-1, 1, -1, 1],
      ] as const;
      const staircase = {
        thresholds: [-0.6, 0, 0.6],
        inclusive: [true, false, true],
        codes: codes[0],
        scale: 0.61,
        more: [{ codes: codes[1], scale: 0.29 }],
      };
      return { ...node, staircase };
    }
    if (node.kind !== 'conv2d' && node.kind !== 'dense') return node;
    const codes = node.weights.levels[0]?.codes ?? new Int8Array();
    const levels = [0.31, 0.17].map((scale, level) => ({
      codes: codes.map((code, i) => (level === 0 ? code : ((i % 3) - 1) * (code === 0 ? 0 : 1))),
      scale: Float32Array.of(scale),
    }));
    return { ...node, weights: { levels } };
  });
  return { ...network, nodes };
}

let folder = '';
let bundle = '';
const network = manyTerms();
beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bitsmith-boards-'));
  const facts = await writeBundle({
    graph: network,
    target: 'cortex-m4',
    format: 'cmake',
    out: path.join(folder, 'bundle'),
    provenance: TEST_PROVENANCE,
    goldenSamples: samplesFor(network, 2),
    resourcesFolder: RESOURCES,
    licence: 'the licence',
    toolchain: createToolchain([]),
  });
  bundle = facts.path;
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

describe.skipIf(!complete)('several levels and terms (needs the Arm and RISC-V compilers and emulators)', () => {
  it('agree on every emulated core, in every layer', async () => {
    const graph = lower(network);
    expect(graph.nodes.filter(({ kind }) => kind === 'combine').length).toBe(2);
    const samples = samplesFor(network, COUNT);
    const { passed, host, cores, samples: facts } = await verifyBundle({
      bundleFolder: bundle,
      samples: {
        count: COUNT,
        images: Buffer.concat(samples),
        labels: Uint8Array.from(samples, (sample) => argMax(interpret(graph, sample))),
      },
      cores: [...CORES],
      resourcesFolder: RESOURCES,
      toolchain,
    });
    expect(cores.map(({ core }) => core)).toEqual([...CORES]);
    for (const row of [host, ...cores]) {
      expect(row).toMatchObject({
        ran: true,
        matched: COUNT + facts.adversarial,
        total: COUNT + facts.adversarial,
        firstMismatch: null,
        accuracy: 1,
      });
    }
    expect(passed).toBe(true);
    expect(facts.adversarial).toBeGreaterThan(10);
    // The smallest core is emulated as itself.
    expect(cores[0]).toMatchObject({ reason: null, runner: expect.stringContaining('microbit') });
  });
});
