import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { toErrorData } from '#shared/base/errors.ts';
import { datasetApi } from '#shared/contract/api/dataset.ts';
import type { Task } from '#shared/contract/api/task.ts';
import type { HttpSource } from '#main/services/dataset/catalogue/types.ts';
import { createDatasetService } from '#main/services/dataset/index.ts';
import type { TaskRunner } from '#main/services/task/types.ts';
import { serveFiles, type FileServer } from '#test/support/dataset-server.ts';
import { temporaryDirectory, writeIdxFolder } from '#test/support/datasets.ts';
import { forkWithoutNeighbours } from '#test/support/answering-fork.ts';

let folder: string;
let server: FileServer;
beforeEach(async () => {
  folder = temporaryDirectory();
  const files = writeIdxFolder(path.join(folder, 'source'), { classes: 10 });
  server = await serveFiles(
    Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, { bytes }])),
  );
});
afterEach(async () => {
  await server.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

/** The least task runner that the service can work with. */
function taskRunner(): { tasks: TaskRunner; started: { task: Task; done: Promise<unknown> }[] } {
  const started: { task: Task; done: Promise<unknown> }[] = [];
  return {
    started,
    tasks: {
      start(title, labels, work) {
        const task: Task = {
          id: `task-${started.length + 1}`,
          title,
          labels,
          state: 'running',
          progress: null,
          message: '',
          error: null,
          result: null,
          startedAt: '',
          endedAt: null,
        };
        const done = work({
          id: task.id,
          signal: new AbortController().signal,
          report: (progress, message) => Object.assign(task, { progress, message }),
        }).then(
          (result) => {
            Object.assign(task, { state: 'succeeded', result });
            return result;
          },
          (error: unknown) => {
            Object.assign(task, { state: 'failed', error: toErrorData(error) });
            throw error;
          },
        );
        done.catch(() => undefined);
        started.push({ task, done });
        return { task, done };
      },
    },
  };
}

function service() {
  const { tasks, started } = taskRunner();
  const changed: string[] = [];
  const source: HttpSource = {
    kind: 'http',
    id: 'local',
    title: 'here',
    base: server.base,
    files: Object.keys(idxNames).map((name) => ({
      name,
      bytes: fs.statSync(path.join(folder, 'source', name)).size,
    })),
    format: 'idx',
    sha256: null,
  };
  const calls = createDatasetService({
    dataFolder: path.join(folder, 'data'),
    tasks,
    fork: forkWithoutNeighbours,
    onChanged: (name) => changed.push(name),
    sources: () => [source],
  });
  return { calls, started, changed };
}

const idxNames = {
  'train-images-idx3-ubyte': 0,
  'train-labels-idx1-ubyte': 0,
  't10k-images-idx3-ubyte': 0,
  't10k-labels-idx1-ubyte': 0,
};
const importMine = { path: '', kind: 'idx' as const, name: 'mine' };

describe('the data set service', () => {
  it('gets a set in a task, tells of it, and shows it in the catalogue', async () => {
    const { calls, started, changed } = service();
    const row = async () => (await calls.catalogue({})).find(({ name }) => name === 'mnist')!;
    expect(await row()).toMatchObject({ installed: false, classes: 10, downloadBytes: 11594722 });
    const { task } = await calls.get({ name: 'mnist' });
    expect(started[0]!.task).toMatchObject({ id: task, labels: { dataset: 'mnist' } });
    const info = await started[0]!.done;
    expect(changed).toEqual(['mnist']);
    expect(await row()).toMatchObject({ installed: true });
    expect(await calls.show({ name: 'mnist' })).toEqual(info);
    expect(await calls.list({})).toEqual([info]);
  });

  it('answers as the contract says', async () => {
    const { calls, started } = service();
    await calls.get({ name: 'mnist' });
    await started[0]!.done;
    const check = (schema: z.ZodType, value: unknown) => expect(schema.parse(value)).toEqual(value);
    check(datasetApi.catalogue.output, await calls.catalogue({}));
    check(datasetApi.list.output, await calls.list({}));
    check(datasetApi.show.output, await calls.show({ name: 'mnist' }));
    check(
      datasetApi.samples.output,
      await calls.samples({ name: 'mnist', split: 'train', offset: 0, count: 3 }),
    );
  });

  it('shares one task between two requests for the same set', async () => {
    const { calls, started } = service();
    const first = await calls.get({ name: 'mnist' });
    expect(await calls.get({ name: 'mnist' })).toEqual(first);
    expect(started).toHaveLength(1);
    expect(() => calls.remove({ name: 'mnist' })).toThrow(/is being installed right now/);
    await started[0]!.done;
    await calls.get({ name: 'mnist' });
    expect(started).toHaveLength(2);
    await started[1]!.done;
  });

  it('refuses an unknown set before it starts anything', () => {
    const { calls, started } = service();
    expect(() => calls.get({ name: 'mnst' })).toThrow(/Did you mean "mnist"/);
    expect(started).toHaveLength(0);
  });

  it('imports, hands out samples, and removes', async () => {
    const { calls, started, changed } = service();
    await calls.import({ ...importMine, path: path.join(folder, 'source') });
    expect(() => calls.import({ ...importMine, path: folder })).toThrow(/is being installed right now/);
    await started[0]!.done;
    const samples = await calls.samples({ name: 'mine', split: 'test', offset: 8, count: 100 });
    expect(samples).toMatchObject({ shape: [4, 3, 1], labels: [8, 9] });
    const file = fs.readFileSync(path.join(folder, 'source', 't10k-images-idx3-ubyte'));
    expect(Buffer.from(samples.pixels, 'base64')).toEqual(file.subarray(16 + 8 * 12));
    expect((await calls.samples({ name: 'mine', split: 'test', offset: 99, count: 5 })).labels).toEqual([]);
    await calls.remove({ name: 'mine' });
    expect(changed).toEqual(['mine', 'mine']);
    expect(await calls.list({})).toEqual([]);
  });

  it('leaves a failed import to its task and can start it again', async () => {
    const { calls, started, changed } = service();
    await calls.import({ ...importMine, path: path.join(folder, 'nothing-here') });
    await expect(started[0]!.done).rejects.toMatchObject({ code: 'not-found' });
    expect(changed).toEqual([]);
    await calls.import({ ...importMine, path: path.join(folder, 'source') });
    await started[1]!.done;
    expect(changed).toEqual(['mine']);
  });
});
