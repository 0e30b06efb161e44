import { RandomStream } from '../../base/random.ts';
import type { TF } from '../../base/tensorflow.ts';
import { normalizationOf } from '../../dataset/normalization.ts';
import { splitDataset } from '../../dataset/split.ts';
import type { DatasetInfo, Samples } from '../../dataset/types.ts';
import { networkVariables } from '../../model/variables.ts';
import type { MethodPair } from '../../quant/pairs.ts';
import { parseRunConfig, resolveRun, type RunConfig, type RunConfigInput } from '../../run/config.ts';
import { Trainer } from '../trainer.ts';

/** A network and a batch size on which speed is measured. */
export interface BenchmarkNetwork {
  id: string;
  title: string;
  shape: readonly [number, number, number];
  classes: number;
  batchSize: number;
  model: RunConfigInput['model'];
}

export interface SyntheticRun {
  trainer: Trainer;
  /** Forward passes through each convolution in one step: two where a method updates some variables first. */
  passes: number;
}

/**
 * A trainer on random samples: what a step costs does not depend on what the samples show.
 *
 * @param steps steps in the one epoch that it can run
 * @throws BitsmithError `invalid-input` where the network cannot be trained with these methods
 */
export function syntheticRun(tf: TF, network: BenchmarkNetwork, pair: MethodPair, steps = 2): SyntheticRun {
  const config = benchmarkConfig(network, pair);
  const info = datasetInfo(network);
  const samples = randomSamples(network, steps * network.batchSize, 'train');
  const test = randomSamples(network, network.batchSize, 'test');
  const model = resolveRun(config, info);
  const trainer = new Trainer({
    tf,
    model,
    plan: config.training,
    seed: config.seed,
    configHash: 'benchmark',
    normalization: normalizationOf(config.dataset.normalization, info),
    augmentation: config.dataset.augmentation,
    samples,
    test,
    split: splitDataset({ train: samples.count, test: test.count }, config.dataset, config.seed),
    command: () => null,
    breathe: () => Promise.resolve(),
    now: () => performance.now() / 1000,
  });
  return { trainer, passes: networkVariables(model).some(({ first }) => first) ? 2 : 1 };
}

function benchmarkConfig(network: BenchmarkNetwork, { weights, activations }: MethodPair): RunConfig {
  return parseRunConfig(
    {
      dataset: { name: 'random', validation: 0 },
      model: network.model,
      quantization: { weights: { method: weights }, activations: { method: activations } },
      training: { epochs: 1, batchSize: network.batchSize, learningRate: 1e-3, metricsEvery: 1 },
    },
    `benchmark of ${weights} + ${activations}`,
  );
}

function datasetInfo({ shape, classes }: BenchmarkNetwork) {
  return {
    name: 'random',
    shape,
    classes: Array.from({ length: classes }, (_, i) => String(i)),
    mean: Array.from({ length: shape[2] }, () => 128),
    standardDeviation: Array.from({ length: shape[2] }, () => 64),
  } satisfies Partial<DatasetInfo>;
}

function randomSamples({ shape, classes }: BenchmarkNetwork, count: number, key: string): Samples {
  const random = new RandomStream(1, `benchmark:${key}`);
  const size = shape[0] * shape[1] * shape[2];
  const images = Uint8Array.from({ length: count * size }, () => random.nextBelow(256));
  return {
    count,
    shape,
    images,
    labels: Uint8Array.from({ length: count }, () => random.nextBelow(classes)),
  };
}
