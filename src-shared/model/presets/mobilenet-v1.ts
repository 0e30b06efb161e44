import { z } from 'zod';
import { GraphBuilder } from './parts/builder.ts';
import { modelPreset } from './types.ts';

const options = z.strictObject({
  width: z
    .number()
    .min(0.05)
    .max(2)
    .default(1)
    .describe(
      'width multiplier: every number of filters is multiplied by it and rounded down, to 8 at least',
    ),
  dropout: z.number().min(0).lt(1).default(0).describe('dropout rate before the dense layer'),
});

/** Filters and stride of each depthwise separable pair (table 1 of the paper). */
const PAIRS = [
  [64, 1],
  [128, 2],
  [128, 1],
  [256, 2],
  [256, 1],
  [512, 2],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [1024, 2],
  [1024, 1],
] as const;

/** Batch norm of the authors' code; the share of kept statistics is Keras' default. */
const NORM = { momentum: 0.99, epsilon: 1e-3 };

/**
 * MobileNetV1 (Howard et al., arXiv 1704.04861, table 1): 32C3 with stride 2, then 13 pairs of a depthwise 3×3 and a
 * pointwise convolution, batch norm and activation after each, mean, dense layer. With width 0.25 and samples of 96×96
 * it is the visual wake words network of MLPerf Tiny, but for convolution biases that change nothing.
 */
export const mobilenetV1 = modelPreset({
  id: 'mobilenet-v1',
  title: 'MobileNetV1',
  description: '32C3 – 13 × (depthwise 3×3 – pointwise) up to 1024 filters – mean – output; width multiplier',
  source: 'Howard et al., arXiv 1704.04861, table 1',
  usual: { shape: [224, 224, 3], classes: 1000 },
  options,
  padsActivations: true,
  layers: (_shape, classes, { width, dropout }) => {
    const scaled = (filters: number) => Math.max(8, Math.floor(filters * width));
    const graph = new GraphBuilder().conv(scaled(32), 3, { strides: 2 }).norm(NORM).act();
    for (const [filters, strides] of PAIRS) {
      graph.depthwise(3, { strides }).norm(NORM).act();
      graph.conv(scaled(filters), 1).norm(NORM).act();
    }
    return graph.globalPool().dropout(dropout).dense(classes, { bias: true });
  },
});
