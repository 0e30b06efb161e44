import { z } from 'zod';
import { GraphBuilder } from './parts/builder.ts';
import { modelPreset } from './types.ts';

const options = z.strictObject({
  filters: z.int().min(1).max(1024).default(64).describe('filters of every convolution'),
  bias: z
    .boolean()
    .default(true)
    .describe('a bias in each convolution, as in the reference; before a batch norm it changes nothing'),
  firstDropout: z.number().min(0).lt(1).default(0.2).describe('dropout rate after the first convolution'),
  dropout: z.number().min(0).lt(1).default(0.4).describe('dropout rate before the pooling'),
});

/** Batch norm as Keras has it by default, which the reference uses. */
const NORM = { momentum: 0.99, epsilon: 1e-3 };

/**
 * DS-CNN, the keyword spotting network of MLPerf Tiny (Zhang et al., Hello Edge, arXiv 1711.07128; Banbury et al., arXiv
 * 2106.07597): a 10×4 convolution with stride 2, four depthwise 3×3 and pointwise pairs, average pooling over half the
 * input's size in each direction (a last odd row is left out, as in the reference), dense layer. Input: 49 frames of 10
 * MFCC features.
 */
export const dsCnn = modelPreset({
  id: 'ds-cnn',
  title: 'DS-CNN, MLPerf Tiny',
  description: '64C10×4 – 4 × (depthwise 3×3 – 64C1) – mean – output, for spectrograms of 49×10',
  source:
    'Zhang et al., arXiv 1711.07128; Banbury et al., arXiv 2106.07597: mlcommons/tiny, keyword_spotting',
  usual: { shape: [49, 10, 1], classes: 12 },
  options,
  padsActivations: true,
  layers: ([height, width], classes, { filters, bias, firstDropout, dropout }) => {
    const graph = new GraphBuilder()
      .conv(filters, [10, 4], { strides: 2, bias })
      .norm(NORM)
      .act()
      .dropout(firstDropout);
    for (let pair = 0; pair < 4; pair++) {
      graph.depthwise(3, { bias }).norm(NORM).act().conv(filters, 1, { bias }).norm(NORM).act();
    }
    const window = [Math.max(1, Math.floor(height / 2)), Math.max(1, Math.floor(width / 2))] as const;
    return graph.dropout(dropout).averagePool(window).flatten().dense(classes, { bias: true });
  },
});
