import { ChainBuilder, type ModelPreset } from './types.ts';

/** Three dense layers with 256 hidden units each. */
export const mlp3: ModelPreset = {
  id: 'mlp3',
  title: 'MLP, three layers',
  description: '256FC – 256FC – output, batch norm after each layer',
  usual: { shape: [28, 28, 1], classes: 10 },
  build: (shape, classes) =>
    new ChainBuilder()
      .flatten()
      .dense(256)
      .norm()
      .act()
      .dense(256)
      .norm()
      .act()
      .dense(classes)
      .norm()
      .spec('mlp3', shape),
};
