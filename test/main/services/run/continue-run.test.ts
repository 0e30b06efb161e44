import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunSummary } from '#shared/run/record.ts';
import { decodeCheckpoint } from '#shared/train/checkpoint.ts';
import { createHost, type Host } from '#main/host.ts';
import { nodeFork } from '#main/jobs/host/index.ts';
import { trainingEntry } from '#main/platform/application.ts';
import { silentLog } from '#main/platform/log.ts';
import { cornersConfig, cornersDataFolder, type TestDataFolder } from '#test/support/data-folder.ts';

let data: TestDataFolder;
let host: Host;
/** Never interrupted; and the same, paused at the end of its first epoch. */
let whole: RunSummary;
let paused: RunSummary;
/** Without latent weights, with noise, with an average of its own: everything that a state can hold. */
const base: Record<string, unknown> = {
  ...cornersConfig({ epochs: 3, learningRate: { kind: 'cosine', initial: 0.01, final: 0.0001 } }),
  quantization: { weights: { method: 'twn' }, activations: { method: 'gxnor' } },
};

beforeAll(async () => {
  data = await cornersDataFolder();
  const fork = nodeFork({ entry: trainingEntry(), log: silentLog });
  host = await createHost({ dataFolder: data.root, shell: 'browser', fork });
  whole = await train(base);
  const { id } = await host.services.run.start({ config: base }, { untilEpoch: 1 });
  paused = await host.services.run.whenEnded(id);
});
afterAll(async () => {
  await host.dispose();
  data.remove();
});

async function train(config: unknown): Promise<RunSummary> {
  const { id } = await host.services.run.start({ config });
  return host.services.run.whenEnded(id);
}

/** Tensors of a run's checkpoint after `step` steps, by name. */
function state(run: string, kind: string): Record<string, number[]> {
  const folder = path.join(data.root, 'runs', run);
  const name = fs
    .readdirSync(folder)
    .filter((each) => !each.startsWith('initial-'))
    .find((each) => each.includes(kind));
  if (!name) throw new Error(`run ${run} has no checkpoint ${kind}`);
  const { tensors } = decodeCheckpoint(fs.readFileSync(path.join(folder, name)), name);
  return Object.fromEntries([...tensors].map(([key, { data: values }]) => [key, Array.from(values)]));
}

const forked = (
  over: Record<string, unknown> = {},
  training: Record<string, unknown> = {},
): Record<string, unknown> => ({
  ...base,
  training: { ...(base.training as object), ...training },
  initialize: { run: paused.id, state: 'training' },
  ...over,
});

describe('a run that goes on with all of another one’s state', () => {
  it('ends with the bytes of the run that was never interrupted', async () => {
    const run = await train(forked());
    expect(run).toMatchObject({ status: 'finished', parent: paused.id, epochsDone: 3 });
    expect(run.stepsDone).toBe(whole.stepsDone);
    expect(state(run.id, '-final-')).toEqual(state(whole.id, '-final-'));
    expect(run.accuracy).toBe(whole.accuracy);
    const { series } = await host.services.run.series({ run: run.id, names: ['train/loss'] });
    const { series: of } = await host.services.run.series({ run: whole.id, names: ['train/loss'] });
    const tail = of[0]?.value.slice(-(series[0]?.value.length ?? 0));
    expect(series[0]?.value).toEqual(tail);
    expect(series[0]?.value.length).toBeLessThan(of[0]?.value.length ?? 0);
  });

  it('is not the same run when only the weights are taken', async () => {
    const config = forked();
    const run = await train({
      ...config,
      initialize: { ...(config.initialize as object), state: 'weights' },
    });
    expect(state(run.id, '-final-')).not.toEqual(state(whole.id, '-final-'));
  });

  it('may have another schedule and more epochs, and goes on from where it stood', async () => {
    const run = await train(forked({}, { epochs: 4, learningRate: 0.001 }));
    expect(run).toMatchObject({ status: 'finished', epochsDone: 4, epochs: 4 });
    const { series } = await host.services.run.series({ run: run.id, names: ['learning-rate'] });
    expect(Math.min(...(series[0]?.epoch ?? [0]))).toBeGreaterThan(1);
    expect(new Set(series[0]?.value)).toEqual(new Set([0.001]));
  });

  it('is resumed from there when it is stopped before its first checkpoint', async () => {
    const { id } = await host.services.run.start({ config: forked({}, { checkpointEvery: 50 }) });
    await host.services.run.stop({ run: id });
    await host.services.run.whenEnded(id);
    await host.services.run.resume({ run: id });
    await host.services.run.whenEnded(id);
    expect(state(id, '-final-')).toEqual(state(whole.id, '-final-'));
  });

  it.each<[what: string, over: Record<string, unknown>, training: Record<string, unknown>, words: RegExp]>([
    ['another seed', { seed: 2 }, {}, /"seed" must stay 1, and is 2/],
    ['another batch', {}, { batchSize: 40 }, /"training\.batchSize" must stay 20, and is 40/],
    ['another optimizer', {}, { optimizer: { kind: 'sgd' } }, /"training\.optimizer\.kind" must stay "adam"/],
    ['no epoch left', {}, { epochs: 1 }, /"training\.epochs" must be above the 1 that are done/],
    ['another split', { dataset: { name: 'corners', validation: 0.1 } }, {}, /"dataset\.validation"/],
    ['another method', { quantization: { weights: { method: 'bnn' } } }, {}, /differs at layer "conv1"/],
  ])('is refused before anything is stored with %s', async (_, over, training, words) => {
    const before = await host.services.run.list({});
    const config = forked(over, training);
    await expect(host.services.run.check({ config })).rejects.toThrow(words);
    await expect(host.services.run.start({ config })).rejects.toThrow(/or take its weights only/);
    expect(await host.services.run.list({})).toEqual(before);
  });
});
