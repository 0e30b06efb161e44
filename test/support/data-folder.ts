import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { importDataset } from '#main/services/dataset/index.ts';
import { idxFile, quietWork } from './datasets.ts';
import { cornerSamples, SMALL_LAYERS } from './small-run.ts';

export interface TestDataFolder {
  root: string;
  remove(): void;
}

/** A data folder of its own in which the small data set `corners` is installed. */
export async function cornersDataFolder(): Promise<TestDataFolder> {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'bitsmith-test-'));
  const files = path.join(root, 'corners-files');
  fs.mkdirSync(files);
  for (const [prefix, count, seed] of [
    ['train', 400, 1],
    ['t10k', 100, 2],
  ] as const) {
    const { images, labels } = cornerSamples(count, seed);
    fs.writeFileSync(path.join(files, `${prefix}-images-idx3-ubyte`), idxFile([count, 8, 8], images));
    fs.writeFileSync(path.join(files, `${prefix}-labels-idx1-ubyte`), idxFile([count], labels));
  }
  const folder = path.join(root, 'data');
  await importDataset(folder, { path: files, kind: 'idx', name: 'corners' }, quietWork());
  return { root: folder, remove: () => fs.rmSync(root, { recursive: true, force: true }) };
}

/** A configuration for `corners` as a document, before any default is filled in. */
export function cornersConfig(training: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    name: 'corners',
    dataset: { name: 'corners', validation: 0.2, augmentation: { pad: 1 } },
    model: { version: 1, name: 'small', input: { shape: [8, 8, 1] }, layers: SMALL_LAYERS },
    training: { epochs: 3, batchSize: 20, learningRate: 0.01, metricsEvery: 4, ...training },
    device: 'wasm',
  };
}
