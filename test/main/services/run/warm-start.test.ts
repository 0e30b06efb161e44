import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeCheckpoint, type Checkpoint } from '#shared/train/checkpoint.ts';
import type { RunSummary } from '#shared/run/record.ts';
import { createHost, type Host } from '#main/host.ts';
import { nodeFork, type ForkJob } from '#main/jobs/host/index.ts';
import { trainingEntry } from '#main/platform/application.ts';
import { silentLog } from '#main/platform/log.ts';
import { cornersConfig, cornersDataFolder, type TestDataFolder } from '#test/support/data-folder.ts';

let data: TestDataFolder;
let host: Host;
let parent: RunSummary;
const pids: (number | undefined)[] = [];

const fork: ForkJob = (run) => {
  const port = nodeFork({ entry: trainingEntry(), log: silentLog })(run);
  pids.push(port.pid);
  return port;
};

beforeAll(async () => {
  data = await cornersDataFolder();
  host = await createHost({ dataFolder: data.root, shell: 'browser', fork });
  parent = await train(cornersConfig({ epochs: 2 }));
});
afterAll(async () => {
  await host.dispose();
  data.remove();
});

/** Ends the process of the run that was started last. */
function kill(): void {
  const pid = pids.at(-1);
  if (pid !== undefined) process.kill(pid, 'SIGKILL');
}

async function train(config: unknown): Promise<RunSummary> {
  const { id } = await host.services.run.start({ config });
  return host.services.run.whenEnded(id);
}

const child = (
  over: Record<string, unknown> = {},
  training: Record<string, unknown> = {},
): Record<string, unknown> => ({
  ...cornersConfig({ epochs: 1, ...training }),
  initialize: { run: parent.id },
  ...over,
});

function filesOf(run: string): string[] {
  return fs.readdirSync(path.join(data.root, 'runs', run));
}

function read(run: string, part: string): Checkpoint {
  const name = filesOf(run).find((each) => each.includes(part));
  if (!name) throw new Error(`no ${part} among ${filesOf(run).join(', ')}`);
  return decodeCheckpoint(fs.readFileSync(path.join(data.root, 'runs', run, name)), name);
}

function journal(run: string): string[] {
  return (host.services.run.events({ run }) as { message: string }[]).map(({ message }) => message);
}

function numbers(checkpoint: Checkpoint): Record<string, number[]> {
  return Object.fromEntries(
    [...checkpoint.tensors].map(([name, { data: values }]) => [name, Array.from(values)]),
  );
}

describe('a run that starts from another run', () => {
  it('copies its variables, names it in full, and tells the accuracy that they give', async () => {
    const run = await train(child({ initialize: { run: parent.id.slice(0, -2) } }));
    expect(run).toMatchObject({ status: 'finished', parent: parent.id, kind: 'train' });
    const final = filesOf(parent.id)
      .find((name) => name.includes('-final-'))
      ?.replace('.safetensors', '');
    const { config } = await host.services.run.get({ run: run.id });
    expect(config).toMatchObject({ initialize: { run: parent.id, checkpoint: final } });
    const start = read(run.id, 'initial-');
    const old = read(parent.id, '-final-');
    expect([...start.tensors.keys()]).toEqual([...old.tensors.keys()].filter((name) => !name.includes(':')));
    expect(start.tensors.get('conv1/kernel')).toEqual(old.tensors.get('conv1/kernel'));
    expect(journal(run.id)).toContain(`starts from checkpoint ${final} of run ${parent.id}`);
    const told = journal(run.id).find((message) => message.includes('at the start'));
    const { series } = await host.services.run.series({ run: parent.id, names: ['validation/accuracy'] });
    const accuracy = ((series[0]?.value.at(-1) ?? 0) * 100).toFixed(2);
    expect(told).toBe(`validation accuracy ${accuracy} % at the start`);
  });

  it('ends with the bytes of an uninterrupted run when it is killed before its first checkpoint, its parent deleted', async () => {
    const config = {
      ...child({}, { epochs: 2, checkpointEvery: 50 }),
      dataset: { name: 'corners', validation: 0 },
    };
    const whole = await train(config);
    const other = await train(cornersConfig({ epochs: 2 }));
    const { id } = await host.services.run.start({ config: { ...config, initialize: { run: other.id } } });
    kill();
    const killed = await host.services.run.whenEnded(id);
    expect(killed.status).toBe('crashed');
    expect(filesOf(id).filter((name) => !name.startsWith('initial-'))).toEqual([]);
    await host.services.run.delete({ runs: [other.id] });
    await host.services.run.resume({ run: id });
    expect((await host.services.run.whenEnded(id)).status).toBe('finished');
    expect(journal(id)).toContain('resumed from the beginning: there is no checkpoint yet');
    expect(numbers(read(id, '-final-'))).toEqual(numbers(read(whole.id, '-final-')));
  });

  it('may have another method: its own scales begin anew, weights without latent values become numbers', async () => {
    const discrete = await train({
      ...cornersConfig({ epochs: 1 }),
      quantization: { weights: { method: 'gxnor' } },
    });
    const run = await train(
      child({ quantization: { weights: { method: 'ttq' } }, initialize: { run: discrete.id } }),
    );
    expect(run.status).toBe('finished');
    const kernel = new Set(read(run.id, 'initial-').tensors.get('conv1/kernel')?.data);
    expect([...kernel].sort()).toEqual([-1, 0, 1]);
  });

  it('keeps the new layers of its own network, and says which', async () => {
    const config = child();
    const layers = (config.model as { layers: { id: string }[] }).layers.map((layer) =>
      layer.id === 'out' ? { ...layer, id: 'head' } : layer,
    );
    const run = await train({ ...config, model: { ...(config.model as object), layers } });
    expect(journal(run.id).join('\n')).toMatch(/; begins anew: head\/kernel/);
  });

  it('takes the newest sound checkpoint where the final one is damaged', async () => {
    const broken = await train(cornersConfig({ epochs: 2 }));
    const final = filesOf(broken.id).find((name) => name.includes('-final-')) ?? '';
    fs.truncateSync(path.join(data.root, 'runs', broken.id, final), 100);
    const run = await train(child({ initialize: { run: broken.id } }));
    expect(journal(run.id).join('\n')).toMatch(/starts from checkpoint 0+32-(best|epoch)-/);
    for (const name of filesOf(broken.id))
      fs.truncateSync(path.join(data.root, 'runs', broken.id, name), 100);
    await expect(train(child({ initialize: { run: broken.id } }))).rejects.toThrow(
      /cannot be started from: .*SHA-256/,
    );
  });
});

describe('what cannot be started from', () => {
  it.each([
    ['a run that does not exist', { initialize: { run: 'zzz' } }, /zzz/],
    [
      'a checkpoint that does not exist',
      () => ({ initialize: { run: parent.id, checkpoint: 'epoch-9' } }),
      /has no checkpoint "epoch-9"; it has: /,
    ],
    [
      'a kernel of another shape',
      () => {
        const model = cornersConfig().model as { layers: { id: string }[] };
        return {
          model: { ...model, layers: model.layers.map((l) => (l.id === 'conv1' ? { ...l, filters: 7 } : l)) },
        };
      },
      /"initialize": variable "conv1\/kernel" of run .* has shape \[3, 3, 1, 6\], but this network needs \[3, 3, 1, 7\]/,
    ],
    [
      'another network altogether',
      {
        model: {
          version: 1,
          name: 'other',
          input: { shape: [8, 8, 1] },
          layers: [
            { id: 'f', kind: 'flatten' },
            { id: 'd', kind: 'dense', units: 4 },
          ],
        },
      },
      /has no layer with weights that this network has too \(d\/kernel\)/,
    ],
  ])('%s', async (_title, over, message) => {
    const before = host.services.run.list({}) as RunSummary[];
    const folders = fs.readdirSync(path.join(data.root, 'runs'));
    await expect(train(child(typeof over === 'function' ? over() : over))).rejects.toThrow(message);
    expect(host.services.run.list({})).toEqual(before);
    expect(fs.readdirSync(path.join(data.root, 'runs'))).toEqual(folders);
  });

  it('a starting file that was changed afterwards: the run says so and does not train', async () => {
    const { id } = await host.services.run.start({ config: child({}, { epochs: 1 }) });
    kill();
    await host.services.run.whenEnded(id);
    const name = filesOf(id).find((each) => each.startsWith('initial-')) ?? '';
    const file = path.join(data.root, 'runs', id, name);
    const bytes = fs.readFileSync(file);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    fs.writeFileSync(file, bytes);
    await host.services.run.resume({ run: id });
    const ended = await host.services.run.whenEnded(id);
    expect(ended.status).toBe('failed');
    expect(ended.reason).toMatch(/its content is not what was written/);
  });
});
