import { z } from 'zod';
import { GraphBuilder } from './parts/builder.ts';
import { modelPreset } from './types.ts';

const options = z.strictObject({
  filters: z
    .int()
    .min(1)
    .max(512)
    .default(16)
    .describe('filters of the first stack; each further one has twice as many'),
  bias: z
    .boolean()
    .default(true)
    .describe('a bias in each convolution, as in the reference; before a batch norm it changes nothing'),
});

/** Batch norm and initial values as Keras has them by default, which the reference uses. */
const NORM = { momentum: 0.99, epsilon: 1e-3 };
const INITIAL = { kind: 'he-normal' };

/**
 * ResNet-8, the image classification network of MLPerf Tiny (Banbury et al., NeurIPS Datasets 2021, arXiv 2106.07597;
 * mlcommons/tiny, benchmark/training/image_classification/keras_model.py): three stacks of one basic block each; the
 * shortcuts of the second and third are 1×1 convolutions with bias and without batch norm.
 */
export const resnet8 = modelPreset({
  id: 'resnet8',
  title: 'ResNet-8, MLPerf Tiny',
  description: '16C3 – one block each of 16, 32 and 64 filters – mean – output',
  source: 'Banbury et al., arXiv 2106.07597; mlcommons/tiny, image_classification/keras_model.py',
  usual: { shape: [32, 32, 3], classes: 10 },
  options,
  padsActivations: true,
  layers: (_shape, classes, { filters: first, bias }) => {
    const graph = new GraphBuilder().conv(first, 3, { bias, initial: INITIAL }).norm(NORM).act();
    for (let stack = 0; stack < 3; stack++) {
      const filters = first * 2 ** stack;
      const strides = stack > 0 ? 2 : 1;
      const entry = graph.last;
      graph
        .scope(`b${stack + 1}`)
        .conv(filters, 3, { strides, bias, initial: INITIAL })
        .norm(NORM)
        .act();
      const branch = graph.conv(filters, 3, { bias, initial: INITIAL }).norm(NORM).last;
      const shortcut =
        stack > 0 ? graph.from(entry).conv(filters, 1, { strides, bias, initial: INITIAL }).last : entry;
      graph.from(branch).add(shortcut).act();
    }
    return graph.scope('head').globalPool().dense(classes, { bias: true, initial: INITIAL });
  },
});
