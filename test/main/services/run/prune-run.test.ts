import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunConfig } from '#shared/run/config.ts';
import type { RunSummary } from '#shared/run/record.ts';
import type { SparsityReport } from '#shared/prune/sparsity-report.ts';
import { decodeCheckpoint } from '#shared/train/checkpoint.ts';
import { createHost, type Host } from '#main/host.ts';
import { cornersConfig, cornersDataFolder, type TestDataFolder } from '#test/support/data-folder.ts';

let data: TestDataFolder;
let host: Host;
let parent: RunSummary;

beforeAll(async () => {
  data = await cornersDataFolder();
  host = await createHost({ dataFolder: data.root, shell: 'browser' });
  parent = await ended(await host.services.run.start({ config: cornersConfig({ epochs: 5 }) }));
});
afterAll(async () => {
  await host.dispose();
  data.remove();
});

const ended = ({ id }: RunSummary) => host.services.run.whenEnded(id);
const prune = async (options: Record<string, unknown>, set: string[] = [], run = parent.id) =>
  ended(await host.services.run.prune({ run, options, set }));

function journal(run: string): string {
  return (host.services.run.events({ run }) as { message: string }[])
    .map(({ message }) => message)
    .join('\n');
}

function finalTensors(run: string) {
  const folder = path.join(data.root, 'runs', run);
  const name = fs.readdirSync(folder).find((each) => each.includes('-final-')) ?? '';
  return decodeCheckpoint(fs.readFileSync(path.join(folder, name)), name).tensors;
}

function masked(run: string, layer: string): number {
  const mask = Array.from(finalTensors(run).get(`${layer}/mask`)?.data ?? []);
  return mask.filter((open) => open === 0).length / mask.length;
}

describe('pruning a finished run', () => {
  it('is a run of its own that ends with the last level that keeps the accuracy', async () => {
    // Nothing is lost at the first level; nothing can be learned with four weights in all.
    const run = await prune({ levels: [0.25, 0.99], epochs: 2, tolerance: 0.1 });
    expect(run).toMatchObject({ kind: 'prune', parent: parent.id, status: 'finished', epochs: 4 });
    expect(masked(run.id, 'conv1')).toBeCloseTo(0.25, 1);
    expect(masked(run.id, 'out')).toBe(0.25);
    expect(run.accuracy).toBeGreaterThan((parent.accuracy ?? 0) - 0.15);
    expect(journal(run.id)).toMatch(/the state of the last good level is restored \(25\.00 %\)/);
    const { series } = await host.services.run.series({ run: run.id, names: ['pruning/good-sparsity'] });
    expect(series[0]?.value.at(-1)).toBe(0.25);
  });

  it('has settings over its configuration, and can be pruned again', async () => {
    const run = await prune({ levels: [0.5], epochs: 1, tolerance: 1, scope: 'global' }, [
      'training.pruning.layers.out=0',
    ]);
    expect(masked(run.id, 'out')).toBeNaN();
    const again = await prune({ levels: [0.75], epochs: 1, tolerance: 1 }, [], run.id);
    expect(again).toMatchObject({ kind: 'prune', parent: run.id });
    expect((host.store.runs.config(again.id) as RunConfig).training.pruning?.scope).toBe('global');
    const before = finalTensors(run.id).get('conv1/mask')?.data ?? new Float32Array();
    const after = finalTensors(again.id).get('conv1/mask')?.data ?? new Float32Array();
    expect([...after].every((open, i) => open <= (before[i] ?? 0))).toBe(true);
  });
});

describe('removing masked channels', () => {
  it('gives a smaller network, fine-tuned, that exports and measures like any other', async () => {
    const run = await prune({ levels: [0.5], epochs: 2, tolerance: 1, granularity: 'channel' });
    const smaller = await ended(await host.services.run.removeChannels({ run: run.id, set: [] }));
    expect(smaller).toMatchObject({ kind: 'train', parent: run.id, status: 'finished', epochs: 2 });
    expect(journal(smaller.id)).toMatch(
      /channels removed: conv1 6 → 3, depth 6 → 3; \d+ → \d+ parameters, 7296 → 3648 multiply-accumulates; validation accuracy [\d.]+ % with masks instead/,
    );
    expect(journal(smaller.id)).toMatch(/validation accuracy [\d.]+ % at the start/);
    const { model } = host.store.runs.config(smaller.id) as {
      model: { layers: { id: string; filters?: number }[] };
    };
    expect(model.layers.find(({ id }) => id === 'conv1')?.filters).toBe(3);
    expect([...finalTensors(smaller.id).keys()].filter((name) => name.endsWith('/mask'))).toEqual([]);
    const report = (await host.services.run.sparsity({ run: smaller.id, samples: 30 })) as SparsityReport;
    expect(report.samples).toBe(30);
    expect(report.weights.count).toBe(3 * 9 + 3 * 9 + 4 * 4 * 3 * 4);
    expect(report.word.dense).toBe(3648);
  });
});

describe('what cannot be pruned', () => {
  async function refused(work: () => unknown, message: RegExp): Promise<void> {
    const before = host.services.run.list({}) as RunSummary[];
    await expect(Promise.resolve().then(work)).rejects.toThrow(message);
    expect(host.services.run.list({})).toEqual(before);
    expect(fs.readdirSync(path.join(data.root, 'runs'))).toHaveLength(before.length);
  }

  it.each([
    [
      'levels that do not rise',
      { levels: [0.5, 0.4] },
      [],
      /levels\[1\]" is 0.4; must be above the one before it \(0.5\)/,
    ],
    ['a sparsity above 1', { levels: [1.5] }, [], /"training.pruning.rounds.levels\[0\]" is 1.5/],
    ['a tolerance above 1', { tolerance: 2 }, [], /"training.pruning.rounds.tolerance" is 2/],
    [
      'a layer that does not exist',
      {},
      ['training.pruning.layers.conv7=0.5'],
      /layers.conv7" is no layer with weights/,
    ],
    [
      'no split to judge by',
      {},
      ['dataset.validation=0'],
      /"dataset.validation" is 0, but pruning rounds are judged/,
    ],
    [
      'channels of the output',
      { granularity: 'channel' },
      ['training.pruning.layers.out=0.5'],
      /its channels are the classes/,
    ],
  ] as const)('%s', (_title, options, set, message) =>
    refused(
      () => host.services.run.prune({ run: parent.id, options: options as never, set: [...set] }),
      message,
    ),
  );

  it('a run that does not exist, or is not finished', async () => {
    await refused(
      () => host.services.run.prune({ run: 'zzz', options: {}, set: [] }),
      /there is no run "zzz"/,
    );
    const live = await host.services.run.start({ config: cornersConfig({ epochs: 300 }) });
    await refused(
      () => host.services.run.prune({ run: live.id, options: {}, set: [] }),
      /only a finished run can be pruned/,
    );
    host.services.run.stop({ run: live.id });
    await ended(live);
    await refused(
      () => host.services.run.removeChannels({ run: live.id, set: [] }),
      /is stopped; only a finished run/,
    );
  });

  it('channels of a run that has none masked', () =>
    refused(
      () => host.services.run.removeChannels({ run: parent.id, set: [] }),
      /has no channel that is masked as a whole/,
    ));
});
