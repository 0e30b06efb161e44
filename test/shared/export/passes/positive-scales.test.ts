import { describe, expect, it } from 'vitest';
import { positiveScales } from '#shared/export/passes/positive-scales.ts';
import { codesOf, smallTrained } from '#test/support/small-trained.ts';

describe('positive-scales', () => {
  it('moves the sign of a scale into the codes of its filter', () => {
    const graph = smallTrained((nodes) =>
      nodes.map((node) =>
        node.kind === 'conv2d'
          ? {
              ...node,
              weights: {
                levels: [
                  {
                    codes: node.weights.levels[0]?.codes ?? new Int8Array(),
                    scale: Float32Array.of(0.5, -0.25),
                  },
                ],
              },
            }
          : node,
      ),
    );
    const folded = positiveScales(graph);
    expect(codesOf(folded, 'conv')).toEqual([1, 1, 0, -1, -1, -0, 1, 1].map((code) => code + 0));
    const conv = folded.nodes[0];
    expect(conv?.kind === 'conv2d' && [...(conv.weights.levels[0]?.scale ?? [])]).toEqual([0.5, 0.25]);
  });
});
