import { ChainBuilder, type ModelPreset } from './types.ts';

/** A small LeNet for microcontrollers: no hidden dense layer, a few thousand weights. The network of `bitsmith demo`. */
export const lenetSmall: ModelPreset = {
  id: 'lenet-small',
  title: 'LeNet, small',
  description: '16C5 – MP2 – 32C5 – MP2 – output, batch norm after each layer',
  usual: { shape: [28, 28, 1], classes: 10 },
  build: (shape, classes) =>
    new ChainBuilder()
      .conv(16, 5, { padding: 'valid' })
      .maxPool()
      .norm()
      .act()
      .conv(32, 5, { padding: 'valid' })
      .maxPool()
      .norm()
      .act()
      .flatten()
      .dense(classes)
      .norm()
      .spec('lenet-small', shape),
};
