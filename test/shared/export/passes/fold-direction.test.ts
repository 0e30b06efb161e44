import { describe, expect, it } from 'vitest';
import { foldDirection } from '#shared/export/passes/fold-direction.ts';
import { flush, throughPass, withLine } from '#test/support/graph-text.ts';

const FALLING = flush(`
  net: input u8[2,2,1] zero [10]
  conv: i32[1,1,2] in [-265,500] = conv2d(input) 2x2 /1,1 pad 0,0,0,0 dilated 1,1 2 filters of [+0-+ -+0-]
  act: i8[1,1,2] in [-1,1] = threshold(conv) x>=[-31,0] -x>=[-87,-56] -> [-1,0,1]
  dense: i32[2] in [-2,2] = dense(act) 2 filters of [++ -+]
  logits: i32[2] in [-2,2] = affine(dense) * [1,1] + [0,0] exponent 0
  output logits 2 classes
`);

describe('fold-direction', () => {
  it('negates the filters of falling channels behind a linear node', () => {
    const rising = withLine(
      withLine(
        FALLING,
        'conv',
        'conv: i32[1,1,2] in [-500,500] = conv2d(input) 2x2 /1,1 pad 0,0,0,0 dilated 1,1 2 filters of [+0-+ +-0+]',
      ),
      'act',
      'act: i8[1,1,2] in [-1,1] = threshold(conv) x>=[-31,0] x>=[-87,-56] -> [-1,0,1]',
    );
    expect(throughPass(foldDirection, FALLING)).toBe(rising);
  });

  it('negates the multipliers and the bias of falling channels behind a sum of several values', () => {
    const sum = (multipliers: string, range: string) =>
      `sum: i32[1,1,2] in ${range} = combine(conv, copy) ${multipliers}`;
    const copy =
      'copy: i32[1,1,2] in [-490,980] = conv2d(input) 2x2 /1,1 pad 0,0,0,0 dilated 1,1 2 filters of [++++ ++++]';
    const conv = FALLING.split('\n')[1] ?? '';
    const falling = withLine(
      FALLING,
      'conv',
      conv,
      copy,
      sum('* [3,5] [-2,7] + [11,-13]', '[-9000,10000]'),
    ).replace('threshold(conv)', 'threshold(sum)');
    const rising = withLine(falling, 'sum', sum('* [3,-5] [-2,-7] + [11,13]', '[-10000,10000]')).replace(
      '-x>=',
      'x>=',
    );
    expect(throughPass(foldDirection, falling)).toBe(rising);
  });

  it('leaves the direction where somebody else reads the sums, or where a pooling lies between', () => {
    const pool = 'pool: i32[1,1,2] in [-265,500] = max-pool(conv) 1x1 /1,1 pad 0,0,0,0';
    const pooled = FALLING.replace('threshold(conv)', 'threshold(pool)').replace('act:', `${pool}\nact:`);
    expect(throughPass(foldDirection, pooled)).toBe(pooled);
    const two = withLine(
      FALLING,
      'logits',
      'logits: i32[2] in [-502,502] = affine(dense, conv) * [1,1] [1,1] + [0,0] exponent 0',
    );
    expect(throughPass(foldDirection, two)).toBe(two);
  });
});
