import { z } from 'zod';
import { modelPreset, type ModelPreset } from '../types.ts';
import { GraphBuilder } from './builder.ts';
import { projection } from './imagenet-resnet.ts';
import { classifier, residualBlock, stemEnd, stream } from './residual.ts';

const options = z.strictObject({
  shortcut: z
    .enum(['A', 'B'])
    .default('A')
    .describe(
      'where a block changes its size: A, every second pixel with zero channels, or B, a 1×1 convolution',
    ),
  zeros: z
    .enum(['after', 'around'])
    .default('after')
    .describe('shortcut A only: zero channels behind the others, or half of them on each side'),
  stream,
});

const INITIAL = { kind: 'he-normal', fan: 'out' };

/**
 * A residual network for CIFAR-10 (He et al., CVPR 2016, arXiv 1512.03385, section 4.2): 16C3, then n blocks each of
 * 16, 32 and 64 filters, depth 6n + 2; option-A shortcuts with the zero channels behind, as in the code of Ternarized
 * Neural Network (He, Gong, Fan, WACV 2019). That paper quantizes every layer; TTQ and most others keep the first and
 * the last in floating point (`quantization.firstLayer`, `lastLayer`).
 */
export function cifarResnet(depth: number): ModelPreset {
  const blocks = (depth - 2) / 6;
  return modelPreset({
    id: `resnet${depth}`,
    title: `ResNet-${depth}, CIFAR`,
    description: `16C3 – ${blocks} blocks each of 16, 32 and 64 filters – mean – output`,
    source:
      'He et al., CVPR 2016, arXiv 1512.03385, section 4.2; shortcut and initial values as in Ternarized Neural Network',
    usual: { shape: [32, 32, 3], classes: 10 },
    options,
    padsActivations: true,
    layers: (_shape, classes, { shortcut, zeros, stream: of }) => {
      const graph = new GraphBuilder();
      stemEnd(graph.conv(16, 3, { padding: 1, initial: INITIAL }), of);
      for (let stage = 0; stage < 3; stage++) {
        for (let index = 0; index < blocks; index++) {
          const filters = 16 * 2 ** stage;
          const strides = stage > 0 && index === 0 ? 2 : 1;
          graph.scope(`s${stage + 1}b${index + 1}`);
          residualBlock(
            graph,
            {
              branch: [
                { filters, kernel: 3, strides },
                { filters, kernel: 3, strides: 1 },
              ],
              ...(strides > 1
                ? {
                    shortcut:
                      shortcut === 'B'
                        ? projection(filters, strides, of)
                        : {
                            reads: 'stream' as const,
                            write: (at: GraphBuilder) => void at.shortcutA(filters, strides, { zeros }),
                          },
                  }
                : {}),
              initial: INITIAL,
            },
            of,
          );
        }
      }
      return classifier(graph, classes, of);
    },
  });
}
