import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as tar from 'tar';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { datasetApi, ImportPreviewSchema } from '#shared/contract/api/dataset.ts';
import type { Task } from '#shared/contract/api/task.ts';
import { createDatasetService } from '#main/services/dataset/index.ts';
import { createTaskRegistry } from '#main/services/task/task-registry.ts';
import { cifarBatch, idxFile, noise, temporaryDirectory, writeIdxFolder } from '#test/support/datasets.ts';
import { nodeFork, type ForkJob } from '#main/jobs/host/index.ts';
import { trainingEntry } from '#main/platform/application.ts';
import { silentLog } from '#main/platform/log.ts';
import { answeringFork, forkWithoutNeighbours } from '#test/support/answering-fork.ts';

let folder: string;
let dataFolder: string;
let source: string;
beforeEach(() => {
  folder = temporaryDirectory();
  dataFolder = path.join(folder, 'data');
  source = path.join(folder, 'source');
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

/** The service on real tasks. */
function service(fork = forkWithoutNeighbours) {
  const ended = new Map<string, (task: Task) => void>();
  const tasks = createTaskRegistry({
    publish: (topic, payload) => {
      const task = payload as Task;
      if (topic === 'task-changed' && task.state !== 'running') ended.get(task.id)?.(task);
    },
  });
  const calls = createDatasetService({ dataFolder, tasks, fork, onChanged: () => undefined });
  const finish = async ({ task }: { task: string }) =>
    new Promise<Task>((resolve) => {
      ended.set(task, resolve);
      const now = tasks.service.get({ id: task }) as Task;
      if (now.state !== 'running') resolve(now);
    });
  return { calls, tasks, finish };
}

const everything = () =>
  fs.existsSync(dataFolder)
    ? fs.readdirSync(dataFolder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    : [];

describe('looking at a place before an import', () => {
  it('names the files that would be read, their parts and sizes, and why other kinds do not fit', async () => {
    writeIdxFolder(source, { gzip: true });
    const { calls } = service();
    const plan = await calls.inspect({ path: source });
    expect(datasetApi.inspect.output.parse(plan)).toEqual(plan);
    const of = (kind: string) => plan.kinds.find((one) => one.kind === kind);
    const [idx, cifar] = [of('idx'), of('cifar-binary')];
    expect(idx).toMatchObject({ kind: 'idx', reason: null });
    expect(idx?.files.map(({ name, split, part }) => [name, split, part])).toEqual([
      ['train-images-idx3-ubyte.gz', 'train', 'images'],
      ['train-labels-idx1-ubyte.gz', 'train', 'labels'],
      ['t10k-images-idx3-ubyte.gz', 'test', 'images'],
      ['t10k-labels-idx1-ubyte.gz', 'test', 'labels'],
    ]);
    expect(idx?.files[0]?.bytes).toBe(fs.statSync(path.join(source, 'train-images-idx3-ubyte.gz')).size);
    expect(cifar?.reason).toMatch(/has no file data_batch_1\.bin/);
    expect(plan).toMatchObject({ path: source, files: 4, name: 'source' });
    expect(everything()).toEqual([]);
  });

  it('looks into an archive without unpacking it', async () => {
    fs.mkdirSync(source);
    fs.writeFileSync(
      path.join(source, 'data_batch_1.bin'),
      cifarBatch([0, 1], () => noise(3072)),
    );
    fs.writeFileSync(
      path.join(source, 'test_batch.bin'),
      cifarBatch([1], () => noise(3072)),
    );
    const archive = path.join(folder, 'My Set.tar.gz');
    tar.c({ file: archive, cwd: folder, gzip: true, sync: true }, ['source']);
    const { calls } = service();
    const plan = await calls.inspect({ path: archive });
    const fitting = plan.kinds.filter(({ reason }) => reason === null);
    expect(fitting.map(({ kind }) => kind)).toEqual(['cifar-binary']);
    expect(fitting[0]?.files.map(({ name, bytes }) => [name, bytes])).toEqual([
      ['source/data_batch_1.bin', 2 * 3073],
      ['source/test_batch.bin', 3073],
    ]);
    expect(plan.name).toBe('my-set');
    expect(everything()).toEqual([]);
  });

  it('proposes a name that is free', async () => {
    const mnist = path.join(folder, 'mnist');
    writeIdxFolder(mnist);
    const { calls, finish } = service();
    expect((await calls.inspect({ path: mnist })).name).toBe('mnist-2');
    await finish(await calls.import({ path: mnist, kind: 'idx', name: 'mnist-2' }));
    expect((await calls.inspect({ path: mnist })).name).toBe('mnist-3');
  });

  it('says that there is nothing, and that an archive is damaged', async () => {
    const { calls } = service();
    await expect(calls.inspect({ path: path.join(folder, 'no') })).rejects.toMatchObject({
      code: 'not-found',
    });
    fs.writeFileSync(path.join(folder, 'bad.tar'), noise(2000));
    await expect(calls.inspect({ path: path.join(folder, 'bad.tar') })).rejects.toMatchObject({
      code: 'corrupt',
    });
  });
});

describe('rehearsing an import', () => {
  it('reads everything, shows the first samples and keeps nothing', async () => {
    const files = writeIdxFolder(source, { train: 30 });
    const { calls, finish } = service();
    const task = await finish(await calls.rehearse({ path: source, kind: 'idx' }));
    const preview = ImportPreviewSchema.parse(task.result);
    expect(preview).toMatchObject({
      shape: [4, 3, 1],
      train: 30,
      test: 10,
      classes: ['0', '1', '2', '3', '4'],
    });
    expect(preview.labels).toEqual(Array.from({ length: 24 }, (_, i) => i % 5));
    const images = files['train-images-idx3-ubyte']!.subarray(16, 16 + 24 * 12);
    expect(Buffer.from(preview.pixels, 'base64')).toEqual(Buffer.from(images));
    expect(everything()).toEqual([]);
  });

  it('fails with the file, the byte and what was expected there, as the import would', async () => {
    writeIdxFolder(source);
    const labels = Uint8Array.from({ length: 20 }, (_, i) => (i === 13 ? 9 : i % 5));
    fs.writeFileSync(path.join(source, 'train-labels-idx1-ubyte'), idxFile([20], labels));
    const { calls, finish } = service();
    const classes = ['a', 'b', 'c', 'd', 'e'];
    const read = await finish(await calls.rehearse({ path: source, kind: 'idx', classes }));
    expect(read.error?.message).toBe(
      'train-labels-idx1-ubyte, byte 21: expected a label from 0 to 4 (5 classes); found label 9',
    );
    const installed = await finish(await calls.import({ path: source, kind: 'idx', name: 'mine', classes }));
    expect(installed.error).toEqual(read.error);
  });

  it('cleans up an archive that it unpacked, also when it is wrong', async () => {
    writeIdxFolder(source);
    fs.rmSync(path.join(source, 't10k-labels-idx1-ubyte'));
    const archive = path.join(folder, 'set.tar');
    tar.c({ file: archive, cwd: folder, sync: true }, ['source']);
    const { calls, finish } = service();
    const task = await finish(await calls.rehearse({ path: archive, kind: 'idx' }));
    expect(task.error?.message).toMatch(/has no file t10k-labels-idx1-ubyte/);
    expect(everything()).toEqual([]);
  });
});

describe('samples and labels', () => {
  async function imported(options: Parameters<typeof writeIdxFolder>[1] = {}) {
    const files = writeIdxFolder(source, options);
    const made = service();
    await made.finish(await made.calls.import({ path: source, kind: 'idx', name: 'mine' }));
    return { ...made, images: files['train-images-idx3-ubyte']!.subarray(16) };
  }

  it('are handed out in any order', async () => {
    const { calls, images } = await imported();
    const indices = [7, 3, 4, 5, 19, 0, 0];
    const ask = { name: 'mine', split: 'train' as const, offset: 0, count: 1, indices };
    const answer = await calls.samples(ask);
    expect(answer.labels).toEqual(indices.map((index) => index % 5));
    const expected = Buffer.concat(indices.map((index) => images.subarray(index * 12, index * 12 + 12)));
    expect(Buffer.from(answer.pixels, 'base64')).toEqual(expected);
    expect(Buffer.from((await calls.labels({ name: 'mine', split: 'test' })).labels, 'base64')).toEqual(
      Buffer.from([0, 1, 2, 3, 4, 0, 1, 2, 3, 4]),
    );
  });

  it('are refused when there are none, or too many for one answer', async () => {
    const { calls } = await imported({ height: 300, width: 300, train: 6, test: 5 });
    const ask = { name: 'mine', split: 'train' as const, offset: 0, count: 1 };
    expect(() => calls.samples({ ...ask, indices: [5, 6] })).toThrow(/has no sample 6: there are 6/);
    expect(() => calls.samples({ ...ask, indices: Array(200).fill(0) })).toThrow(/at most 186/);
  });
});

describe('the integrity check', () => {
  /** Ten training and four test images of 2×2, some of them equal; labels 0 and 1 in turn. */
  async function withDuplicates(fork?: ForkJob) {
    const image = (value: number) => Uint8Array.from([value, 1, 2, 3]);
    const images = [1, 2, 3, 4, 5, 6, 7, 2, 9, 10].map(image);
    images[8] = new Uint8Array([5, 5, 5, 5]);
    images[7] = images[1]!;
    images[6] = images[3]!;
    const tests = [image(200), images[0]!, image(202), image(203)];
    fs.mkdirSync(source, { recursive: true });
    const write = (name: string, sizes: number[], bytes: Uint8Array) =>
      fs.writeFileSync(path.join(source, name), idxFile(sizes, bytes));
    const labels = (count: number) => Uint8Array.from({ length: count }, (_, i) => i % 2);
    write('train-images-idx3-ubyte', [10, 2, 2], Buffer.concat(images));
    write('train-labels-idx1-ubyte', [10], labels(10));
    write('t10k-images-idx3-ubyte', [4, 2, 2], Buffer.concat(tests));
    write('t10k-labels-idx1-ubyte', [4], labels(4));
    const made = service(fork);
    await made.finish(await made.calls.import({ path: source, kind: 'idx', name: 'mine' }));
    return made;
  }
  const folderOf = () => path.join(dataFolder, 'datasets', 'mine');

  it('finds equal images within and across the parts, and keeps its report', async () => {
    const { calls, finish } = await withDuplicates();
    expect(await calls.integrity({ name: 'mine' })).toBeNull();
    const task = await finish(await calls.checkIntegrity({ name: 'mine' }));
    const report = (await calls.integrity({ name: 'mine' }))!;
    expect(task.result).toEqual(report);
    expect(report.samples).toEqual({ train: 10, test: 4 });
    expect(report.checksum.found).toBe(report.checksum.expected);
    // 1 and 7 agree in their label; 3 and 6 do not; training 0 and test 1 do not either
    expect(report.duplicates).toMatchObject({ train: 2, test: 0, across: 1, conflicting: 2, total: 3 });
    expect(report.constant).toEqual({ count: 1, samples: [{ split: 'train', index: 8, label: 0 }] });
    expect(report.outOfRange.count).toBe(0);
  });

  it('sees bytes that changed on the disk', async () => {
    const { calls, finish } = await withDuplicates();
    const file = path.join(folderOf(), 'test-labels.bin');
    fs.writeFileSync(file, Uint8Array.from([0, 1, 0, 200]));
    await finish(await calls.checkIntegrity({ name: 'mine' }));
    const report = (await calls.integrity({ name: 'mine' }))!;
    expect(report.outOfRange).toEqual({ count: 1, samples: [{ split: 'test', index: 3, label: 200 }] });
    const hash = createHash('sha256');
    for (const part of ['train-images', 'train-labels', 'test-images', 'test-labels']) {
      hash.update(fs.readFileSync(path.join(folderOf(), `${part}.bin`)));
    }
    expect(report.checksum.found).toBe(hash.digest('hex'));
    expect(report.checksum.found).not.toBe(report.checksum.expected);
  });

  it('forgets the report of other samples, and one that it does not understand', async () => {
    const { calls, finish } = await withDuplicates();
    await finish(await calls.checkIntegrity({ name: 'mine' }));
    const file = path.join(folderOf(), 'integrity.json');
    const report = JSON.parse(fs.readFileSync(file, 'utf8')) as { checksum: { expected: string } };
    report.checksum.expected = 'f'.repeat(64);
    fs.writeFileSync(file, JSON.stringify(report));
    expect(await calls.integrity({ name: 'mine' })).toBeNull();
    fs.writeFileSync(file, '{');
    expect(await calls.integrity({ name: 'mine' })).toBeNull();
  });

  it('is shared by two who ask for it, holds off a removal, and can be cancelled', async () => {
    const { calls, tasks, finish } = await withDuplicates();
    const first = await calls.checkIntegrity({ name: 'mine' });
    expect(await calls.checkIntegrity({ name: 'mine' })).toEqual(first);
    expect(() => calls.remove({ name: 'mine' })).toThrow(/is being checked right now/);
    await tasks.service.cancel({ id: first.task });
    expect((await finish(first)).state).toBe('cancelled');
    expect(await calls.integrity({ name: 'mine' })).toBeNull();
    await calls.remove({ name: 'mine' });
    expect(everything()).toEqual([]);
  });

  it('finds the labels that all like samples contradict, in a process of its own', async () => {
    const images = Buffer.from(
      Array.from({ length: 80 * 4 }, (_, i) => (Math.floor(i / 4) % 2) * 200 + ((i * 7) % 31)),
    );
    const labels = Uint8Array.from({ length: 80 }, (_, i) => i % 2);
    labels[30] = 1;
    writeIdxFolder(source);
    const write = (name: string, sizes: number[], bytes: Uint8Array) =>
      fs.writeFileSync(path.join(source, name), idxFile(sizes, bytes));
    write('train-images-idx3-ubyte', [60, 2, 2], images.subarray(0, 240));
    write('train-labels-idx1-ubyte', [60], labels.subarray(0, 60));
    write('t10k-images-idx3-ubyte', [20, 2, 2], images.subarray(240));
    write('t10k-labels-idx1-ubyte', [20], labels.subarray(60));
    const { calls, finish } = service(nodeFork({ entry: trainingEntry(), log: silentLog }));
    await finish(await calls.import({ path: source, kind: 'idx', name: 'mine' }));
    const task = await finish(await calls.checkIntegrity({ name: 'mine' }));
    expect(task.error).toBeNull();
    expect((await calls.integrity({ name: 'mine' }))?.unusual).toEqual({
      agreement: 79 / 80,
      references: 60,
      count: 1,
      samples: [{ split: 'train', index: 30, label: 1, neighbours: 0 }],
    });
  });

  it('fails with what the process says, and keeps no report then', async () => {
    const fork = answeringFork(() => [
      { type: 'comparing', share: 0.5 },
      { type: 'failed', error: { code: 'corrupt', message: 'train-images.bin is too short' } },
    ]);
    const { calls, finish } = await withDuplicates(fork);
    const task = await finish(await calls.checkIntegrity({ name: 'mine' }));
    expect(task.error).toMatchObject({ code: 'corrupt', message: 'train-images.bin is too short' });
    expect(await calls.integrity({ name: 'mine' })).toBeNull();
  });
});
