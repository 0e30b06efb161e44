import { GraphBuilder } from './parts/builder.ts';
import { modelPreset } from './types.ts';

/**
 * The MNIST network of ReBNet (Ghasemzadeh et al., FCCM 2018, arXiv 1711.01243, and its code): four hidden layers of 256
 * units, batch norm (ε = 1e-4, a tenth of the old statistics kept) after each. All layers are quantized; kernels start
 * at N(0, 1/fan-in).
 */
export const rebnetMnist = modelPreset({
  id: 'rebnet-mnist',
  title: 'ReBNet, MNIST',
  description: '4×256FC – output, batch norm after each layer',
  source: 'ReBNet, Ghasemzadeh et al., FCCM 2018, arXiv 1711.01243: mohaghasemzadeh/ReBNet',
  usual: { shape: [28, 28, 1], classes: 10 },
  layers: (_shape, classes) => {
    const initial = { kind: 'lecun-normal' };
    const norm = { momentum: 0.1, epsilon: 1e-4 };
    const graph = new GraphBuilder().flatten();
    for (let layer = 0; layer < 4; layer++) graph.dense(256, { initial }).norm(norm).act();
    return graph.dense(classes, { initial }).norm(norm);
  },
});
