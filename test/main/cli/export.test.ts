import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BundlePlanSchema, BundleSchema, type VerifyResult } from '#shared/contract/api/export.ts';
import { BundleReportSchema } from '#shared/export/report/schema.ts';
import { bitsmith } from '#test/support/command-line.ts';
import { cornersConfig, cornersDataFolder, type TestDataFolder } from '#test/support/data-folder.ts';

let data: TestDataFolder;
let run: string;

beforeAll(async () => {
  data = await cornersDataFolder();
  const file = path.join(data.root, '..', 'config.json');
  fs.writeFileSync(file, JSON.stringify(cornersConfig({ epochs: 1 })));
  const trained = await bitsmith(['train', file, '--json', '--data-dir', data.root]);
  run = (JSON.parse(trained.stdout) as { runId: string }).runId;
});
afterAll(() => data.remove());

const call = (...args: string[]) => bitsmith([...args, '--data-dir', data.root]);

describe('bitsmith export', () => {
  it('--dry-run tells the files and sizes that the export then has, and writes nothing', async () => {
    const out = path.join(data.root, '..', 'bundle');
    const options = [run, '--target', 'cortex-m0', '--format', 'arduino', '--json', '--out', out];
    const planned = await call('export', ...options, '--dry-run');
    expect(planned.status).toBe(0);
    const plan = BundlePlanSchema.parse(JSON.parse(planned.stdout));
    expect(fs.existsSync(out)).toBe(false);
    const bundle = BundleSchema.parse(JSON.parse((await call('export', ...options)).stdout));
    const { name: _, files, arena, layers, ...facts } = plan;
    expect(bundle).toMatchObject(facts);
    expect(bundle.layers).toEqual(layers.map(({ tableBytes: _bytes, ...layer }) => layer));
    expect(Math.max(...arena.map(({ offset, bytes }) => offset + bytes))).toBeLessThanOrEqual(
      plan.arenaBytes,
    );
    expect(files.map((file) => file.path)).toEqual(bundle.files);
    const verified = await call('verify', out, '--samples', '20', '--json');
    const { host, samples } = JSON.parse(verified.stdout) as VerifyResult;
    expect(samples).toMatchObject({ asked: 20, taken: 20 });
    const total = 20 + samples.adversarial;
    if (host.ran) expect(host).toMatchObject({ matched: total, total });
    expect(verified.status).toBe(host.ran ? 0 : 2);
    const report = BundleReportSchema.parse(JSON.parse((await call('report', out, '--json')).stdout));
    expect(report.verification?.rows[0]).toMatchObject({
      core: 'host',
      ran: host.ran,
      matched: host.matched,
    });
    expect(report.columns.totalFlash).toBe(bundle.flashBytes);
  });

  it('--dry-run says so in words', async () => {
    const { stdout, status } = await call('export', run, '--format', 'zephyr', '--dry-run');
    expect(status).toBe(0);
    expect(stdout).toMatch(/as zephyr: \d+ files, .*; nothing was written/);
    expect(stdout).toMatch(/zephyr\/module\.yml\s+\d+/);
  });
});
