import { z } from 'zod';
import { GraphBuilder } from './parts/builder.ts';
import { NORM } from './parts/residual.ts';
import { modelPreset } from './types.ts';

const options = z.strictObject({
  form: z
    .enum(['paper', 'deployable'])
    .default('paper')
    .describe(
      'paper: 1×1 convolutions on the shortcuts in floating point, and a last layer that reads real values; deployable: they ' +
        'follow the run’s rules, with an activation before each of them and before the last layer',
    ),
});

/**
 * Bi-Real Net with 18 layers (Liu et al., ECCV 2018, arXiv 1808.00278, and its authors' PyTorch code): ResNet-18 with a
 * shortcut of real values around every binary convolution, y = x + BN(conv(sgn(x))). Where a stage halves the map the
 * shortcut is average pooling and a 1×1 convolution. The paper keeps the first convolution and the last layer in
 * floating point (`quantization.firstLayer`, `lastLayer`); the last one reads the real stream, so there is no activation
 * before it. The form `deployable` is an addition: with it every convolution is fed by codes.
 */
export const biReal18 = modelPreset({
  id: 'bi-real-18',
  title: 'Bi-Real Net, 18 layers',
  description:
    '7×7 convolution – 16 binary 3×3 convolutions of 64 to 512 filters, a real shortcut around each – mean – output',
  source: 'Liu et al., ECCV 2018, arXiv 1808.00278; liuzechun/Bi-Real-net, PyTorch',
  usual: { shape: [224, 224, 3], classes: 1000 },
  options,
  padsActivations: true,
  layers: (_shape, classes, { form }) => {
    const graph = new GraphBuilder().conv(64, 7, { strides: 2, padding: 3 }).norm(NORM);
    graph.maxPool(3, { strides: 2, padding: 1 });
    const own = form === 'paper' ? { weights: { method: 'full-precision' } } : {};
    const fed = () => (form === 'paper' ? graph : graph.act());
    for (let stage = 0; stage < 4; stage++) {
      for (let index = 0; index < 4; index++) {
        const filters = 64 * 2 ** stage;
        const strides = stage > 0 && index === 0 ? 2 : 1;
        const entry = graph.last;
        graph.scope(`s${stage + 1}c${index + 1}`);
        const branch = graph.act().conv(filters, 3, { strides, padding: 1 }).norm(NORM).last;
        let shortcut = entry;
        if (strides > 1) {
          graph.from(entry);
          fed().averagePool(2, { padding: 'same' });
          shortcut = graph.conv(filters, 1, { padding: 0, ...own }).norm(NORM).last;
        }
        graph.from(branch).add(shortcut);
      }
    }
    graph.scope('head');
    return fed().globalPool().dense(classes, { bias: true });
  },
});
