import { ChainBuilder, type ModelPreset } from './types.ts';

/**
 * LeNet-5 in the form that low-bit papers use (LeCun et al. 1998; 32C5-MP2-64C5-MP2-512FC of Li et al. 2016), with batch
 * norm after every layer.
 */
export const lenet5: ModelPreset = {
  id: 'lenet5',
  title: 'LeNet-5',
  description: '32C5 – MP2 – 64C5 – MP2 – 512FC – output, batch norm after each layer',
  usual: { shape: [28, 28, 1], classes: 10 },
  build: (shape, classes) =>
    new ChainBuilder()
      .conv(32, 5, { padding: 'valid' })
      .maxPool()
      .norm()
      .act()
      .conv(64, 5, { padding: 'valid' })
      .maxPool()
      .norm()
      .act()
      .flatten()
      .dense(512)
      .norm()
      .act()
      .dense(classes)
      .norm()
      .spec('lenet5', shape),
};
