import * as fs from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { confusionApi, type Confusion, type ConfusionKey } from '#shared/contract/api/confusion.ts';
import { splitDataset } from '#shared/dataset/split.ts';
import { parseRunConfig } from '#shared/run/config.ts';
import type { CheckpointRecord, RunSummary } from '#shared/run/record.ts';
import { confusionTotals } from '#shared/train/predictions/confusion.ts';
import { createHost, type Host } from '#main/host.ts';
import { nodeFork } from '#main/jobs/host/index.ts';
import { trainingEntry } from '#main/platform/application.ts';
import { checkpointFile } from '#main/platform/data-folder.ts';
import { silentLog } from '#main/platform/log.ts';
import { cornersConfig, cornersDataFolder, type TestDataFolder } from '#test/support/data-folder.ts';

let data: TestDataFolder;
let host: Host;
let run: RunSummary;
let checkpoints: CheckpointRecord[];
const config = cornersConfig({ epochs: 2 });

beforeAll(async () => {
  data = await cornersDataFolder();
  const fork = nodeFork({ entry: trainingEntry(), log: silentLog });
  host = await createHost({ dataFolder: data.root, shell: 'browser', fork });
  const { id } = await host.services.run.start({ config });
  run = await host.services.run.whenEnded(id);
  checkpoints = host.store.checkpoints.list(id);
});
afterAll(async () => {
  await host.dispose();
  data.remove();
});

const keyOf = (kind: CheckpointRecord['kind'], split: 'validation' | 'test'): ConfusionKey => ({
  run: run.id,
  checkpoint: checkpoints.find((record) => record.kind === kind)?.id ?? '',
  split,
});

/** The state of a task once it is over. */
async function over(task: string) {
  for (;;) {
    const now = await host.services.task.get({ id: task });
    if (now.state !== 'running') return now;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function measured(key: ConfusionKey): Promise<Confusion> {
  const { task } = await host.services.confusion.measure(key);
  const { state, result, error } = await over(task);
  expect(state, error?.message).toBe('succeeded');
  return confusionApi.get.output.parse(result) as Confusion;
}

const ALL = {
  truth: null,
  predicted: null,
  mistakes: false,
  order: 'sure' as const,
  offset: 0,
  count: 200,
};
const accuracyOf = ({ classes, counts }: Confusion) =>
  confusionTotals({ classes: classes.length, counts }).accuracy;

describe('the confusion matrix of a checkpoint', () => {
  it('is computed once and kept, and says exactly what training measured of the test samples', async () => {
    const key = keyOf('final', 'test');
    expect(await host.services.confusion.get(key)).toBeNull();
    const found = await measured(key);
    expect(found).toMatchObject({ ...key, dataset: 'corners', part: 'test', current: true, device: 'wasm' });
    expect(found.counts.reduce((a, b) => a + b, 0)).toBe(100);
    expect(accuracyOf(found)).toBe(run.accuracy);
    expect(await host.services.confusion.get({ ...key, run: run.id.slice(0, -1) })).toEqual(found);
  });

  it('of the validation samples is that of the recorded accuracy, and names samples of the training part', async () => {
    const key = keyOf('best', 'validation');
    const record = checkpoints.find(({ id }) => id === key.checkpoint);
    const found = await measured(key);
    expect(found.part).toBe('train');
    expect(accuracyOf(found)).toBe(record?.validationAccuracy);
    const all = confusionApi.examples.output.parse(
      await host.services.confusion.examples({ ...ALL, ...key }),
    );
    const { dataset, seed } = parseRunConfig(config);
    const { validation } = splitDataset({ train: 400, test: 100 }, dataset, seed);
    expect(all.samples.map(({ index }) => index).toSorted((a, b) => a - b)).toEqual([...validation]);
    const sureness = all.samples.map(({ probability }) => probability);
    expect(sureness).toEqual(sureness.toSorted((a, b) => b - a));
    for (const { truth, predicted, probability, truthProbability } of all.samples) {
      expect(probability).toBeGreaterThanOrEqual(1 / found.classes.length);
      expect(truthProbability <= probability).toBe(true);
      if (truth === predicted) expect(truthProbability).toBe(probability);
    }
    const mistakes = await host.services.confusion.examples({ ...ALL, ...key, mistakes: true, count: 1 });
    expect(mistakes.total).toBe(all.total - Math.round((accuracyOf(found) ?? 0) * all.total));
  });

  it('is one task for two who ask at once, and can be cancelled', async () => {
    const key = keyOf('final', 'validation');
    const [first, second] = [
      await host.services.confusion.measure(key),
      await host.services.confusion.measure(key),
    ];
    expect(second).toEqual(first);
    await host.services.task.cancel({ id: first.task });
    expect((await over(first.task)).state).toBe('cancelled');
    expect(await host.services.confusion.get(key)).toBeNull();
    const again = await host.services.confusion.measure(key);
    expect(again.task).not.toBe(first.task);
    expect((await over(again.task)).state).toBe('succeeded');
  });

  it('goes with its checkpoint', async () => {
    const key = keyOf('best', 'validation');
    expect(await host.services.confusion.get(key)).not.toBeNull();
    host.store.checkpoints.remove(run.id, key.checkpoint);
    expect(host.store.predictions.find(run.id, key.checkpoint, 'validation')).toBeUndefined();
    expect(() => host.services.confusion.get(key)).toThrow(/has no checkpoint/);
  });

  it('fails with one sentence: no examples yet, no validation samples, a damaged checkpoint', async () => {
    const { id } = await host.services.run.start({
      config: {
        ...config,
        dataset: { name: 'corners', validation: 0 },
        training: { epochs: 1, batchSize: 100 },
      },
    });
    await host.services.run.whenEnded(id);
    const [last] = host.store.checkpoints.list(id);
    const bare = { run: id, checkpoint: last?.id ?? '', split: 'validation' as const };
    expect(() => host.services.confusion.examples({ ...ALL, ...bare })).toThrow(/were not looked at yet/);
    const refused = await over((await host.services.confusion.measure(bare)).task);
    expect(refused).toMatchObject({ state: 'failed', error: { code: 'invalid-input' } });
    expect(refused.error?.message).toContain('no validation samples');

    fs.appendFileSync(checkpointFile(host.folder, id, bare.checkpoint), '!');
    const damaged = await over((await host.services.confusion.measure({ ...bare, split: 'test' })).task);
    expect(damaged).toMatchObject({ state: 'failed', error: { code: 'corrupt' } });
  });
});
