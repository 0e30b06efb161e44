import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VerifyResult } from '#shared/contract/api/export.ts';
import { BundleReportSchema, type BundleReport } from '#shared/export/report/schema.ts';
import { reportBundle, type ReportBundleRequest } from '#main/services/export/report-bundle.ts';
import { writeBundle } from '#main/services/export/write-bundle.ts';
import { createToolchain } from '#main/toolchain/index.ts';
import { RESOURCES, smallNetwork } from '#test/support/firmware.ts';
import { samplesFor, TEST_PROVENANCE } from '#test/support/graphs.ts';

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'bitsmith-report-'));
afterAll(() => fs.rmSync(root, { recursive: true, force: true }));
const nothing = createToolchain([]);
const toolchain = createToolchain();
const arm = (await toolchain.find('arm-none-eabi-gcc')).available;

/** A bundle written where no compiler is installed. */
let folder: string;
beforeAll(async () => {
  const graph = smallNetwork();
  const facts = await writeBundle({
    graph,
    target: 'cortex-m4',
    format: 'cmake',
    out: path.join(root, 'bundle'),
    provenance: TEST_PROVENANCE,
    goldenSamples: samplesFor(graph, 4),
    resourcesFolder: RESOURCES,
    licence: 'the licence',
    toolchain: nothing,
  });
  folder = facts.path;
});

const report = (change: Partial<ReportBundleRequest> = {}): Promise<BundleReport> =>
  reportBundle({
    bundleFolder: folder,
    measure: false,
    verification: null,
    resourcesFolder: RESOURCES,
    toolchain: nothing,
    ...change,
  });

/** A copy of the bundle with one file changed, or taken away. */
function copyWith(name: string, file: string, content: string | null): string {
  const copy = path.join(root, name);
  fs.cpSync(folder, copy, { recursive: true });
  if (content === null) fs.rmSync(path.join(copy, file));
  else fs.writeFileSync(path.join(copy, file), content);
  return copy;
}

describe('reportBundle', () => {
  it('is the report in the bundle, with planned numbers and the command that installs the compiler', async () => {
    const found = await report();
    const written = fs.readFileSync(path.join(folder, 'report.json'), 'utf8');
    expect(found).toEqual(JSON.parse(written));
    expect(found.measured).toBeNull();
    expect(found.remedy).toBe('apt install gcc-arm-none-eabi libnewlib-arm-none-eabi');
    expect(fs.readFileSync(path.join(folder, 'report.html'), 'utf8')).toContain('Planned numbers only');
    expect(fs.readFileSync(path.join(folder, 'README.md'), 'utf8')).toContain('gcc-arm-none-eabi');
  });

  it('has the golden vectors of the bundle, and zeros and sums as they show them', async () => {
    const { golden, sparsity, accumulators, layers } = await report();
    expect(golden?.inputs).toHaveLength(4);
    expect(golden?.crcs[0]).toHaveLength(layers.length);
    expect(sparsity?.samples).toBe(4);
    expect(accumulators.length).toBeGreaterThan(0);
    for (const { proven, observed } of accumulators) {
      expect(observed?.low).toBeGreaterThanOrEqual(proven.low);
      expect(observed?.high).toBeLessThanOrEqual(proven.high);
    }
    const vectors = fs.readFileSync(path.join(folder, 'test/vectors.c'), 'utf8');
    for (const crc of golden?.crcs.flat() ?? []) {
      expect(vectors.toLowerCase()).toContain(`0x${crc.toString(16).padStart(8, '0')}`);
    }
  });

  it.skipIf(!arm)(
    `measures what its export could not, and leaves the bundle alone${arm ? '' : ' (skipped: needs arm-none-eabi-gcc)'}`,
    async () => {
      const before = fs.readFileSync(path.join(folder, 'report.json'), 'utf8');
      const found = await report({ toolchain });
      expect(found.measured?.compiler).toMatch(/^arm-none-eabi-gcc \d/);
      expect(found.remedy).toBeNull();
      expect(found.columns.totalFlash).toBe(found.measured?.flashBytes);
      expect(found.layers).toEqual((await report()).layers);
      expect(fs.readFileSync(path.join(folder, 'report.json'), 'utf8')).toBe(before);
    },
  );

  it('has what the last verification counted', async () => {
    const row: VerifyResult['host'] = {
      core: 'cortex-m4',
      runner: 'qemu',
      ran: true,
      reason: null,
      matched: 5,
      total: 5,
      firstMismatch: null,
      accuracy: 0.5,
      instructionsPerInference: 12_345,
      layers: (await report()).layers.map(({ id }, index) => ({ id, instructions: 100 + index })),
      flashBytes: null,
      ramBytes: null,
    };
    const samples: VerifyResult['samples'] = {
      asked: 5,
      taken: 5,
      source: 'random',
      adversarial: 0,
      thresholdsHit: 0,
      thresholds: 0,
    };
    const found = await report({
      verification: {
        bundle: 'b',
        passed: true,
        samples,
        host: { ...row, core: 'host', layers: [] },
        cores: [row],
      },
    });
    expect(BundleReportSchema.parse(found)).toEqual(found);
    expect(found.layers.map((layer) => layer.measuredInstructions)).toEqual(
      found.layers.map((_, index) => 100 + index),
    );
    expect(found.verification?.rows.map(({ core }) => core)).toEqual(['host', 'cortex-m4']);
  });

  it('makes do with the manifest of a bundle that has no report', async () => {
    const found = await report({ bundleFolder: copyWith('older', 'report.json', null) });
    const whole = await report();
    expect(BundleReportSchema.parse(found)).toEqual(found);
    expect(found).toMatchObject({ golden: null, arena: [], columns: whole.columns, macs: whole.macs });
    expect(found.layers.map(({ weightBytes, nonzeros }) => [weightBytes, nonzeros])).toEqual(
      whole.layers.map(({ weightBytes, nonzeros }) => [weightBytes, nonzeros]),
    );
    expect(found.layers[0]?.thresholdBytes).toBeNull();
  });

  it('refuses what is no bundle, and a report that is none', async () => {
    await expect(report({ bundleFolder: root })).rejects.toMatchObject({ code: 'not-found' });
    const torn = copyWith('torn', 'report.json', '{"bitsmith":');
    await expect(report({ bundleFolder: torn })).rejects.toMatchObject({ code: 'corrupt' });
    const wrong = copyWith('wrong', 'report.json', '{"bitsmith": {"report": 1, "version": 7}}');
    await expect(report({ bundleFolder: wrong })).rejects.toMatchObject({ code: 'invalid-input' });
  });
});
