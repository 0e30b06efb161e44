import { describe, expect, it } from 'vitest';
import { flush, loweredText, SMALL_TEXT, withLine } from '#test/support/graph-text.ts';

/** Residual levels: values −1.3, −0.7, 0.7, 1.3 and, out of order, 0. */
const LEVELS =
  'act: [1,1,2] = activation(norm) levels y>=-1 y>=0 y>=1 y>=2 -> 1 * [-1,-1,1,1,0] + 0.3 * [-1,1,-1,1,0]';

describe('an activation of several terms', () => {
  it('stores the rank of its level, from which each term looks its code up', () => {
    // The last multiplier is the float32 number 0.5 · 0.3 at 2^30.
    expect(Math.fround(0.3) * 2 ** 29).toBe(161_061_280);
    expect(loweredText(withLine(SMALL_TEXT, 'act', LEVELS))).toBe(
      flush(`
        two: input u8[2,2,1] zero [10]
        conv: i32[1,1,2] in [-265,500] = conv2d(input) 2x2 /1,1 pad 0,0,0,0 dilated 1,1 2 filters of [+0-+ +-0+]
        act: i8[1,1,2] in [0,4] = threshold(conv) x>=[-48,-16,16,48] x>=[-104,-72,-40,-8] -> [0,1,3,4,2]
        act.term0: i8[1,1,2] in [-1,1] = lookup(act) from 0 -> [-1,-1,0,1,1]
        act.term1: i8[1,1,2] in [-1,1] = lookup(act) from 0 -> [-1,1,0,-1,1]
        dense.term0: i32[2] in [-2,2] = dense(act.term0) 2 filters of [++ -+]
        dense.term1: i32[2] in [-2,2] = dense(act.term1) 2 filters of [++ -+]
        logits: i32[2] in [-1395864384,1395864384] = affine(dense.term0, dense.term1) * [536870912,536870912] [161061280,161061280] + [0,0] exponent 30
        output logits 2 classes
      `),
    );
  });

  it('is pooled by its rank, which orders levels by their real value; what nobody reads is gone', () => {
    const text = withLine(
      withLine(SMALL_TEXT, 'act', LEVELS, 'pool: [1,1,2] = max-pool(act) 1x1 /1,1 pad 0,0,0,0'),
      'dense',
      'dense: [2] = dense(pool) 2 filters of 0.5 * [++ -+]',
    );
    const ids = loweredText(text)
      .split('\n')
      .map((line) => /^(\S+): .* = (\S+\([^)]*\))/.exec(line)?.slice(1).join(' = '));
    expect(ids.slice(2, -2)).toEqual([
      'act = threshold(conv)',
      'pool = max-pool(act)',
      'pool.term0 = lookup(pool)',
      'pool.term1 = lookup(pool)',
      'dense.term0 = dense(pool.term0)',
      'dense.term1 = dense(pool.term1)',
    ]);
  });
});
