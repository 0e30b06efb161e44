import type { TF } from '#shared/base/tensorflow.ts';
import { normalizationOf } from '#shared/dataset/normalization.ts';
import { splitDataset } from '#shared/dataset/split.ts';
import { naturalPair } from '#shared/quant/pairs.ts';
import { parseRunConfig, resolveRun } from '#shared/run/config.ts';
import { Trainer } from '#shared/train/trainer.ts';
import type { Mnist } from './mnist.ts';

/** Steps of the small budget, and the test samples that are looked at. */
export const STEPS = 120;
const BATCH = 20;
const TEST_SAMPLES = 500;

/** Test accuracy, in deployment form, of LeNet-5 after 120 steps of 20 MNIST samples with a method's natural pair. */
export async function learnMnist(tf: TF, mnist: Mnist, method: string, seed: number): Promise<number> {
  const { weights, activations } = naturalPair(method);
  const config = parseRunConfig({
    seed,
    dataset: { name: 'mnist', validation: 0, limit: { train: STEPS * BATCH, test: TEST_SAMPLES } },
    model: { preset: 'lenet5' },
    quantization: { weights: { method: weights }, activations: { method: activations } },
    training: {
      epochs: 1,
      batchSize: BATCH,
      optimizer: { kind: 'adam' },
      learningRate: { kind: 'cosine', initial: 0.005, final: 0.00005 },
      metricsEvery: STEPS,
    },
  });
  const { info, train, test } = mnist;
  const trainer = new Trainer({
    tf,
    model: resolveRun(config, info),
    plan: config.training,
    seed: config.seed,
    configHash: 'learn',
    normalization: normalizationOf(config.dataset.normalization, info),
    augmentation: config.dataset.augmentation,
    samples: train,
    test,
    split: splitDataset(info, config.dataset, config.seed),
    command: () => null,
    breathe: () => Promise.resolve(),
    now: () => performance.now() / 1000,
  });
  trainer.prepare();
  try {
    let accuracy = 0;
    for await (const event of trainer.run()) if (event.type === 'ended') accuracy = event.accuracy ?? 0;
    return accuracy;
  } finally {
    trainer.dispose();
  }
}
