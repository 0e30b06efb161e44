import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VerifyResultSchema } from '#shared/contract/api/export.ts';
import { lower } from '#shared/export/passes/lower.ts';
import { argMax, interpret } from '#shared/verify/interpret.ts';
import { verificationSamples } from '#main/services/export/verify-samples.ts';
import { readManifest } from '#main/services/export/read-bundle.ts';
import { verifyBundle } from '#main/services/export/verify-bundle.ts';
import { writeBundle } from '#main/services/export/write-bundle.ts';
import { createToolchain } from '#main/toolchain/index.ts';
import { RESOURCES, smallNetwork } from '#test/support/firmware.ts';
import { samplesFor, TEST_PROVENANCE } from '#test/support/graphs.ts';

const toolchain = createToolchain();
const host = (await toolchain.find('gcc')).available;
const emulated =
  (await toolchain.find('arm-none-eabi-gcc')).available &&
  (await toolchain.find('qemu-system-arm')).available;

const network = smallNetwork();
const COUNT = 300;
const images = Buffer.concat(samplesFor(network, COUNT));
const graph = lower(network);
const bytes = images.length / COUNT;
/** What the reference predicts, as labels: so the firmware's accuracy must be 1. */
const labels = Uint8Array.from({ length: COUNT }, (_, i) =>
  argMax(interpret(graph, images.subarray(i * bytes, (i + 1) * bytes))),
);
const samples = { count: COUNT, images, labels };
/** With the adversarial samples, which are the same for every run. */
const total = (await verificationSamples(graph, samples)).count;

let folder = '';
let bundleFolder = '';
beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bitsmith-verify-'));
  const facts = await writeBundle({
    graph: network,
    target: 'cortex-m4',
    format: 'cmake',
    out: path.join(folder, 'bundle'),
    provenance: TEST_PROVENANCE,
    goldenSamples: samplesFor(network, 4),
    resourcesFolder: RESOURCES,
    licence: 'the licence',
    toolchain: createToolchain([]),
  });
  bundleFolder = facts.path;
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** A copy of the bundle with one file changed. */
function damaged(file: string, change: (text: string) => string): string {
  const copy = fs.mkdtempSync(path.join(folder, 'damaged-'));
  fs.cpSync(bundleFolder, copy, { recursive: true });
  const full = path.join(copy, file);
  const before = fs.readFileSync(full, 'utf8');
  const after = change(before);
  expect(after).not.toBe(before);
  fs.writeFileSync(full, after);
  return copy;
}

describe.skipIf(!host)('verifyBundle on the host (needs gcc)', () => {
  it('agrees with the reference in every integer', async () => {
    const result = await verifyBundle({
      bundleFolder,
      samples,
      cores: [],
      resourcesFolder: RESOURCES,
      toolchain,
    });
    expect(VerifyResultSchema.parse(result)).toEqual(result);
    expect(result).toMatchObject({
      passed: true,
      samples: { asked: COUNT, taken: COUNT, source: 'random' },
      host: { core: 'host', ran: true, matched: total, total, firstMismatch: null, accuracy: 1 },
    });
    expect(result.host.flashBytes).toBeGreaterThan(0);
  });

  it('finds thresholds that are wrong by one and names the layer', async () => {
    // Every threshold of the layer one further up: sums that hit one exactly now miss it.
    const copy = damaged('src/small_net_weights.c', (text) =>
      text.replace(/small_net_act2_(high|thresholds)\[\d+\] = \{[^}]*\}/, (table) =>
        table.replace(/-?\d+(?=[,\s])/g, (value) => String(Number(value) + 1)),
      ),
    );
    const result = await verifyBundle({
      bundleFolder: copy,
      samples,
      cores: [],
      resourcesFolder: RESOURCES,
      toolchain,
    });
    expect(result.passed).toBe(false);
    expect(result.host.matched).toBeLessThan(total);
    expect(result.host.firstMismatch?.layer).toBe('act2');
  });

  it('refuses sources with a warning', async () => {
    const copy = damaged('src/small_net.c', (text) => `${text}\nstatic int unused_thing;\n`);
    await expect(
      verifyBundle({ bundleFolder: copy, samples, cores: [], resourcesFolder: RESOURCES, toolchain }),
    ).rejects.toMatchObject({ code: 'job-failed', message: expect.stringContaining('unused_thing') });
  });

  it('notices an access outside the arena', async () => {
    const copy = damaged('include/small_net.h', (text) => text.replace(/(ARENA_BYTES) \d+U/, '$1 64U'));
    await expect(
      verifyBundle({ bundleFolder: copy, samples, cores: [], resourcesFolder: RESOURCES, toolchain }),
    ).rejects.toMatchObject({ code: 'job-failed', message: expect.stringContaining('AddressSanitizer') });
  });

  it('says what is missing for a core without its toolchain, and does not fail', async () => {
    const half = createToolchain([path.dirname(((await toolchain.find('gcc')) as { path: string }).path)]);
    const without = {
      ...half,
      find: (id: Parameters<typeof half.find>[0]) => (id === 'gcc' ? half : createToolchain([])).find(id),
    };
    const result = await verifyBundle({
      bundleFolder,
      samples,
      cores: ['cortex-m4', 'rv32imc', 'generic-c99'],
      resourcesFolder: RESOURCES,
      toolchain: without,
    });
    expect(result.passed).toBe(true);
    expect(result.cores.map((row) => [row.core, row.ran])).toEqual([
      ['cortex-m4', false],
      ['rv32imc', false],
      ['generic-c99', false],
    ]);
    expect(result.cores[0]?.reason).toMatch(/apt install gcc-arm-none-eabi.*qemu-system-arm/);
  });
});

describe('verifyBundle without any toolchain', () => {
  it('does not claim to have passed', async () => {
    const result = await verifyBundle({
      bundleFolder,
      samples,
      cores: [],
      resourcesFolder: RESOURCES,
      toolchain: createToolchain([]),
    });
    expect(result).toMatchObject({
      passed: false,
      host: { ran: false, reason: expect.stringContaining('apt install gcc') },
    });
  });

  it('refuses what is no bundle, samples of another size, and an unknown core', async () => {
    const base = { samples, cores: [], resourcesFolder: RESOURCES, toolchain: createToolchain([]) };
    await expect(verifyBundle({ ...base, bundleFolder: folder })).rejects.toMatchObject({
      code: 'not-found',
    });
    const other = { count: 2, images: new Uint8Array(20) };
    await expect(verifyBundle({ ...base, bundleFolder, samples: other })).rejects.toMatchObject({
      code: 'invalid-input',
    });
    await expect(verifyBundle({ ...base, bundleFolder, cores: ['z80'] })).rejects.toMatchObject({
      code: 'invalid-input',
    });
    const broken = damaged('manifest.json', (text) => text.slice(0, -10));
    await expect(verifyBundle({ ...base, bundleFolder: broken })).rejects.toMatchObject({ code: 'corrupt' });
    const short = damaged('manifest.json', (text) => text.replace(/"ternary": "./, '"ternary": "'));
    await expect(verifyBundle({ ...base, bundleFolder: short })).rejects.toMatchObject({ code: 'corrupt' });
  });
});

describe.skipIf(!emulated)(
  'verifyBundle on an emulated core (needs arm-none-eabi-gcc and qemu-system-arm)',
  () => {
    it('agrees on a Cortex-M4, and counts instructions', async () => {
      const result = await verifyBundle({
        bundleFolder,
        samples,
        cores: ['cortex-m4'],
        sampleLimitPerCore: 20,
        resourcesFolder: RESOURCES,
        toolchain,
      });
      const [row] = result.cores;
      expect(row).toMatchObject({
        core: 'cortex-m4',
        ran: true,
        reason: null,
        matched: 20 + total - COUNT,
        total: 20 + total - COUNT,
        firstMismatch: null,
        accuracy: 1,
      });
      const nonzeroMacs = 14 * 14 * 8 * 9 + 7 * 7 * 12 * 72 + 5880;
      expect(row?.instructionsPerInference).toBeGreaterThan(nonzeroMacs / 4);
      expect(row?.instructionsPerInference).toBeLessThan(nonzeroMacs * 5);
      expect(row?.flashBytes).toBeGreaterThan(1000);
      expect(row?.layers.map(({ id }) => id)).toEqual(readManifest(bundleFolder).layers.map(({ id }) => id));
      const sum = row?.layers.reduce((all, { instructions }) => all + instructions, 0) ?? 0;
      // What lies between the layers is not counted, and the observer costs some instructions of its own.
      expect(Math.abs(sum / (row?.instructionsPerInference ?? 1) - 1)).toBeLessThan(0.02);
    });

    it('names the layer that differs there', async () => {
      const copy = damaged('src/small_net_weights.c', (text) =>
        text.replace(/(small_net_act1_steps\[3\] = \{\s+-1, 0, )1/, (_, head: string) => `${head}0`),
      );
      const result = await verifyBundle({
        bundleFolder: copy,
        samples,
        cores: ['cortex-m3'],
        sampleLimitPerCore: 5,
        resourcesFolder: RESOURCES,
        toolchain,
      });
      expect(result.passed).toBe(false);
      expect(result.cores[0]?.firstMismatch?.layer).toBe('act1');
    });
  },
);
