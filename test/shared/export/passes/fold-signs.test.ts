import { describe, expect, it } from 'vitest';
import { foldSigns } from '#shared/export/passes/fold-signs.ts';
import { flush, SMALL_TEXT, throughTrainedPass, withLine } from '#test/support/graph-text.ts';

describe('fold-signs', () => {
  it('negates codes, bias and factor of the falling channel alone', () => {
    expect(throughTrainedPass(foldSigns, SMALL_TEXT)).toBe(
      flush(`
        two: input u8[2,2,1] zero [10] scale 0.125
        conv: [1,1,2] = conv2d(input) 2x2 /1,1 pad 0,0,0,0 dilated 1,1 2 filters of [0.5,0.25] * [+0-+ +-0+] bias [1,2]
        norm: [1,1,2] = batch-norm(conv) * [0.5,1] + [0,0.25]
        act: [1,1,2] = activation(norm) ternary y>-0.5 y>=0.5 -> 1 * [-1,0,1]
        dense: [2] = dense(act) 2 filters of 0.5 * [++ -+]
        output dense 2 classes
      `),
    );
  });

  it('leaves a layer alone whose sums somebody else reads, too, or which a pooling parts from the norm', () => {
    const read = withLine(
      SMALL_TEXT,
      'norm',
      'other: [2] = flatten(conv)',
      'norm: [1,1,2] = batch-norm(conv) * [0.5,-1] + [0,0.25]',
    );
    const pooled = withLine(
      SMALL_TEXT,
      'norm',
      'pool: [1,1,2] = max-pool(conv) 1x1 /1,1 pad 0,0,0,0',
      'norm: [1,1,2] = batch-norm(pool) * [0.5,-1] + [0,0.25]',
    );
    for (const text of [read, pooled]) expect(throughTrainedPass(foldSigns, text)).toBe(text);
  });
});
