import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BitsmithError } from '#shared/base/errors.ts';
import { ParityResultSchema, type ParitySample } from '#shared/contract/api/parity.ts';
import { lower } from '#shared/export/passes/lower.ts';
import { argMax, interpret } from '#shared/verify/interpret.ts';
import { goldenLogits } from '#main/services/export/parity/golden-logits.ts';
import { parityOfBundle } from '#main/services/export/parity/parity-bundle.ts';
import { writeBundle } from '#main/services/export/write-bundle.ts';
import { createToolchain } from '#main/toolchain/index.ts';
import { RESOURCES, smallNetwork } from '#test/support/firmware.ts';
import { samplesFor, TEST_PROVENANCE } from '#test/support/graphs.ts';
import { testSound } from '#test/support/sound-networks.ts';

const toolchain = createToolchain();
const host = (await toolchain.find('gcc')).available;
const network = smallNetwork();
const graph = lower(network);
const COUNT = 30;
const given = samplesFor(network, COUNT);
/** Right but for number 7. */
const labels = Uint8Array.from(given, (sample, i) =>
  i === 7 ? (argMax(interpret(graph, sample)) + 1) % graph.classes : argMax(interpret(graph, sample)),
);
const samples = { source: 'test' as const, count: COUNT, images: Buffer.concat(given), labels };

let folder = '';
let bundleFolder = '';
beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bitsmith-parity-'));
  const facts = await writeBundle({
    graph: network,
    target: 'cortex-m4',
    format: 'cmake',
    out: path.join(folder, 'bundle'),
    provenance: TEST_PROVENANCE,
    goldenSamples: given.slice(0, 4),
    resourcesFolder: RESOURCES,
    licence: 'the licence',
    toolchain: createToolchain([]),
  });
  bundleFolder = facts.path;
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const run = (sample: ParitySample, more: Partial<Parameters<typeof parityOfBundle>[0]> = {}) =>
  parityOfBundle({ bundleFolder, samples, sample, trained: () => network, toolchain, ...more });

/** A copy of the bundle with every number of one table changed. */
function corrupted(layer: string, table: string, change: (value: number) => number): string {
  const copy = fs.mkdtempSync(path.join(folder, 'corrupt-'));
  fs.cpSync(bundleFolder, copy, { recursive: true });
  const file = path.join(copy, 'src/small_net_weights.c');
  const before = fs.readFileSync(file, 'utf8');
  const pattern = new RegExp(`small_net_${layer}_(${table})\\[\\d+\\] = \\{[^}]*\\}`);
  const after = before.replace(pattern, (text) =>
    text.replace(/-?\b\d+(?=[,\s])/g, (value) => String(change(Number(value)))),
  );
  expect(after).not.toBe(before);
  fs.writeFileSync(file, after);
  return copy;
}

describe.skipIf(!host)('parityOfBundle (needs gcc)', () => {
  it('agrees in every layer of all three', async () => {
    const { result, values } = await run({ by: 'index', index: 3 });
    expect(ParityResultSchema.parse({ ...result, id: 'p' })).toEqual({ ...result, id: 'p' });
    expect(result).toMatchObject({ firmwareReason: null, floatReason: null, firstDifference: null });
    expect(result.sample).toMatchObject({ source: 'test', index: 3, of: COUNT, label: labels[3] });
    const steps = result.rows.filter(({ id, step }) => id === step);
    expect(steps.every(({ firmware }) => firmware?.differing === 0)).toBe(true);
    expect(steps.every(({ form }) => form !== '')).toBe(true);
    expect(values.get('act2')?.firmware).toEqual(values.get('act2')?.reference);
    expect(result.predicted.firmware).toBe(labels[3]);
  });

  it.each([
    ['act1', 'high|thresholds'],
    ['act2', 'high|thresholds'],
  ])('names %s as the first layer that differs when its thresholds are wrong', async (layer, table) => {
    const { result } = await run(
      { by: 'index', index: 3 },
      { bundleFolder: corrupted(layer, table, (value) => value + 3) },
    );
    expect(result.firstDifference).toBe(layer);
    expect(result.rows.find(({ id }) => id === layer)?.firmware?.first).not.toBeNull();
  });

  it('says how the sample is drawn, if it is sound', async () => {
    const copy = fs.mkdtempSync(path.join(folder, 'hearing-'));
    fs.cpSync(bundleFolder, copy, { recursive: true });
    const file = path.join(copy, 'manifest.json');
    const manifest = JSON.parse(fs.readFileSync(file, 'utf8')) as { provenance: object };
    const sound = testSound();
    fs.writeFileSync(file, JSON.stringify({ ...manifest, provenance: { ...manifest.provenance, sound } }));
    const { result } = await run({ by: 'index', index: 0 }, { bundleFolder: copy });
    expect(result.sample.sound).toEqual(sound);
    expect((await run({ by: 'index', index: 0 })).result.sample).not.toHaveProperty('sound');
  });

  it('takes the sample that is asked for', async () => {
    expect((await run({ by: 'wrong', from: 0 })).result.sample.index).toBe(7);
    const label = labels[0] ?? 0;
    const second = labels.indexOf(label, labels.indexOf(label) + 1);
    expect((await run({ by: 'class', label, occurrence: 1 })).result.sample).toMatchObject({
      index: second,
      label,
    });
    const { sample } = (await run({ by: 'adversarial', index: 1 })).result;
    expect(sample).toMatchObject({ source: 'adversarial', index: 1, label: null });
    await expect(run({ by: 'wrong', from: 8 })).rejects.toMatchObject({ code: 'not-found' });
    await expect(run({ by: 'index', index: COUNT })).rejects.toThrow(`there are ${COUNT}, 0 to ${COUNT - 1}`);
    await expect(run({ by: 'class', label: 99, occurrence: 0 })).rejects.toThrow('class 99: there are');
  });

  it('says what is missing, and shows the rest', async () => {
    const { result } = await run(
      { by: 'index', index: 0 },
      {
        toolchain: createToolchain([]),
        trained: () => {
          throw new BitsmithError('not-found', 'there is no run r');
        },
      },
    );
    expect(result.firmwareReason).toContain('gcc or clang is not installed here');
    expect(result.floatReason).toContain('there is no run r');
    expect(result.rows.every(({ firmware, float }) => firmware === null && float === null)).toBe(true);
    expect(result.predicted).toMatchObject({ float: null, firmware: null });
  });

  it('has no float network of another checkpoint', async () => {
    const nodes = network.nodes.map((node) =>
      node.kind === 'batch-norm' ? { ...node, offset: node.offset.map((value) => value + 0.3) } : node,
    );
    const { result } = await run({ by: 'index', index: 0 }, { trained: () => ({ ...network, nodes }) });
    expect(result.floatReason).toContain('hold different networks');
  });

  it('reads the golden samples back from the C file', () => {
    expect(goldenLogits(bundleFolder)).toEqual(
      given.slice(0, 4).map((sample) => [...interpret(graph, sample)]),
    );
  });
});
