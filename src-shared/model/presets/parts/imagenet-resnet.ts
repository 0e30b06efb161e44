import { z } from 'zod';
import { modelPreset, type ModelPreset } from '../types.ts';
import { GraphBuilder } from './builder.ts';
import { classifier, NORM, residualBlock, stemEnd, stream, type Block, type Stream } from './residual.ts';

const basicOptions = z.strictObject({
  stem: z
    .enum(['imagenet', 'cifar'])
    .default('imagenet')
    .describe('7×7 convolution with stride 2 and pooling, or for small images a 3×3 convolution alone'),
  stream,
});
const bottleneckOptions = basicOptions.extend({
  stride: z
    .enum(['3x3', '1x1'])
    .default('3x3')
    .describe(
      'which convolution of a block has the stride: the 3×3 one, as in torchvision, from which TGA starts, or ' +
        'the first 1×1 one, as in the paper',
    ),
});

const INITIAL = { kind: 'he-normal', fan: 'out' };

interface Plan {
  id: string;
  title: string;
  /** Blocks with 64, 128, 256 and 512 filters. */
  blocks: readonly [number, number, number, number];
  bottleneck: boolean;
}

/** A residual network for ImageNet (He et al., CVPR 2016, arXiv 1512.03385, table 1). */
export function imagenetResnet({ id, title, blocks, bottleneck }: Plan): ModelPreset {
  const facts = {
    id,
    title,
    description:
      `7×7 convolution – ${blocks.join(' + ')} ${bottleneck ? 'bottleneck' : 'basic'} blocks of 64, 128, 256 and 512 filters – ` +
      'mean – output',
    source: 'He et al., CVPR 2016, arXiv 1512.03385, table 1; layer by layer as TGA’s code trains it',
    usual: { shape: [224, 224, 3] as const, classes: 1000 },
    padsActivations: true as const,
  };
  const write = (classes: number, options: { stem: string; stream: Stream; stride: string }) => {
    const graph = new GraphBuilder();
    stem(graph, options.stem, options.stream);
    let channels = 64;
    blocks.forEach((count, stage) => {
      for (let index = 0; index < count; index++) {
        const width = 64 * 2 ** stage;
        const strides = stage > 0 && index === 0 ? 2 : 1;
        const filters = bottleneck ? 4 * width : width;
        graph.scope(`s${stage + 1}b${index + 1}`);
        residualBlock(
          graph,
          {
            branch: bottleneck
              ? narrow(width, strides, options.stride === '1x1')
              : [
                  { filters: width, kernel: 3, strides },
                  { filters: width, kernel: 3, strides: 1 },
                ],
            ...(strides > 1 || filters !== channels
              ? { shortcut: projection(filters, strides, options.stream) }
              : {}),
            initial: INITIAL,
          },
          options.stream,
        );
        channels = filters;
      }
    });
    return classifier(graph, classes, options.stream);
  };
  return bottleneck
    ? modelPreset({
        ...facts,
        options: bottleneckOptions,
        layers: (_shape, classes, options) => write(classes, options),
      })
    : modelPreset({
        ...facts,
        options: basicOptions,
        layers: (_shape, classes, options) => write(classes, { ...options, stride: '3x3' }),
      });
}

function stem(graph: GraphBuilder, kind: string, of: Stream): void {
  if (kind === 'cifar') {
    stemEnd(graph.conv(64, 3, { padding: 1, initial: INITIAL }), of);
    return;
  }
  stemEnd(graph.conv(64, 7, { strides: 2, padding: 3, initial: INITIAL }), of);
  graph.maxPool(3, { strides: 2, padding: 1 });
}

function narrow(width: number, strides: number, early: boolean): Block['branch'] {
  return [
    { filters: width, kernel: 1, strides: early ? strides : 1 },
    { filters: width, kernel: 3, strides: early ? 1 : strides },
    { filters: 4 * width, kernel: 1, strides: 1 },
  ];
}

/** Option B: a 1×1 convolution, normalised as the branch is. */
export function projection(filters: number, strides: number, of: Stream): Required<Block>['shortcut'] {
  return {
    reads: 'branch',
    write: (graph) => {
      graph.conv(filters, 1, { strides, padding: 0, initial: INITIAL });
      if (of !== 'pre-activation') graph.norm(NORM);
    },
  };
}
