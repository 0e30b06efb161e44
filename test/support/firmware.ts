import { fileURLToPath } from 'node:url';
import type { TrainedGraph } from '#shared/export/trained-graph.ts';
import { Draw, randomWeights } from './graphs.ts';

/** The installation's `resources` folder. */
export const RESOURCES = fileURLToPath(new URL('../../resources', import.meta.url));

/** A small fixed network in the form of the demo's: conv, pool, norm, ternary; conv; dense; about 60,000 MACs. */
export function smallNetwork(name = 'small net'): TrainedGraph {
  const draw = new Draw(7, 'small-network');
  const ternary = { thresholds: [-0.4, 0.4], inclusive: [false, true], codes: [-1, 0, 1], scale: 1 };
  const norm = (channels: number) => ({
    factor: draw.floats(channels, -0.2, 0.3),
    offset: draw.floats(channels, -0.5, 0.5),
  });
  return {
    name,
    input: { shape: [14, 14, 1], zero: [33], scale: 1 / 128 },
    nodes: [
      {
        kind: 'conv2d',
        id: 'conv1',
        inputs: ['input'],
        shape: [14, 14, 8],
        kernel: [3, 3],
        strides: [1, 1],
        dilation: [1, 1],
        padding: { top: 1, left: 1, bottom: 1, right: 1 },
        weights: randomWeights(draw, 9, 8, 'ternary'),
      },
      {
        kind: 'max-pool',
        id: 'pool1',
        inputs: ['conv1'],
        shape: [7, 7, 8],
        size: [2, 2],
        strides: [2, 2],
        padding: { top: 0, left: 0, bottom: 0, right: 0 },
      },
      { kind: 'batch-norm', id: 'norm1', inputs: ['pool1'], shape: [7, 7, 8], ...norm(8) },
      {
        kind: 'activation',
        id: 'act1',
        inputs: ['norm1'],
        shape: [7, 7, 8],
        name: 'ternary',
        staircase: ternary,
      },
      {
        kind: 'conv2d',
        id: 'conv2',
        inputs: ['act1'],
        shape: [7, 7, 12],
        kernel: [3, 3],
        strides: [1, 1],
        dilation: [1, 1],
        padding: { top: 1, left: 1, bottom: 1, right: 1 },
        weights: randomWeights(draw, 72, 12, 'ternary'),
      },
      { kind: 'batch-norm', id: 'norm2', inputs: ['conv2'], shape: [7, 7, 12], ...norm(12) },
      {
        kind: 'activation',
        id: 'act2',
        inputs: ['norm2'],
        shape: [7, 7, 12],
        name: 'ternary',
        staircase: ternary,
      },
      { kind: 'flatten', id: 'flat', inputs: ['act2'], shape: [588] },
      {
        kind: 'dense',
        id: 'dense1',
        inputs: ['flat'],
        shape: [10],
        weights: randomWeights(draw, 588, 10, 'ternary'),
      },
    ],
    output: 'dense1',
    classes: 10,
  };
}
