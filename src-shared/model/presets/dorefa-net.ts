import { z } from 'zod';
import { GraphBuilder } from './parts/builder.ts';
import { modelPreset } from './types.ts';

const options = z.strictObject({
  dropout: z.number().min(0).lt(1).default(0.5).describe('dropout rate before the last convolution'),
});

/**
 * The network of DoReFa-Net for small images (Zhou et al., arXiv 1606.06160, and the code of tensorpack,
 * svhn-digit-dorefa.py): 48C5 – MP2 | 2×64C3 – MP2 | 128C3 – 128C3 – 128C3 | 512C over the whole remaining map | output.
 * The source takes 40×40 pixels, where the last convolution is 5×5; with 32×32 it is 3×3. Activations follow the method
 * instead of the source's min(1, |x|). The first and the last layer stay in floating point in the source
 * (`quantization.firstLayer`, `lastLayer`); BNN+ reports a CIFAR-10 result for "the DoReFa net".
 */
export const dorefaNet = modelPreset({
  id: 'dorefa-net',
  title: 'DoReFa-Net, small images',
  description: '48C5 – MP2 – 2×64C3 – MP2 – 3×128C3 – 512C – output',
  source: 'DoReFa-Net, Zhou et al., arXiv 1606.06160: tensorpack, svhn-digit-dorefa.py',
  usual: { shape: [32, 32, 3], classes: 10 },
  options,
  layers: ([height, width], classes, { dropout }) => {
    const norm = { momentum: 0.9, epsilon: 1e-4 };
    const same = { padding: 1 };
    const valid = { padding: 'valid' };
    const graph = new GraphBuilder();
    graph
      .conv(48, 5, { ...valid, bias: true })
      .maxPool(2)
      .act();
    graph.conv(64, 3, same).norm(norm).act();
    graph.conv(64, 3, same).norm(norm).maxPool(2).act();
    graph.conv(128, 3, valid).norm(norm).act();
    graph.conv(128, 3, same).norm(norm).act();
    graph.conv(128, 3, valid).norm(norm).act().dropout(dropout);
    const rest = (extent: number) => Math.floor(Math.floor((extent - 4) / 2) / 2) - 4;
    graph
      .conv(512, [rest(height), rest(width)], valid)
      .norm(norm)
      .act();
    return graph.flatten().dense(classes, { bias: true });
  },
});
