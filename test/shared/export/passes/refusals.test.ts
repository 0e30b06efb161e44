import { describe, expect, it } from 'vitest';
import { lower } from '#shared/export/passes/lower.ts';
import type { TrainedNode } from '#shared/export/trained-graph.ts';
import { smallTrained } from '#test/support/small-trained.ts';

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

  it('is a checkpoint of another model', () => {
    expect(
      refused((nodes) =>
        nodes.map((node) => (node.kind === 'batch-norm' ? { ...node, factor: new Float32Array(3) } : node)),
      ),
    ).toThrow(/layer norm has 3 factors, but needs 2/);
  });
});
