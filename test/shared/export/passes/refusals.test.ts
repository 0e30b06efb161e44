import { describe, expect, it } from 'vitest';
import { lower } from '#shared/export/passes/lower.ts';
import type { TrainedNode } from '#shared/export/trained-graph.ts';
import type { Staircase } from '#shared/quant/types.ts';
import { NONE, smallTrained } from '#test/support/small-trained.ts';

describe('what cannot be lowered', () => {
  const refused = (change: (nodes: TrainedNode[]) => TrainedNode[]) => () => lower(smallTrained(change));

  it('is an activation in floating point', () => {
    expect(
      refused(
        (nodes) =>
          nodes.map((node) =>
            node.kind === 'activation' ? { ...node, name: 'relu', staircase: undefined } : node,
          ) as TrainedNode[],
      ),
    ).toThrow(/layer act .*"relu"/);
  });

  it('is a layer fed by floating-point values', () => {
    expect(
      refused((nodes) =>
        nodes
          .filter((node) => node.id !== 'act')
          .map((node) => (node.id === 'dense' ? { ...node, inputs: ['norm'] } : node)),
      ),
    ).toThrow(/layer dense .*fed by floating-point/);
  });

  it('is a border of −1 around codes that are not −1 and +1, or have another scale', () => {
    const next: TrainedNode = {
      kind: 'conv2d',
      id: 'next',
      inputs: ['act'],
      shape: [1, 1, 1],
      kernel: [1, 2],
      strides: [1, 1],
      dilation: [1, 1],
      padding: { ...NONE, left: 1 },
      outside: -1,
      weights: { levels: [{ codes: Int8Array.of(1, 0, -1, 1), scale: Float32Array.of(1) }] },
    };
    const bordered = (staircase: Staircase) =>
      refused((nodes) =>
        nodes.flatMap((node): TrainedNode[] =>
          node.kind === 'activation' ? [{ ...node, staircase }, next] : [node],
        ),
      );
    const signs = { thresholds: [0], inclusive: [true], codes: [-1, 1], scale: 1 };
    expect(bordered(signs)).not.toThrow();
    for (const change of [{ codes: [0, 1] }, { scale: 0.5 }, { more: [{ codes: [0, 1], scale: 1 }] }]) {
      expect(bordered({ ...signs, ...change })).toThrow(/layer next .*its padding holds the code -1, but/);
    }
  });

  it('is a checkpoint of another model', () => {
    expect(
      refused((nodes) =>
        nodes.map((node) => (node.kind === 'batch-norm' ? { ...node, factor: new Float32Array(3) } : node)),
      ),
    ).toThrow(/layer norm has 3 factors, but needs 2/);
  });
});
