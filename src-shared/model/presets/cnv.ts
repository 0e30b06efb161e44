import { GraphBuilder } from './parts/builder.ts';
import { modelPreset } from './types.ts';

/**
 * The CIFAR-10 and SVHN network of ReBNet (Ghasemzadeh et al., FCCM 2018, arXiv 1711.01243, and its code), which FINN
 * calls CNV: 2×64C3 – MP2 – 2×128C3 – MP2 – 2×256C3 – 512FC – 512FC – output. No padding anywhere, batch norm (ε = 1e-4,
 * a tenth of the old statistics kept) and activation before each pooling. All layers are quantized, the first and the
 * last too; kernels start at N(0, 1/fan-in).
 */
export const cnv = modelPreset({
  id: 'cnv',
  title: 'CNV (ReBNet, FINN)',
  description: '2×64C3 – MP2 – 2×128C3 – MP2 – 2×256C3 – 2×512FC – output, no padding',
  source: 'ReBNet, Ghasemzadeh et al., FCCM 2018, arXiv 1711.01243: mohaghasemzadeh/ReBNet',
  usual: { shape: [32, 32, 3], classes: 10 },
  layers: (_shape, classes) => {
    const initial = { kind: 'lecun-normal' };
    const norm = { momentum: 0.1, epsilon: 1e-4 };
    const graph = new GraphBuilder();
    [64, 64, 128, 128, 256, 256].forEach((filters, index) => {
      graph.conv(filters, 3, { padding: 'valid', initial }).norm(norm).act();
      if (index === 1 || index === 3) graph.maxPool(2);
    });
    graph.flatten();
    for (let layer = 0; layer < 2; layer++) graph.dense(512, { initial }).norm(norm).act();
    return graph.dense(classes, { initial }).norm(norm);
  },
});
