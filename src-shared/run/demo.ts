import type { RunConfigInput } from './config.ts';

/**
 * What `bitsmith demo` trains: a small LeNet with ternary weights and ternary activations on MNIST, four thousand bytes
 * of weights. Its floor in `bitsmith demo` is `DEMO_ACCURACY`.
 */
export const DEMO_CONFIG: RunConfigInput = {
  version: 1,
  name: 'demo: ternary LeNet on MNIST',
  tags: ['demo'],
  seed: 1,
  dataset: { name: 'mnist', validation: 0.05 },
  model: { preset: 'lenet-small' },
  quantization: {
    weights: { method: 'twn' },
    activations: { method: 'gxnor' },
  },
  training: {
    epochs: 3,
    batchSize: 100,
    optimizer: { kind: 'adam' },
    learningRate: { kind: 'cosine', initial: 0.005, final: 0.00005 },
  },
};

/** Test accuracy below which the demo has failed. */
export const DEMO_ACCURACY = 0.975;
