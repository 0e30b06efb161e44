import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Histogram } from '#shared/run/record.ts';
import { openStore, type Store } from '#main/store/index.ts';
import { newRun } from './support/new-run.ts';
import { temporaryDataFolder } from './support/temporary-folder.ts';

let store: Store;
beforeEach(() => {
  store = openStore({ dataFolder: temporaryDataFolder(), mode: 'write' });
  const opened = store;
  onTestFinished(() => opened.close());
  store.runs.create(newRun('a'));
});

const row = (layer: string, step: number, over: Partial<Histogram> = {}): Histogram => ({
  layer,
  step,
  epoch: step / 10,
  edges: [0, 1],
  counts: [step],
  codes: { '1': 1 },
  ...over,
});

describe('histograms', () => {
  it('keep what is known of scales and further levels, and nothing where nothing is', () => {
    const full = row('conv1', 10, {
      scales: [{ low: 1 / 3, mean: 0.5, high: 2 / 3 }],
      more: [{ '-1': 1 / 7 }],
    });
    store.histograms.add('a', [full, row('conv2', 10)]);
    expect(store.histograms.read('a')).toEqual([full, row('conv2', 10)]);
    expect(store.histograms.read('a')[1]).not.toHaveProperty('scales');
  });

  it('are read of one layer, and of a few epochs that are spread evenly and end with the last', () => {
    const steps = Array.from({ length: 11 }, (_, i) => 10 * (i + 1));
    store.histograms.add(
      'a',
      steps.flatMap((step) => [row('conv1', step), row('conv2', step)]),
    );
    const read = (layer: string | undefined, most: number | undefined) =>
      store.histograms.read('a', { layer, most }).map(({ layer: of, step }) => `${of} ${step}`);
    expect(read('conv2', 3)).toEqual(['conv2 10', 'conv2 60', 'conv2 110']);
    expect(read(undefined, 1)).toEqual(['conv1 110', 'conv2 110']);
    expect(read('conv1', undefined)).toHaveLength(11);
    expect(read('conv1', 500)).toHaveLength(11);
    expect(read('dense', 3)).toEqual([]);
  });
});

describe('predictions', () => {
  const stored = {
    run: 'a',
    checkpoint: 'c',
    split: 'test' as const,
    indices: Uint32Array.of(0, 7, 2 ** 31),
    labels: Uint8Array.of(1, 0, 255),
    predicted: Uint8Array.of(1, 2, 254),
    probability: Float32Array.of(0.1, 1 / 3, 1),
    truth: Float32Array.of(0.1, 1e-30, 0),
    datasetSha256: 'abc',
    device: 'wasm',
  };
  const checkpoint = {
    id: 'c',
    run: 'a',
    epoch: 1,
    step: 10,
    kind: 'epoch' as const,
    sha256: '',
    bytes: 1,
    validationAccuracy: null,
    createdAt: '2026-01-01T00:00:00.000Z',
  };

  it('come back with every bit, and are replaced by newer ones', () => {
    store.checkpoints.add(checkpoint);
    store.predictions.add(stored);
    expect(store.predictions.find('a', 'c', 'test')).toEqual(stored);
    expect(store.predictions.find('a', 'c', 'validation')).toBeUndefined();
    store.predictions.add({ ...stored, device: 'webgpu' });
    expect(store.predictions.find('a', 'c', 'test')?.device).toBe('webgpu');
  });

  it('go with their checkpoint: removed, rewound, written over, or with the whole run', () => {
    const ends: (() => void)[] = [
      () => store.checkpoints.remove('a', 'c'),
      () => store.checkpoints.removeAfter('a', 5),
      () => store.checkpoints.add({ ...checkpoint, sha256: 'other' }),
      () => store.runs.remove('a'),
    ];
    for (const end of ends) {
      store.checkpoints.add(checkpoint);
      store.predictions.add(stored);
      end();
      expect(store.predictions.find('a', 'c', 'test')).toBeUndefined();
    }
    expect(() => store.predictions.add(stored)).toThrow();
  });
});
