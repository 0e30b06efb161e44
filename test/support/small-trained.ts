import type { TrainedGraph, TrainedNode } from '#shared/export/trained-graph.ts';

export const NONE = { top: 0, left: 0, bottom: 0, right: 0 };
export const TERNARY = { thresholds: [-0.5, 0.5], inclusive: [false, true], codes: [-1, 0, 1], scale: 1 };

/** input [2,2,1] → conv 2x2, two filters → norm → activation → dense, two classes. */
export function smallTrained(
  change: (nodes: TrainedNode[]) => TrainedNode[] = (nodes) => nodes,
): TrainedGraph {
  const nodes: TrainedNode[] = [
    {
      kind: 'conv2d',
      id: 'conv',
      inputs: ['input'],
      shape: [1, 1, 2],
      kernel: [2, 2],
      strides: [1, 1],
      dilation: [1, 1],
      padding: NONE,
      // [kh, kw, cin, cout]: filter 0 is + 0 - +, filter 1 is - + 0 -.
      weights: {
        levels: [{ codes: Int8Array.of(1, -1, 0, 1, -1, 0, 1, -1), scale: Float32Array.of(0.5, 0.25) }],
      },
      bias: Float32Array.of(1, -2),
    },
    {
      kind: 'batch-norm',
      id: 'norm',
      inputs: ['conv'],
      shape: [1, 1, 2],
      factor: Float32Array.of(0.5, -1),
      offset: Float32Array.of(0, 0.25),
    },
    {
      kind: 'activation',
      id: 'act',
      inputs: ['norm'],
      shape: [1, 1, 2],
      name: 'ternary',
      staircase: TERNARY,
    },
    {
      kind: 'dense',
      id: 'dense',
      inputs: ['act'],
      shape: [2],
      weights: { levels: [{ codes: Int8Array.of(1, -1, 1, 1), scale: Float32Array.of(0.5) }] },
    },
  ];
  return {
    name: 'two',
    input: { shape: [2, 2, 1], zero: [10], scale: 0.125 },
    nodes: change(nodes),
    output: 'dense',
    classes: 2,
  };
}

/** Weight codes of a layer, as trained. */
export const codesOf = (graph: TrainedGraph, id: string): number[] => {
  const node = graph.nodes.find((candidate) => candidate.id === id);
  return node && 'weights' in node ? [...(node.weights.levels[0]?.codes ?? [])] : [];
};
