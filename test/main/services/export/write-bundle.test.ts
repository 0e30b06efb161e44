import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BundlePlanSchema, BundleSchema } from '#shared/contract/api/export.ts';
import { parseManifest } from '#shared/export/emit/manifest.ts';
import { lower } from '#shared/export/passes/lower.ts';
import type { TrainedGraph } from '#shared/export/trained-graph.ts';
import { planBundle, writeBundle, type WriteBundleRequest } from '#main/services/export/write-bundle.ts';
import { sha256 } from '#main/platform/files.ts';
import { createToolchain } from '#main/toolchain/index.ts';
import { RESOURCES, smallNetwork } from '#test/support/firmware.ts';
import { samplesFor, TEST_PROVENANCE } from '#test/support/graphs.ts';

let folder = '';
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bitsmith-write-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

function request(change: Partial<WriteBundleRequest> = {}): WriteBundleRequest {
  const graph = change.graph ?? smallNetwork();
  return {
    graph,
    target: 'cortex-m4',
    format: 'cmake',
    out: path.join(folder, 'bundle'),
    provenance: TEST_PROVENANCE,
    goldenSamples: samplesFor(graph, 4),
    resourcesFolder: RESOURCES,
    licence: 'the licence',
    // No compiler is looked for: what is written does not depend on it.
    toolchain: createToolchain([]),
    ...change,
  };
}

function filesOf(root: string): Map<string, string> {
  const entries = fs
    .readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile());
  return new Map(
    entries
      .map((entry) => path.join(entry.parentPath, entry.name))
      .sort()
      .map((file) => [path.relative(root, file), fs.readFileSync(file, 'utf8')]),
  );
}

describe('writeBundle', () => {
  it('writes all files that it lists, with checksums of every one, and facts that fit the contract', async () => {
    const facts = await writeBundle(request());
    const files = filesOf(facts.path);
    expect([...files.keys()]).toEqual(facts.files.toSorted());
    const sums = (files.get('SHA256SUMS') ?? '')
      .trim()
      .split('\n')
      .map((line) => line.split('  '));
    expect(sums.map(([, file]) => file)).toEqual(facts.files.filter((file) => file !== 'SHA256SUMS'));
    for (const [sum, file] of sums) expect(sha256(files.get(file ?? '') ?? '')).toBe(sum);
    const whole = { ...facts, id: 'b1', run: 'r1', checkpoint: 'c1', createdAt: '2026-01-01T00:00:00.000Z' };
    expect(BundleSchema.parse(whole)).toEqual(whole);
    expect(fs.readdirSync(folder)).toEqual(['bundle']);
  });

  it('carries in its manifest the graph that it was made from', async () => {
    const facts = await writeBundle(request());
    const manifest = parseManifest(
      fs.readFileSync(path.join(facts.path, 'manifest.json'), 'utf8'),
      'the manifest',
    );
    expect(manifest.graph).toEqual(lower(smallNetwork()));
    expect(manifest.layers).toEqual(facts.layers);
  });

  it('counts weights, multiply-accumulates and nonzeros exactly', async () => {
    const { layers, weightBytes } = await writeBundle(request());
    const graph = lower(smallNetwork());
    const conv2 = graph.nodes.find((node) => node.id === 'conv2');
    const codes = conv2?.kind === 'conv2d' ? conv2.weights.codes : undefined;
    expect(layers.find((layer) => layer.id === 'act2')).toMatchObject({
      id: 'act2',
      kind: 'conv2d + threshold',
      // 6 of its 12 channels live, and 6 of those that it reads.
      shape: [7, 7, 6],
      kernel: 'bs_conv2d_planes_s8',
      packing: 'ternary',
      // 54 taps are 2 words; two planes of 6 filters.
      weightBytes: 6 * 2 * 4 * 2,
      macs: 7 * 7 * 6 * 54,
      nonzeros: codes?.filter((code) => code !== 0).length,
    });
    expect(weightBytes).toBeGreaterThan(layers.reduce((sum, layer) => sum + layer.weightBytes, 0));
  });

  it('writes the same bytes for the same inputs', async () => {
    const first = await writeBundle(request({ out: path.join(folder, 'a') }));
    const second = await writeBundle(request({ out: path.join(folder, 'b') }));
    expect(filesOf(first.path)).toEqual(filesOf(second.path));
  });

  it('takes along only the kernels that the network needs', async () => {
    const { files } = await writeBundle(request());
    const kernels = files.filter((file) => file.startsWith('runtime/src/conv/'));
    expect(kernels).toEqual([
      'runtime/src/conv/bs_conv2d_planes_s8.c',
      'runtime/src/conv/bs_conv2d_planes_u8.c',
    ]);
  });

  it('refuses a folder that exists and leaves it alone', async () => {
    const out = path.join(folder, 'bundle');
    fs.mkdirSync(out);
    fs.writeFileSync(path.join(out, 'mine.txt'), 'mine');
    await expect(writeBundle(request())).rejects.toMatchObject({ code: 'conflict' });
    expect([...filesOf(folder)]).toEqual([[path.join('bundle', 'mine.txt'), 'mine']]);
  });

  it('refuses a parent that is a file', async () => {
    const file = path.join(folder, 'file');
    fs.writeFileSync(file, '');
    await expect(writeBundle(request({ out: path.join(file, 'bundle') }))).rejects.toMatchObject({
      code: 'io',
    });
  });

  it('names the layer that cannot be lowered and writes nothing', async () => {
    const graph = smallNetwork();
    const nodes = graph.nodes.map((node) =>
      node.kind === 'activation' && node.id === 'act2'
        ? { ...node, name: 'relu', staircase: undefined }
        : node,
    );
    await expect(writeBundle(request({ graph: { ...graph, nodes } as TrainedGraph }))).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringMatching(/act2.*relu/),
    });
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  it('refuses golden samples of another size and an unknown target', async () => {
    await expect(writeBundle(request({ goldenSamples: [new Uint8Array(3)] }))).rejects.toMatchObject({
      code: 'invalid-input',
    });
    await expect(writeBundle(request({ target: 'z80' as 'host' }))).rejects.toMatchObject({
      code: 'invalid-input',
      message: expect.stringContaining('cortex-m4'),
    });
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  it('leaves nothing when it is cancelled', async () => {
    const abort = new AbortController();
    const task = { id: 't', signal: abort.signal, report: () => abort.abort() };
    await expect(writeBundle(request({ task }))).rejects.toMatchObject({ code: 'cancelled' });
    expect(fs.readdirSync(folder)).toEqual([]);
  });
});

describe('planBundle', () => {
  it('says what writeBundle writes, file by file, and leaves nothing', async () => {
    const { out, ...asked } = request({ format: 'zephyr' });
    const plan = await planBundle(asked);
    expect(BundlePlanSchema.parse({ ...plan, run: 'r', checkpoint: 'c' })).toMatchObject(plan);
    expect(fs.readdirSync(folder)).toEqual([]);
    const { path: written, files, ...facts } = await writeBundle({ ...asked, out });
    expect(plan).toMatchObject(facts);
    expect(plan.files).toEqual(
      files.map((file) => ({ path: file, bytes: fs.statSync(path.join(written, file)).size })),
    );
  });

  it('refuses what writeBundle refuses', async () => {
    const { out: _, ...asked } = request({ goldenSamples: [] });
    await expect(planBundle(asked)).rejects.toMatchObject({ code: 'invalid-input' });
  });
});

const toolchain = createToolchain();
const arm = (await toolchain.find('arm-none-eabi-gcc')).available;
describe.skipIf(!arm)('writeBundle with the target compiler (needs arm-none-eabi-gcc)', () => {
  it('measures flash and RAM by linking', async () => {
    const facts = await writeBundle(request({ toolchain }));
    expect(facts.flashBytes).toBeGreaterThan(facts.weightBytes);
    expect(facts.flashBytes).toBeLessThan(facts.weightBytes + 10_000);
    expect(facts.ramBytes).toBeGreaterThanOrEqual(facts.arenaBytes);
    expect(facts.ramBytes).toBeLessThan(facts.arenaBytes + 256);
  });

  it('plans the sizes that it then writes', async () => {
    const { out, ...asked } = request({ toolchain });
    const { flashBytes, ramBytes } = await planBundle(asked);
    expect(flashBytes).toBeGreaterThan(0);
    expect(await writeBundle({ ...asked, out })).toMatchObject({ flashBytes, ramBytes });
  });
});
