import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as tar from 'tar';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  importDataset,
  listDatasets,
  loadSamples,
  readDatasetInfo,
  removeDataset,
} from '#main/services/dataset/index.ts';
import {
  cifarBatch,
  idxFile,
  noise,
  quietWork,
  temporaryDirectory,
  writeIdxFolder,
} from '#test/support/datasets.ts';

let folder: string;
let dataFolder: string;
let source: string;
beforeEach(() => {
  folder = temporaryDirectory();
  dataFolder = path.join(folder, 'data');
  source = path.join(folder, 'source');
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const install = (change: Partial<Parameters<typeof importDataset>[1]> = {}) =>
  importDataset(dataFolder, { path: source, kind: 'idx', name: 'mine', ...change }, quietWork());

/** Everything under the data folder, so that a test can say that nothing was left. */
const everything = () =>
  fs.existsSync(dataFolder)
    ? fs.readdirSync(dataFolder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    : [];

describe('importing IDX', () => {
  it('installs samples, statistics and checksum', async () => {
    const files = writeIdxFolder(source);
    const info = await install();
    const trainImages = files['train-images-idx3-ubyte']!.subarray(16);
    const hash = createHash('sha256');
    for (const [name, start] of [
      ['train-images-idx3-ubyte', 16],
      ['train-labels-idx1-ubyte', 8],
      ['t10k-images-idx3-ubyte', 16],
      ['t10k-labels-idx1-ubyte', 8],
    ] as const) {
      hash.update(files[name]!.subarray(start));
    }
    const mean = trainImages.reduce((sum, p) => sum + p, 0) / trainImages.length;
    expect(info).toMatchObject({
      name: 'mine',
      shape: [4, 3, 1],
      classes: ['0', '1', '2', '3', '4'],
      train: 20,
      test: 10,
      source: 'idx',
      sha256: hash.digest('hex'),
      classCounts: { train: [4, 4, 4, 4, 4], test: [2, 2, 2, 2, 2] },
    });
    expect(info.mean[0]).toBeCloseTo(mean, 10);
    expect(readDatasetInfo(dataFolder, 'mine')).toEqual(info);
    expect(listDatasets(dataFolder)).toEqual([info]);
    const train = loadSamples(dataFolder, info, 'train');
    expect(train.images).toEqual(trainImages);
    expect([...train.labels.subarray(0, 6)]).toEqual([0, 1, 2, 3, 4, 0]);
    expect(loadSamples(dataFolder, info, 'test').count).toBe(10);
  });

  it('gives the same set packed and unpacked', async () => {
    writeIdxFolder(source);
    const plain = await install();
    writeIdxFolder(path.join(folder, 'packed'), { gzip: true });
    const packed = await install({ name: 'packed', path: path.join(folder, 'packed') });
    expect(packed.sha256).toBe(plain.sha256);
  });

  it('takes a prefix and class names', async () => {
    writeIdxFolder(source, { prefix: 'a-' });
    writeIdxFolder(source, { prefix: 'b-', train: 30 });
    await expect(install()).rejects.toThrow(/more than one file of train images/);
    const info = await install({ path: path.join(source, 'b'), classes: ['v', 'w', 'x', 'y', 'z'] });
    expect(info).toMatchObject({ train: 30, classes: ['v', 'w', 'x', 'y', 'z'] });
  });

  it.each<[string, (files: Record<string, Uint8Array>) => void, RegExp]>([
    [
      'a truncated file',
      () => fs.truncateSync(path.join(source, 'train-images-idx3-ubyte'), 100),
      /train-images-idx3-ubyte, byte 100: expected 256 bytes in all/,
    ],
    [
      'fewer labels than images',
      () =>
        fs.writeFileSync(
          path.join(source, 't10k-labels-idx1-ubyte'),
          idxFile(
            [9],
            noise(9).map((p) => p % 5),
          ),
        ),
      /t10k-labels-idx1-ubyte, byte 4: expected 10 labels/,
    ],
    [
      'a label out of range in the last file',
      () =>
        fs.writeFileSync(
          path.join(source, 't10k-labels-idx1-ubyte'),
          idxFile([10], new Uint8Array(10).fill(77)),
        ),
      /t10k-labels-idx1-ubyte, byte 8: .*found label 77/,
    ],
    [
      'a missing file',
      () => fs.rmSync(path.join(source, 'train-labels-idx1-ubyte')),
      /has no file train-labels-idx1-ubyte/,
    ],
  ])('refuses %s with one error and leaves nothing behind', async (_what, damage, message) => {
    damage(writeIdxFolder(source));
    await expect(install()).rejects.toThrow(message);
    expect(everything()).toEqual([]);
    expect(listDatasets(dataFolder)).toEqual([]);
  });

  it('refuses a gzip file that ends early', async () => {
    writeIdxFolder(source, { gzip: true });
    const file = path.join(source, 'train-images-idx3-ubyte.gz');
    const length = fs.statSync(file).size - 10;
    fs.truncateSync(file, length);
    await expect(install()).rejects.toMatchObject({
      code: 'corrupt',
      message: `train-images-idx3-ubyte.gz, byte ${length}: expected a whole gzip stream; found the end of the file`,
    });
    fs.writeFileSync(file, 'this is no gzip file');
    await expect(install()).rejects.toThrow(
      /train-images-idx3-ubyte.gz, byte 0: expected a whole gzip stream; found incorrect header/,
    );
    expect(everything()).toEqual([]);
  });

  it.each([
    ['Mine', 'invalid-input', /"Mine" cannot be a data set's name: it must be lower-case/],
    ['../x', 'invalid-input', /cannot be a data set's name/],
    ['mnist', 'conflict', /mnist is the name of a data set of the catalogue/],
  ])('refuses the name %s', async (name, code, message) => {
    writeIdxFolder(source);
    await expect(install({ name })).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('refuses a name that is taken and keeps what is there', async () => {
    writeIdxFolder(source);
    const first = await install();
    writeIdxFolder(source, { train: 40 });
    await expect(install()).rejects.toMatchObject({ code: 'conflict' });
    expect(readDatasetInfo(dataFolder, 'mine')).toEqual(first);
  });

  it('refuses class names that are empty or doubled', async () => {
    writeIdxFolder(source);
    await expect(install({ classes: ['a', 'b', 'a', 'c', 'd'] })).rejects.toThrow(
      /"a" is empty or occurs twice/,
    );
    await expect(install({ classes: ['a'] })).rejects.toThrow(/2 to 256 classes/);
  });

  it('says when there is nothing at the path', async () => {
    await expect(install()).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining(source),
    });
  });

  it('can be cancelled and leaves nothing behind', async () => {
    writeIdxFolder(source);
    const controller = new AbortController();
    const work = { signal: controller.signal, report: () => controller.abort() };
    await expect(
      importDataset(dataFolder, { path: source, kind: 'idx', name: 'mine' }, work),
    ).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect(everything()).toEqual([]);
  });

  it('tidies up after an import that was killed', async () => {
    writeIdxFolder(source);
    const leftover = path.join(dataFolder, 'datasets', '.mine.0badcafe.tmp');
    fs.mkdirSync(leftover, { recursive: true });
    fs.writeFileSync(path.join(leftover, 'train-images.bin'), 'half');
    expect(listDatasets(dataFolder)).toEqual([]);
    await install();
    expect(fs.readdirSync(path.join(dataFolder, 'datasets'))).toEqual(['mine']);
  });
});

describe('importing CIFAR', () => {
  function writeBatches(into: string): void {
    fs.mkdirSync(into, { recursive: true });
    const labels = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
    fs.writeFileSync(
      path.join(into, 'data_batch_1.bin'),
      cifarBatch(labels, (i) => noise(3072, i)),
    );
    fs.writeFileSync(
      path.join(into, 'data_batch_2.bin'),
      cifarBatch(labels, (i) => noise(3072, 50 + i)),
    );
    fs.writeFileSync(
      path.join(into, 'test_batch.bin'),
      cifarBatch([9], () => noise(3072, 99)),
    );
  }

  it('gives the same set from a folder and from an archive', async () => {
    const batches = path.join(source, 'cifar-10-batches-bin');
    writeBatches(batches);
    const archive = path.join(folder, 'cifar-10-binary.tar.gz');
    await tar.c({ gzip: true, file: archive, cwd: source }, ['cifar-10-batches-bin']);
    const unpacked = await install({ kind: 'cifar-binary', path: batches });
    const packed = await install({ kind: 'cifar-binary', path: archive, name: 'packed' });
    expect(unpacked).toMatchObject({ shape: [32, 32, 3], train: 20, test: 1, source: 'cifar-binary' });
    expect(packed.sha256).toBe(unpacked.sha256);
    expect(unpacked.mean).toHaveLength(3);
    expect(fs.readdirSync(dataFolder)).toEqual(expect.not.arrayContaining([expect.stringMatching(/tmp/)]));
    expect(everything().filter((entry) => entry.parentPath.includes('downloads'))).toEqual([]);
  });

  it('refuses a damaged archive and leaves nothing behind', async () => {
    writeBatches(path.join(source, 'b'));
    const archive = path.join(folder, 'cifar.tar.gz');
    await tar.c({ gzip: true, file: archive, cwd: source }, ['b']);
    fs.truncateSync(archive, Math.floor(fs.statSync(archive).size / 2));
    await expect(install({ kind: 'cifar-binary', path: archive })).rejects.toMatchObject({
      code: 'corrupt',
      message: expect.stringContaining(`${archive}: expected a whole tar archive`),
    });
    expect(everything()).toEqual([]);
  });
});

describe('installed data sets', () => {
  it('says how to get one that is missing', () => {
    expect(() => readDatasetInfo(dataFolder, 'mnist')).toThrow(
      'the data set mnist is not here yet; run `bitsmith datasets get mnist`',
    );
    expect(() => readDatasetInfo(dataFolder, 'mnst')).toThrow(
      /there is no data set mnst. Did you mean "mnist"\?/,
    );
    expect(() => readDatasetInfo(dataFolder, '../../etc')).toThrow(/there is no data set/);
  });

  it('notices a sample file that is too short, and a label out of range', async () => {
    writeIdxFolder(source);
    const info = await install();
    const labels = path.join(dataFolder, 'datasets', 'mine', 'train-labels.bin');
    const good = fs.readFileSync(labels);
    fs.writeFileSync(labels, good.with(3, 5));
    expect(() => loadSamples(dataFolder, info, 'train')).toThrow(
      /the data set mine is damaged: .*train-labels.bin, byte 3: label 5 of 5 classes; remove it and import it again/,
    );
    fs.truncateSync(labels, 7);
    expect(() => loadSamples(dataFolder, info, 'train')).toThrow(
      /train-labels.bin has 7 bytes instead of 20/,
    );
    expect(() => readDatasetInfo(dataFolder, 'mine')).toThrow(/train-labels.bin has 7 bytes instead of 20/);
    expect(listDatasets(dataFolder)).toEqual([]);
  });

  it('refuses a descriptor that is not one', async () => {
    writeIdxFolder(source);
    await install();
    fs.writeFileSync(path.join(dataFolder, 'datasets', 'mine', 'dataset.json'), '{"name":"mine"}');
    expect(() => readDatasetInfo(dataFolder, 'mine')).toThrow(/dataset.json is not a descriptor of mine/);
  });

  it('can be removed, once', async () => {
    writeIdxFolder(source);
    await install();
    removeDataset(dataFolder, 'mine');
    expect(everything()).toEqual([]);
    expect(() => removeDataset(dataFolder, 'mine')).toThrow(/there is no data set mine/);
    expect(() => removeDataset(dataFolder, '../source')).toThrow(/there is no data set/);
  });
});
