import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FORMATS, formatOf } from '#shared/export/formats/index.ts';
import { verifyBundle } from '#main/services/export/verify-bundle.ts';
import { writeBundle } from '#main/services/export/write-bundle.ts';
import { createToolchain, type Toolchain } from '#main/toolchain/index.ts';
import { RESOURCES, smallNetwork } from '#test/support/firmware.ts';
import { samplesFor, TEST_PROVENANCE } from '#test/support/graphs.ts';
import { hasProgram } from '#test/support/build-bundle.ts';

const toolchain = createToolchain();
const host = (await toolchain.find('gcc')).available;
const emulated =
  (await toolchain.find('arm-none-eabi-gcc')).available &&
  (await toolchain.find('qemu-system-arm')).available;
/** One compiler on this computer is enough for a layout. */
const withoutClang: Toolchain = {
  ...toolchain,
  find: (id) => (id === 'clang' ? createToolchain([]) : toolchain).find(id),
};
const network = smallNetwork();
const COUNT = 20;
const samples = { count: COUNT, images: Buffer.concat(samplesFor(network, COUNT)) };

let folder = '';
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bitsmith-formats-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const write = (format: (typeof FORMATS)[number], name: string, tools = createToolchain([])) =>
  writeBundle({
    graph: network,
    target: 'cortex-m4',
    format: format.id,
    out: path.join(folder, `${format.id}-${name}`),
    provenance: TEST_PROVENANCE,
    goldenSamples: samplesFor(network, 3),
    resourcesFolder: RESOURCES,
    licence: 'the licence',
    toolchain: tools,
  });

describe.each(FORMATS)('a bundle of format $id', (format) => {
  it('is the same bytes for the same request, and says how to use it', async () => {
    const [a, b] = [await write(format, 'a'), await write(format, 'b')];
    expect(a.files).toEqual(b.files);
    expect(new Set(a.files).size).toBe(a.files.length);
    for (const file of a.files) {
      const read = (of: string) => fs.readFileSync(path.join(of, file));
      expect(read(a.path).equals(read(b.path)), file).toBe(true);
    }
    const readme = fs.readFileSync(path.join(a.path, 'README.md'), 'utf8');
    const usage = readme.slice(readme.indexOf('## Use'), readme.indexOf('## Layers'));
    for (const [, place = ''] of usage.matchAll(/`((?:examples|samples|templates)\/[\w/.]+)/g)) {
      expect(
        a.files.some((file) => file === place || file.startsWith(`${place}/`)),
        place,
      ).toBe(true);
    }
  });

  it.skipIf(!hasProgram('sha256sum'))('has the checksum of every other file (needs sha256sum)', async () => {
    const facts = await write(format, 'sums');
    execFileSync('sha256sum', ['-c', '--strict', '--quiet', 'SHA256SUMS'], { cwd: facts.path });
    const lines = fs.readFileSync(path.join(facts.path, 'SHA256SUMS'), 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => line.slice(66))).toEqual(facts.files.filter((file) => file !== 'SHA256SUMS'));
  });

  it.skipIf(!host)('agrees with the reference in every integer on the host (needs gcc)', async () => {
    const { path: bundleFolder } = await write(format, 'host');
    const result = await verifyBundle({
      bundleFolder,
      samples,
      cores: [],
      resourcesFolder: RESOURCES,
      toolchain: withoutClang,
    });
    const total = COUNT + result.samples.adversarial;
    expect(result).toMatchObject({
      passed: true,
      host: { ran: true, matched: total, total, firstMismatch: null },
    });
  });
});

describe.skipIf(!emulated)(
  'a bundle in the layout that differs most (needs arm-none-eabi-gcc and qemu-system-arm)',
  () => {
    it('is measured, and agrees on an emulated Cortex-M4', async () => {
      const facts = await write(formatOf('arduino'), 'core', toolchain);
      expect(facts.flashBytes).toBeGreaterThan(facts.weightBytes);
      const result = await verifyBundle({
        bundleFolder: facts.path,
        samples,
        cores: ['cortex-m4'],
        sampleLimitPerCore: 3,
        resourcesFolder: RESOURCES,
        toolchain: withoutClang,
      });
      const total = 3 + result.samples.adversarial;
      expect(result.cores[0]).toMatchObject({ ran: true, matched: total, total, firstMismatch: null });
    });
  },
);
