import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeCheckpoint } from '#shared/train/checkpoint.ts';
import type { TopicPayload } from '#shared/contract/topics/index.ts';
import { createHost, type Host } from '#main/host.ts';
import { nodeFork, type ForkJob } from '#main/jobs/host/index.ts';
import { trainingEntry } from '#main/platform/application.ts';
import { silentLog } from '#main/platform/log.ts';
import { bitsmith, startBitsmith } from '#test/support/command-line.ts';
import { cornersConfig, cornersDataFolder, type TestDataFolder } from '#test/support/data-folder.ts';

/**
 * A run that is killed with SIGKILL at any moment and resumed ends with the same bytes in its final weights as a run that
 * was never interrupted.
 */

let data: TestDataFolder;
let whole: Record<string, string>;
const config = cornersConfig({ epochs: 40, checkpointEvery: 3, metricsEvery: 1 });

function finalWeights(run: string): Record<string, string> {
  const folder = path.join(data.root, 'runs', run);
  const file = fs.readdirSync(folder).find((name) => name.includes('-final-'));
  if (!file) throw new Error(`no final checkpoint among ${fs.readdirSync(folder).join(', ')}`);
  const { tensors } = decodeCheckpoint(fs.readFileSync(path.join(folder, file)), file);
  return Object.fromEntries(
    [...tensors].map(([name, { data: numbers }]) => [
      name,
      Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength).toString('hex'),
    ]),
  );
}

async function withHost<T>(work: (host: Host, kill: () => void) => Promise<T>): Promise<T> {
  const pids: (number | undefined)[] = [];
  const fork: ForkJob = (run) => {
    const port = nodeFork({ entry: trainingEntry(), log: silentLog })(run);
    pids.push(port.pid);
    return port;
  };
  const host = await createHost({ dataFolder: data.root, shell: 'browser', fork });
  const kill = () => {
    const pid = pids.at(-1);
    if (pid !== undefined) process.kill(pid, 'SIGKILL');
  };
  try {
    return await work(host, kill);
  } finally {
    await host.dispose();
  }
}

beforeAll(async () => {
  data = await cornersDataFolder();
  whole = await withHost(async (host) => {
    const { id } = await host.services.run.start({ config });
    expect((await host.services.run.whenEnded(id)).status).toBe('finished');
    return finalWeights(id);
  });
});
afterAll(() => data.remove());

describe('a run that is killed and resumed', () => {
  it('ends with the bytes of a run that was not, however often its process is killed', () =>
    withHost(async (host, kill) => {
      // Killed before the first step, in the first epoch, right after a checkpoint, and late.
      const killAt = [0, 5, 48, 49, 300];
      const { id } = await host.services.run.start({ config });
      for (const [attempt, step] of killAt.entries()) {
        if (attempt > 0) await host.services.run.resume({ run: id });
        const leave = host.subscribe((topic, payload) => {
          const { points } = payload as TopicPayload<'metrics'>;
          if (topic === 'metrics' && points.some((point) => point.step >= step)) kill();
        });
        if (step === 0) kill();
        const ended = await host.services.run.whenEnded(id);
        leave();
        expect(ended.status).toBe('crashed');
        expect(ended.reason).toMatch(/SIGKILL/);
      }
      await host.services.run.resume({ run: id });
      expect((await host.services.run.whenEnded(id)).status).toBe('finished');
      expect(finalWeights(id)).toEqual(whole);
      const { series } = await host.services.run.series({ run: id });
      const loss = series.find(({ name }) => name === 'train/loss');
      expect(loss?.step).toEqual([...new Set(loss?.step)].sort((a, b) => a - b));
    }));

  it('ends with those bytes when the whole host is killed, and the store is whole', async () => {
    const file = path.join(data.root, 'config.json');
    fs.writeFileSync(file, JSON.stringify(config));
    const before = new Set(fs.readdirSync(path.join(data.root, 'runs')));
    const host = startBitsmith(['train', file, '--data-dir', data.root]);
    const started = () => fs.readdirSync(path.join(data.root, 'runs')).find((name) => !before.has(name));
    const checkpointed = () => {
      const run = started();
      return (
        run && fs.readdirSync(path.join(data.root, 'runs', run)).some((name) => name.endsWith('.safetensors'))
      );
    };
    while (!checkpointed()) {
      if (host.process.exitCode !== null) throw new Error((await host.done).stderr);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    host.process.kill('SIGKILL');
    expect((await host.done).signal).toBe('SIGKILL');
    const run = started() ?? '';
    const listed = await bitsmith(['runs', 'show', run, '--json', '--data-dir', data.root]);
    expect(listed.status).toBe(0);
    const resumed = await bitsmith(['resume', run, '--json', '--data-dir', data.root]);
    expect(resumed.stderr).not.toMatch(/corrupt/);
    expect(JSON.parse(resumed.stdout)).toMatchObject({ runId: run, status: 'finished' });
    expect(finalWeights(run)).toEqual(whole);
  });

  it('pauses on request and goes on to the same bytes', () =>
    withHost(async (host) => {
      const { id } = await host.services.run.start({ config });
      const leave = host.subscribe((topic, payload) => {
        const { points } = payload as TopicPayload<'metrics'>;
        if (topic === 'metrics' && points.some((point) => point.step > 30)) {
          leave();
          void host.services.run.pause({ run: id });
        }
      });
      expect((await host.services.run.whenEnded(id)).status).toBe('paused');
      await host.services.run.resume({ run: id });
      expect((await host.services.run.whenEnded(id)).status).toBe('finished');
      expect(finalWeights(id)).toEqual(whole);
    }));
});
