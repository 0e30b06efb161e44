import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BundleComparisonSchema } from '#shared/export/report/comparison-schema.ts';
import { BundleReportSchema } from '#shared/export/report/schema.ts';
import { DEFAULT_PLAN } from '#shared/export/plan/options.ts';
import { writeBundle } from '#main/services/export/write-bundle.ts';
import { bitsmith } from '#test/support/command-line.ts';
import { RESOURCES, smallNetwork } from '#test/support/firmware.ts';
import { samplesFor, TEST_PROVENANCE } from '#test/support/graphs.ts';

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'bitsmith-report-command-'));
afterAll(() => fs.rmSync(root, { recursive: true, force: true }));
const bundle = (name: string) => path.join(root, name);

beforeAll(async () => {
  const graph = smallNetwork();
  for (const [name, kernels] of [
    ['a', 'reference'],
    ['b', 'auto'],
  ] as const) {
    await writeBundle({
      graph,
      target: 'cortex-m4',
      format: 'cmake',
      out: bundle(name),
      options: { ...DEFAULT_PLAN, objective: 'speed', kernels },
      provenance: TEST_PROVENANCE,
      goldenSamples: samplesFor(graph, 4),
      resourcesFolder: RESOURCES,
      licence: 'the licence',
    });
  }
});

const call = (...args: string[]) => bitsmith(['report', ...args, '--data-dir', path.join(root, 'data')]);

describe('bitsmith report', () => {
  it('prints a report as text, as JSON and as a page', async () => {
    const text = await call(bundle('a'));
    expect(text.status).toBe(0);
    expect(text.stdout).toMatch(/Weights Flash\s+Code Flash/);
    expect(text.stdout).toMatch(/MACs at 2×8 bit \(ternary × uint8\)/);
    const json = await call(bundle('a'), '--json');
    const report = BundleReportSchema.parse(JSON.parse(json.stdout));
    expect(report.name).toBe('small net');
    const page = await call(bundle('a'), '--html');
    expect(page.stdout).toMatch(/^<!doctype html>/);
    expect(page.stdout.trimEnd()).toMatch(/<\/html>$/);
  });

  it('compares two bundles: kernels and options differ, the vectors do not', async () => {
    const { status, stdout } = await call(bundle('a'), bundle('b'), '--json');
    expect(status).toBe(0);
    const comparison = BundleComparisonSchema.parse(JSON.parse(stdout));
    expect(comparison.options).toContainEqual({ field: 'kernels', a: 'reference', b: 'auto' });
    expect(comparison.vectors).toMatchObject({ sameInputs: 4, sameLogits: 4, firstDifference: null });
    expect(comparison.layers.some(({ kernel }) => kernel.a !== kernel.b)).toBe(true);
    const text = await call(bundle('a'), bundle('b'));
    expect(text.stdout).toMatch(/options: kernels: reference → auto/);
    expect(text.stdout).toMatch(/The same 4 samples; all logits/);
  });

  it('writes both forms, or one, into a folder', async () => {
    const out = path.join(root, 'out');
    expect((await call(bundle('a'), '--out', out)).status).toBe(0);
    expect(fs.readdirSync(out).sort()).toEqual(['report.html', 'report.json']);
    expect((await call(bundle('a'), bundle('b'), '--out', out, '--html')).status).toBe(0);
    expect(fs.readdirSync(out).sort()).toEqual(['comparison.html', 'report.html', 'report.json']);
  });

  it('refuses to write into a bundle, two forms on one output, and what is no bundle', async () => {
    const before = fs.readFileSync(path.join(bundle('a'), 'report.html'), 'utf8');
    const into = await call(bundle('a'), '--out', bundle('a'));
    expect(into.status).not.toBe(0);
    expect(into.stderr).toMatch(/is a bundle/);
    expect(fs.readFileSync(path.join(bundle('a'), 'report.html'), 'utf8')).toBe(before);
    const both = await call(bundle('a'), '--html', '--json');
    expect(both.status).not.toBe(0);
    expect(both.stderr).toMatch(/--out only/);
    expect((await call(path.join(root, 'nowhere'))).stderr).toMatch(/there is no bundle/);
  });
});
