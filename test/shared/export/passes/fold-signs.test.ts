import { describe, expect, it } from 'vitest';
import { foldSigns } from '#shared/export/passes/fold-signs.ts';
import { codesOf, smallTrained } from '#test/support/small-trained.ts';

describe('fold-signs', () => {
  it('negates codes, bias and factor of the falling channel alone', () => {
    const folded = foldSigns(smallTrained());
    const [conv, norm] = folded.nodes;
    expect(codesOf(folded, 'conv')).toEqual([1, 1, 0, -1, -1, 0, 1, 1]);
    expect(conv?.kind === 'conv2d' && [...(conv.bias ?? [])]).toEqual([1, 2]);
    expect(norm?.kind === 'batch-norm' && [...norm.factor]).toEqual([0.5, 1]);
  });

  it('leaves a layer alone whose sums somebody else reads, too', () => {
    const graph = smallTrained((nodes) => [
      ...nodes,
      { kind: 'flatten', id: 'other', inputs: ['conv'], shape: [2] },
    ]);
    expect(codesOf(foldSigns(graph), 'conv')).toEqual(codesOf(graph, 'conv'));
  });
});
