import { z } from 'zod';
import { GraphBuilder } from './parts/builder.ts';
import { modelPreset } from './types.ts';

const options = z.strictObject({
  widths: z
    .tuple([
      z.int().min(1).max(4096),
      z.int().min(1).max(4096),
      z.int().min(1).max(4096),
      z.int().min(1).max(4096),
      z.int().min(1).max(4096),
    ])
    .default([64, 192, 384, 256, 256])
    .describe('filters of the five convolutions'),
  units: z.int().min(1).max(65536).default(4096).describe('units of each of the two hidden dense layers'),
  firstStride: z.int().min(1).max(4).default(1).describe('stride of the first convolution'),
  dropout: z.number().min(0).lt(1).default(0).describe('dropout rate before each dense layer'),
});

/**
 * AlexNet for images of 32×32: 64C3 – MP2 – 192C3 – MP2 – 384C3 – 256C3 – 256C3 – MP2 – 4096FC – 4096FC – output, pooling
 * before batch norm and activation. BNN+ reports its CIFAR-10 result for an AlexNet whose layers could not be read; this
 * is the common adaptation, so widths, units and the first stride are options.
 */
export const alexnetCifar = modelPreset({
  id: 'alexnet-cifar',
  title: 'AlexNet, 32×32',
  description: '64C3 – MP2 – 192C3 – MP2 – 384C3 – 2×256C3 – MP2 – 2×4096FC – output',
  source:
    'adaptation of Krizhevsky et al., NIPS 2012, to small images; the network of BNN+ is not known in detail',
  usual: { shape: [32, 32, 3], classes: 10 },
  options,
  padsActivations: true,
  layers: (_shape, classes, { widths, units, firstStride, dropout }) => {
    const graph = new GraphBuilder();
    widths.forEach((filters, index) => {
      graph.conv(filters, 3, { padding: 1, strides: index === 0 ? firstStride : 1 });
      if ([0, 1, 4].includes(index)) graph.maxPool(2);
      graph.norm().act();
    });
    graph.flatten();
    for (let layer = 0; layer < 2; layer++) graph.dropout(dropout).dense(units).norm().act();
    return graph.dropout(dropout).dense(classes).norm();
  },
});
