import { z } from 'zod';
import { GraphBuilder } from './parts/builder.ts';
import { modelPreset } from './types.ts';

const WIDTHS = { original: [96, 256, 384, 384, 256], narrow: [64, 192, 384, 256, 256] } as const;

const options = z.strictObject({
  widths: z
    .enum(['original', 'narrow'])
    .default('original')
    .describe(
      'filters 96-256-384-384-256 (TGA, TOT-Net, XNOR-Net), or 64-192-384-256-256 (ReBNet, torchvision)',
    ),
  order: z
    .enum(['conv-norm-act', 'norm-act-conv'])
    .default('conv-norm-act')
    .describe(
      'convolution, batch norm, activation, pooling (TGA); or batch norm and activation before each convolution (TOT-Net, XNOR-Net)',
    ),
  relu: z
    .boolean()
    .default(true)
    .describe('norm-act-conv only: a ReLU after each quantized layer, as in TOT-Net’s code'),
  dropout: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe('dropout rate before the last two dense layers; TOT-Net: 0.5'),
});
type Options = z.output<typeof options>;

/**
 * AlexNet without groups for ImageNet (Krizhevsky et al., NIPS 2012): 96C11s4 – MP3s2 – 256C5 – MP3s2 – 384C3 – 384C3 –
 * 256C3 – MP3s2 – 4096FC – 4096FC – output. The first convolution is padded by 2 for images of 224 pixels and not at all
 * from 227 pixels on, as the sources have it. In the order norm-act-conv the first block ends with a batch norm and a
 * ReLU in floating point, and the last layer has a batch norm and an activation before it.
 *
 * TOT-Net and XNOR-Net keep the first and the last layer in floating point, TGA has both forms
 * (`quantization.firstLayer`, `lastLayer`).
 */
export const alexnet = modelPreset({
  id: 'alexnet',
  title: 'AlexNet',
  description: '96C11 – MP3 – 256C5 – MP3 – 2×384C3 – 256C3 – MP3 – 2×4096FC – output',
  source: 'Krizhevsky et al., NIPS 2012; layers as in the code of TGA and of TOT-Net',
  usual: { shape: [224, 224, 3], classes: 1000 },
  options,
  padsActivations: true,
  layers: ([height, width], classes, given) => {
    const padding = Math.min(height, width) < 227 ? 2 : 0;
    return given.order === 'conv-norm-act'
      ? plain(padding, classes, given)
      : preceded(padding, classes, given);
  },
});

/** Kernel of each convolution, and whether a pooling follows. */
const CONVS = [
  [11, true],
  [5, true],
  [3, false],
  [3, false],
  [3, true],
] as const;

function plain(padding: number, classes: number, { widths, dropout }: Options): GraphBuilder {
  const graph = new GraphBuilder();
  CONVS.forEach(([kernel, pooled], index) => {
    const place = index === 0 ? { strides: 4, padding } : { padding: (kernel - 1) / 2 };
    graph
      .conv(WIDTHS[widths][index] ?? 1, kernel, place)
      .norm()
      .act();
    if (pooled) graph.maxPool(3, { strides: 2 });
  });
  graph.flatten().dense(4096).norm().act().dropout(dropout);
  return graph.dense(4096).norm().act().dropout(dropout).dense(classes, { bias: true });
}

function preceded(padding: number, classes: number, { widths, relu, dropout }: Options): GraphBuilder {
  const initial = { kind: 'lecun-normal' };
  const graph = new GraphBuilder();
  const end = () => (relu ? graph.relu() : graph);
  CONVS.forEach(([kernel, pooled], index) => {
    const filters = WIDTHS[widths][index] ?? 1;
    if (index === 0) graph.conv(filters, kernel, { strides: 4, padding, bias: true, initial }).norm().relu();
    else {
      graph
        .norm()
        .act()
        .conv(filters, kernel, { padding: (kernel - 1) / 2, bias: true, initial });
      end();
    }
    if (pooled) graph.maxPool(3, { strides: 2 });
  });
  graph.flatten().norm().act().dense(4096, { bias: true, initial });
  end().norm().act().dropout(dropout).dense(4096, { bias: true, initial });
  end().norm({ epsilon: 1e-3 }).act().dropout(dropout);
  return graph.dense(classes, { bias: true, initial });
}
