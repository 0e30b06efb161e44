import { z } from 'zod';
import { GraphBuilder } from './parts/builder.ts';
import { modelPreset } from './types.ts';

const options = z.strictObject({
  relu: z
    .boolean()
    .default(false)
    .describe(
      'a ReLU after each quantized convolution as in XNOR-Net’s network; without it the function of the activation method ' +
        '(TOT-Net: left, right) is the only one',
    ),
  secondPool: z
    .enum(['average', 'max'])
    .default('average')
    .describe(
      'the pooling after the second group: the mean as in the source, or the maximum, which firmware can compute',
    ),
  bias: z.boolean().default(true).describe('a bias in each convolution, as in the source'),
  dropout: z
    .number()
    .min(0)
    .lt(1)
    .default(0.5)
    .describe('dropout rate before the 5×5 and the 3×3 quantized convolution'),
});

/**
 * Network in Network for CIFAR as TOT-Net trains it (Nazari et al., DSD 2019; its code, models/nin.py, after
 * XNOR-Net-PyTorch): 192C5 – BN | 160C1 – 96C1 – MP3 | 192C5 – 192C1 – 192C1 – AP3 | 192C3 – 192C1 – BN | 10C1 – mean, each
 * quantized convolution behind batch norm and activation, poolings with one padded pixel on each side (the average counts
 * the padding). The first and the last batch norm train neither scale nor offset; kernels start at N(0, 0.05).
 *
 * The source leaves the first and the last convolution in floating point and feeds the last one with real values:
 * `quantization.firstLayer.weights`, `lastLayer.weights` and `lastLayer.activations` (`full-precision`, `identity`).
 */
export const nin = modelPreset({
  id: 'nin',
  title: 'Network in Network, CIFAR',
  description: '192C5 – 160C1 – 96C1 – MP3 – 192C5 – 2×192C1 – AP3 – 192C3 – 192C1 – output C1 – mean',
  source: 'TOT-Net, Nazari et al., DSD 2019: Mohammadloni/TOT-Net, models/nin.py; net of XNOR-Net-PyTorch',
  usual: { shape: [32, 32, 3], classes: 10 },
  options,
  padsActivations: true,
  layers: (_shape, classes, { relu, secondPool, bias, dropout }) => {
    const norm = { momentum: 0.9, epsilon: 1e-4 };
    const plain = { ...norm, scale: false, offset: false };
    const conv = { bias, initial: { kind: 'normal', deviation: 0.05 } };
    const graph = new GraphBuilder();
    const quantized = (filters: number, kernel: number, rate = 0) => {
      graph.norm(norm).act().dropout(rate);
      graph.conv(filters, kernel, { ...conv, padding: (kernel - 1) / 2 });
      if (relu) graph.relu();
    };
    graph.conv(192, 5, { ...conv, padding: 2 }).norm(plain);
    quantized(160, 1);
    quantized(96, 1);
    graph.maxPool(3, { strides: 2, padding: 1 });
    quantized(192, 5, dropout);
    quantized(192, 1);
    quantized(192, 1);
    if (secondPool === 'max') graph.maxPool(3, { strides: 2, padding: 1 });
    else graph.averagePool(3, { strides: 2, padding: 1, countPadding: true });
    quantized(192, 3, dropout);
    quantized(192, 1);
    return graph
      .norm(plain)
      .act()
      .conv(classes, 1, { ...conv, padding: 0 })
      .globalPool();
  },
});
