import { describe, expect, it } from 'vitest';
import { lower } from '#shared/export/passes/lower.ts';
import { smallTrained } from '#test/support/small-trained.ts';

describe('the output', () => {
  it('takes several levels exactly, one multiplier each', () => {
    const graph = lower(
      smallTrained((nodes) =>
        nodes.map((node) =>
          node.kind === 'dense'
            ? {
                ...node,
                weights: {
                  levels: [
                    { codes: Int8Array.of(1, -1, 1, 1), scale: Float32Array.of(0.3) },
                    { codes: Int8Array.of(0, 1, 1, -1), scale: Float32Array.of(0.1) },
                  ],
                },
              }
            : node,
        ),
      ),
    );
    const affine = graph.nodes.at(-1);
    if (affine?.kind !== 'affine') throw new Error('the last node is affine');
    expect(affine.inputs).toEqual(['dense.level0', 'dense.level1']);
    const real = affine.multipliers.map((row) => (row[0] ?? 0) * 2 ** -affine.exponent);
    expect(real[0]).toBeCloseTo(Math.fround(0.3), 8);
    expect(real[1]).toBeCloseTo(Math.fround(0.1), 8);
  });
});
