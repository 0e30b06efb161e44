import { RandomStream } from '#shared/base/random.ts';
import { normalizationOf } from '#shared/dataset/normalization.ts';
import { splitDataset } from '#shared/dataset/split.ts';
import type { Samples } from '#shared/dataset/types.ts';
import { parseRunConfig, resolveRun } from '#shared/run/config.ts';
import type { TF } from '#shared/base/tensorflow.ts';
import type { Checkpoint } from '#shared/train/checkpoint.ts';
import type { Command } from '#shared/train/events.ts';
import { Trainer } from '#shared/train/trainer.ts';

/** A bright square in one of four corners on noise: four classes that a small network learns in a second. */
export function cornerSamples(count: number, seed: number, side = 8): Samples {
  const random = new RandomStream(seed, 'corners');
  const images = new Uint8Array(count * side * side);
  const labels = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const label = random.nextBelow(4);
    labels[i] = label;
    for (let p = 0; p < side * side; p++) {
      const corner = (Math.floor(p / side) < side / 2 ? 0 : 2) + (p % side < side / 2 ? 0 : 1);
      images[i * side * side + p] = random.nextBelow(120) + (corner === label ? 100 : 0);
    }
  }
  return { count, shape: [side, side, 1], images, labels };
}

/** A small network with every kind of training layer, for those samples. */
export const SMALL_LAYERS = [
  { id: 'conv1', kind: 'conv2d', filters: 6, kernel: 3 },
  { id: 'norm1', kind: 'batch-norm' },
  { id: 'act1', kind: 'activation' },
  { id: 'depth', kind: 'depthwise-conv2d', kernel: 3, bias: true },
  { id: 'join', kind: 'add', inputs: ['act1', 'depth'] },
  { id: 'pool', kind: 'max-pool' },
  { id: 'norm2', kind: 'batch-norm' },
  { id: 'act2', kind: 'activation' },
  { id: 'drop', kind: 'dropout', rate: 0.1 },
  { id: 'flat', kind: 'flatten' },
  { id: 'out', kind: 'dense', units: 4 },
  { id: 'norm3', kind: 'batch-norm' },
];

export function smallConfig(over: Record<string, unknown> = {}) {
  return parseRunConfig({
    dataset: { name: 'corners', validation: 0.2, augmentation: { pad: 1 } },
    model: { version: 1, name: 'small', input: { shape: [8, 8, 1] }, layers: SMALL_LAYERS },
    training: { epochs: 3, batchSize: 20, learningRate: 0.01, metricsEvery: 4 },
    ...over,
  });
}

export function smallTrainer(
  tf: TF,
  options: {
    config?: ReturnType<typeof smallConfig>;
    resume?: Checkpoint;
    initial?: Checkpoint;
    untilEpoch?: number;
    command?: () => Command | null;
  } = {},
): Trainer {
  const config = options.config ?? smallConfig();
  const info = {
    name: 'corners',
    shape: [8, 8, 1] as const,
    classes: ['a', 'b', 'c', 'd'],
    mean: [100],
    standardDeviation: [60],
  };
  const samples = cornerSamples(200, 1);
  const test = cornerSamples(100, 2);
  return new Trainer({
    tf,
    model: resolveRun(config, info),
    plan: config.training,
    seed: config.seed,
    configHash: 'test',
    normalization: normalizationOf(config.dataset.normalization, info),
    augmentation: config.dataset.augmentation,
    samples,
    test,
    split: splitDataset({ train: samples.count, test: test.count }, config.dataset, config.seed),
    ...(options.resume ? { resume: options.resume } : {}),
    ...(options.initial ? { initial: options.initial } : {}),
    ...(options.untilEpoch === undefined ? {} : { untilEpoch: options.untilEpoch }),
    command: options.command ?? (() => null),
    breathe: () => Promise.resolve(),
    now: () => performance.now() / 1000,
  });
}
