import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agreementOf, type LayerWeights } from '#shared/run/compare/agreement.ts';
import type { RunSummary } from '#shared/run/record.ts';
import { createHost, type Host } from '#main/host.ts';
import { loadTrainedRun } from '#main/services/export/load-trained-run.ts';
import { cornersConfig, cornersDataFolder, type TestDataFolder } from '#test/support/data-folder.ts';

let data: TestDataFolder;
let host: Host;
let first: RunSummary;
let second: RunSummary;

const METHODS = { weights: { method: 'twn' }, activations: { method: 'gxnor' } };
const train = async (change: Record<string, unknown>, epochs = 2) => {
  const config = { ...cornersConfig({ epochs }), quantization: METHODS, ...change };
  const { id } = await host.services.run.start({ config });
  return host.services.run.whenEnded(id);
};

beforeAll(async () => {
  data = await cornersDataFolder();
  host = await createHost({ dataFolder: data.root, shell: 'browser' });
  first = await train({ seed: 1 });
  second = await train({ seed: 2 });
  expect([first.status, second.status]).toEqual(['finished', 'finished']);
});
afterAll(async () => {
  await host.dispose();
  data.remove();
});

describe('agreement of trained networks', () => {
  it('is that of the weights that are deployed, at the checkpoints that were asked for', async () => {
    const answer = await host.services.run.agreement({ a: { run: first.id }, b: { run: second.id } });
    expect(answer.a).toMatchObject({ run: first.id, epoch: 2 });
    expect(answer.left).toEqual([]);
    expect(answer.layers.map(({ layer, shape }) => [layer, shape])).toEqual([
      ['conv1', [3, 3, 1, 6]],
      ['depth', [3, 3, 6]],
      ['out', [96, 4]],
    ]);
    const expected = agreementOf(finalWeights(first), finalWeights(second));
    expect(answer.layers.map(({ codes, zeroA }) => [codes, zeroA])).toEqual(
      expected.layers.map(({ codes, zeroA }) => [codes, zeroA]),
    );
    expect(answer.layers[2]?.codes).toBeLessThan(1);

    const same = await host.services.run.agreement({ a: { run: first.id }, b: { run: first.id } });
    expect(same.layers.map(({ codes, distance }) => [codes, distance])).toEqual([
      [1, 0],
      [1, 0],
      [1, 0],
    ]);
  });

  it('refuses runs and checkpoints that are not there, and damaged ones', async () => {
    const { agreement } = host.services.run;
    const ask = (a: { run: string; checkpoint?: string }) =>
      Promise.resolve().then(() => agreement({ a, b: { run: second.id } }));
    await expect(ask({ run: 'r-none' })).rejects.toThrow(/r-none/);
    await expect(ask({ run: first.id, checkpoint: 'gone' })).rejects.toThrow(/has no checkpoint "gone"/);
    const [record] = host.store.checkpoints.list(first.id);
    const file = path.join(data.root, 'runs', first.id, `${record?.id ?? ''}.safetensors`);
    const bytes = fs.readFileSync(file);
    fs.writeFileSync(file, bytes.subarray(0, -1));
    await expect(ask({ run: first.id, checkpoint: record?.id ?? '' })).rejects.toThrow(/SHA-256/);
    fs.writeFileSync(file, bytes);
  });
});

describe('what networks take of a core', () => {
  it('is known of the network at once, and estimated where it is asked for', async () => {
    const runs = [first.id, second.id, 'r-none'];
    const [before] = await host.services.run.footprints({ runs, target: 'cortex-m4', estimate: false });
    expect(before).toMatchObject({
      run: first.id,
      open: true,
      macs: { value: 6 * 9 * 64 + 6 * 9 * 64 + 96 * 4, certainty: 'exact' },
      flash: { value: null, note: 'not exported' },
    });
    const share = before?.zeros.value ?? NaN;
    const weights = finalWeights(first);
    const codes = weights.flatMap((layer) => [...(layer.weights.levels[0]?.codes ?? [])]);
    expect(share).toBeCloseTo(codes.filter((code) => code === 0).length / codes.length, 10);

    const found = await host.services.run.footprints({ runs, target: 'cortex-m4', estimate: true });
    expect(found.map(({ run, open }) => [run, open])).toEqual([
      [first.id, false],
      [second.id, false],
    ]);
    expect(found[0]?.flash).toMatchObject({ certainty: 'estimated' });
    expect(found[0]?.flash.value).toBeGreaterThan(1000);
    // Replicates are one network.
    expect(found[1]?.flash.value).toBe(found[0]?.flash.value);
  });

  it('says why nothing is known', async () => {
    const none = { method: 'full-precision' };
    const { id } = await train({ quantization: { weights: none, activations: none } }, 1);
    const [found] = await host.services.run.footprints({ runs: [id], target: 'cortex-m4', estimate: true });
    expect(found?.flash).toMatchObject({ value: null });
    expect(found?.flash.note).toMatch(/^not exported, and no estimate: .*cannot be lowered/);
    expect(found?.zeros).toMatchObject({ value: null, note: 'no weights are quantized' });
  });
});

function finalWeights({ id }: RunSummary): LayerWeights[] {
  const record = host.store.checkpoints.list(id).find(({ kind }) => kind === 'final');
  if (!record) throw new Error(`run ${id} has no final checkpoint`);
  const file = path.join(data.root, 'runs', id, `${record.id}.safetensors`);
  const { graph } = loadTrainedRun(data.root, host.store.runs.config(id), file, record.sha256);
  const shapes: Record<string, number[]> = { conv1: [3, 3, 1, 6], depth: [3, 3, 6], out: [96, 4] };
  return graph.nodes.flatMap((node) =>
    'weights' in node ? [{ id: node.id, shape: shapes[node.id] ?? [], weights: node.weights }] : [],
  );
}
