import { z } from 'zod';
import { GraphBuilder } from './parts/builder.ts';
import { modelPreset } from './types.ts';

const options = z.strictObject({
  output: z
    .enum(['batch-norm', 'bias'])
    .default('batch-norm')
    .describe(
      'after the last dense layer: a batch norm, which a quantized one needs, or its bias alone as in LQ-Nets',
    ),
});

/**
 * VGG-small for 32×32 images (LQ-Nets, Zhang et al., ECCV 2018, arXiv 1807.10029, cifar10-vgg-small.py; HWGQ): 2×128C3 –
 * MP2 – 2×256C3 – MP2 – 2×512C3 – MP2 – output; pooling, then batch norm, then the activation. Both keep the first and
 * the last layer in floating point (`quantization.firstLayer`, `lastLayer`).
 */
export const vggSmall = modelPreset({
  id: 'vgg-small',
  title: 'VGG-small',
  description: '2×128C3 – MP2 – 2×256C3 – MP2 – 2×512C3 – MP2 – output, batch norm after each layer',
  source: 'LQ-Nets, Zhang et al., arXiv 1807.10029: microsoft/LQ-Nets, cifar10-vgg-small.py',
  usual: { shape: [32, 32, 3], classes: 10 },
  options,
  padsActivations: true,
  layers: (_shape, classes, { output }) => {
    const graph = new GraphBuilder();
    for (const filters of [128, 256, 512]) {
      graph.conv(filters, 3).norm().act().conv(filters, 3).maxPool(2).norm().act();
    }
    graph.flatten().dense(classes, { bias: output === 'bias' });
    return output === 'bias' ? graph : graph.norm();
  },
});
