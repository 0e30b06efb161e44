import type { RunConfigInput } from './config.ts';

/**
 * What `bitsmith demo` trains: a small LeNet with ternary weights and ternary activations on MNIST, for less than 16 KB
 * of flash. Shifts need `unit`: with `centered` what comes in from outside the picture is grey. Its floor in
 * `bitsmith demo` is `DEMO_ACCURACY`.
 */
export const DEMO_CONFIG: RunConfigInput = {
  version: 1,
  name: 'demo: ternary LeNet on MNIST',
  tags: ['demo'],
  seed: 1,
  dataset: { name: 'mnist', validation: 0.05, normalization: 'unit', augmentation: { pad: 1 } },
  model: { preset: 'lenet-strided' },
  quantization: {
    weights: { method: 'twn', granularity: 'filter' },
    activations: { method: 'gxnor' },
  },
  training: {
    epochs: 4,
    batchSize: 100,
    optimizer: { kind: 'adam' },
    learningRate: { kind: 'cosine', initial: 0.02, final: 0.00005 },
  },
};

/** Test accuracy below which the demo has failed. */
export const DEMO_ACCURACY = 0.985;
