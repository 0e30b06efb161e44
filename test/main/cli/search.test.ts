import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bitsmith, startBitsmith, type Finished } from '#test/support/command-line.ts';
import { cornersConfig, cornersDataFolder, type TestDataFolder } from '#test/support/data-folder.ts';

/** Searches with real training on the small data set `corners`, as a person starts them. */

let data: TestDataFolder;
beforeAll(async () => {
  data = await cornersDataFolder();
});
afterAll(() => data.remove());

interface Result {
  searchId: string;
  status: string;
  reason: string;
  best: { run: string; trial: number; values: Record<string, unknown>; objective: number; epochs: number };
  history: {
    trial: number;
    run: string;
    values: Record<string, unknown>;
    generation: number | null;
    status: string;
    epochs: number;
    objective: number;
  }[];
}

function run(training: Record<string, unknown> = {}): Record<string, unknown> {
  return { ...cornersConfig({ epochs: 1, ...training }), seed: 3 };
}

function configFile(document: unknown): string {
  const file = path.join(data.root, '..', 'search.json');
  fs.writeFileSync(file, JSON.stringify(document));
  return file;
}

function call(...args: string[]): Promise<Finished> {
  return bitsmith([...args, '--json', '--data-dir', data.root]);
}

async function search(document: unknown): Promise<Result> {
  const { status, stdout, stderr } = await call('search', configFile(document));
  expect(stderr).not.toMatch(/bitsmith:/);
  expect(status).toBe(0);
  return JSON.parse(stdout) as Result;
}

/** What two searches that found the same have in common: everything but the ids of runs. */
function found({ best, history }: Result) {
  return {
    best: best.trial,
    history: history.map(({ run: _run, ...rest }) => rest),
  };
}

describe('bitsmith search', () => {
  it('trains a grid of four and says which is best', async () => {
    const { stdout, stderr, status } = await call(
      'search',
      configFile({
        name: 'rates',
        run: run(),
        space: {
          'training.learningRate': { values: [1e-6, 0.01] },
          'training.batchSize': { values: [20, 40] },
        },
        algorithm: { kind: 'grid' },
      }),
      '--concurrency',
      '2',
      '--device',
      'wasm',
    );
    expect(status).toBe(0);
    expect(stderr).toMatch(/trial 1 begins: training\.learningRate = 0\.000001, training\.batchSize = 20/);
    expect(stderr).toMatch(/trial 4 finished: validation\/accuracy [\d.]+ %, rank \d/);
    const result = JSON.parse(stdout) as Result;
    expect(result.history).toHaveLength(4);
    expect(result.best.values['training.learningRate']).toBe(0.01);
    expect(result.best.objective).toBe(Math.max(...result.history.map(({ objective }) => objective)));
    const runs = JSON.parse((await call('runs', 'list')).stdout) as {
      id: string;
      tags: string[];
      name: string;
    }[];
    const mine = runs.filter(({ tags }) => tags.includes(`search:${result.searchId}`));
    expect(mine.map(({ name }) => name).sort()).toEqual(['rates #1', 'rates #2', 'rates #3', 'rates #4']);
    const listed = JSON.parse((await call('search', 'list')).stdout) as { id: string; status: string }[];
    expect(listed).toMatchObject([{ id: result.searchId, status: 'finished' }]);
    const shown = await bitsmith(['search', 'show', result.searchId, '--data-dir', data.root]);
    expect(shown.stdout).toMatch(/rank +trial +run .*training\.learningRate/);
    expect(shown.stdout.split('\n').filter((line) => line.includes('finished'))).toHaveLength(5);
  });

  it('that is killed while it evolves, and resumed, comes to what it would have come to', async () => {
    const document = {
      name: 'genes',
      run: {
        ...run(),
        quantization: { weights: { method: 'tot-net' }, activations: { method: 'tot-net' } },
      },
      space: {
        'quantization.activations.left': { values: ['relu', 'tanh', 'leaky-relu'] },
        'quantization.activations.right': { values: ['relu', 'sigmoid', 'hard-tanh'] },
      },
      algorithm: { kind: 'evolutionary', population: 4, generations: 2, retain: 0.5, randomSelect: 0 },
    };
    const whole = await search(document);
    expect(whole.history.map(({ generation }) => generation)).toEqual([0, 0, 0, 0, 1, 1]);

    const killed = startBitsmith(['search', configFile(document), '--data-dir', data.root]);
    let stderr = '';
    await new Promise<void>((resolve) => {
      killed.process.stderr?.on('data', (chunk: Buffer) => {
        stderr += chunk.toString();
        if (stderr.includes('trial 3 begins')) resolve();
      });
      void killed.done.then(() => resolve());
    });
    killed.process.kill('SIGKILL');
    expect((await killed.done).signal).toBe('SIGKILL');

    const listed = JSON.parse((await call('search', 'list')).stdout) as { id: string; status: string }[];
    const [crashed] = listed;
    expect(crashed?.status).toBe('crashed');
    const id = crashed?.id ?? '';

    const other = configFile({ ...document, algorithm: { ...document.algorithm, mutation: 0.9 } });
    const refused = await call('search', 'resume', id, '--config', other);
    expect(refused.status).toBe(2);
    expect(refused.stderr).toMatch(/another configuration: algorithm\.mutation was 0\.3 and is 0\.9/);

    const resumed = await call('search', 'resume', id, '--config', configFile(document));
    expect(resumed.status).toBe(0);
    const result = JSON.parse(resumed.stdout) as Result;
    expect(result.searchId).toBe(id);
    expect(found(result)).toEqual(found(whole));
  });

  it('halves successively, and a promoted trial is the run that it would have been', async () => {
    const rates = { 'training.learningRate.initial': { min: 1e-6, max: 0.05, scale: 'log' } };
    const training = { epochs: 4, learningRate: { kind: 'cosine', initial: 0.01, final: 1e-6 } };
    const result = await search({
      run: run(training),
      space: rates,
      algorithm: { kind: 'asha', trials: 4, minEpochs: 1, reduction: 2 },
    });
    expect(result.reason).toBe('all 4 trials are done');
    const epochs = result.history.map((trial) => trial.epochs).sort();
    expect(epochs[0]).toBe(1);
    expect(epochs.at(-1)).toBe(4);
    for (const trial of result.history)
      expect(trial.status).toBe(trial.epochs === 4 ? 'finished' : 'stopped');

    const promoted = result.history.find((trial) => trial.epochs === 4);
    const initial = promoted?.values['training.learningRate.initial'];
    const config = run({ ...training, learningRate: { ...training.learningRate, initial } });
    const alone = await call('train', configFile(config));
    const show = async (id: string) =>
      (JSON.parse((await call('runs', 'show', id)).stdout) as { summary: Record<string, unknown> }).summary;
    const { accuracy, loss, bestValidationAccuracy } = await show(
      (JSON.parse(alone.stdout) as { runId: string }).runId,
    );
    expect(await show(promoted?.run ?? '')).toMatchObject({ accuracy, loss, bestValidationAccuracy });
  });

  it('pauses cleanly on Ctrl-C and says how to go on', async () => {
    const document = {
      run: run({ epochs: 200 }),
      space: { 'training.batchSize': { values: [20, 40] } },
      algorithm: { kind: 'grid' },
    };
    const asked = startBitsmith(['search', configFile(document), '--data-dir', data.root]);
    await new Promise<void>((resolve) => {
      asked.process.stderr?.on('data', (chunk: Buffer) => {
        if (chunk.toString().includes('trial 1 begins')) resolve();
      });
      void asked.done.then(() => resolve());
    });
    asked.process.kill('SIGINT');
    const { status, stderr, stdout } = await asked.done;
    expect(stderr).toMatch(/bitsmith: search \w+ is paused; go on with `bitsmith search resume \w+`/);
    expect(stdout).toMatch(/is paused: Bitsmith was closed/);
    expect(status).toBe(1);
    const id = /resume (\w+)/.exec(stderr)?.[1] ?? '';
    expect((await call('search', 'delete', id, '--runs')).status).toBe(0);
    expect((await call('search', 'show', id)).status).toBe(2);
  });

  it('refuses what cannot be with status 2 and stores nothing', async () => {
    const before = [(await call('search', 'list')).stdout, (await call('runs', 'list')).stdout];
    const space = { 'training.batchSize': { values: [20, 40] } };
    const wrong: [Record<string, unknown>, RegExp][] = [
      [{ space: { 'training.rate': { values: [1, 2] } } }, /unknown field "training\.rate"/],
      [{ algorithm: { kind: 'evolutionary', population: 1 } }, /"algorithm\.population" is 1/],
      [{ run: { ...run(), dataset: { name: 'mnist' } } }, /the data set mnist is not here yet/],
      [{ space: { 'training.batchSize': { values: [20, 5000] } } }, /"training\.batchSize" is 5000/],
    ];
    for (const [over, message] of wrong) {
      const { status, stderr, stdout } = await call('search', configFile({ run: run(), space, ...over }));
      expect(stderr).toMatch(message);
      expect(stderr.split('\n').filter((line) => line.startsWith('bitsmith:'))).toHaveLength(1);
      expect(status).toBe(2);
      expect(stdout).toBe('');
    }
    expect([(await call('search', 'list')).stdout, (await call('runs', 'list')).stdout]).toEqual(before);
  });
});
