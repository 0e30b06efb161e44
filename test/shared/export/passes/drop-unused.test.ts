import { describe, expect, it } from 'vitest';
import { dropUnused } from '#shared/export/passes/drop-unused.ts';
import type { TrainedGraph, TrainedNode } from '#shared/export/trained-graph.ts';
import { smallTrained } from '#test/support/small-trained.ts';

describe('drop-unused', () => {
  it('removes what the output does not read', () => {
    const graph = smallTrained((nodes) => [
      ...nodes,
      { kind: 'flatten', id: 'dead', inputs: ['act'], shape: [2] },
    ]);
    expect(dropUnused<TrainedNode, TrainedGraph>(graph).nodes.map((node) => node.id)).toEqual([
      'conv',
      'norm',
      'act',
      'dense',
    ]);
  });
});
