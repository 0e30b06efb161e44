import { describe, expect, it } from 'vitest';
import { tightenRanges } from '#shared/export/passes/tighten-ranges.ts';
import { flush, throughPass } from '#test/support/graph-text.ts';

describe('tighten-ranges', () => {
  it('states the interval that is proven from the raw bytes on', () => {
    const loose = flush(`
      net: input u8[2,2,1] zero [10]
      big: u8[1,1,1] in [0,255] = max-pool(input) 2x2 /1,1 pad 0,0,0,0
      conv: i32[1,1,2] in [-9999,9999] = conv2d(big) 1x1 /1,1 pad 0,0,0,0 dilated 1,1 2 filters of [+ -]
      act: i8[1,1,2] in [-8,7] = threshold(conv) x>=[-31,0,900] x>=[-87,-56,900] -> [-8,1,2,7]
      index: i8[1,1,2] in [-9,9] = lookup(act) from -8 -> [5,0,0,0,0,0,0,0,0,3,-4,0,0,0,0,9]
      pool: i32[1,1,2] in [-99,99] = sum-pool(index) 2x1 /1,1 pad 1,0,0,0
      sum: i32[1,1,2] in [-999,999] = combine(pool, act) * [2,-2] [3,0] + [100,50]
      flat: i32[2] in [-999,999] = flatten(sum)
      logits: i32[2] in [-999,999] = affine(flat) * [1,-1] + [1,1] exponent 0
      output logits 2 classes
    `);
    // conv: −10 … 245 and −245 … 10. act: 1 or 2, and −8, 1 or 2. index: the codes for −8 … 2 in between, too.
    expect(throughPass(tightenRanges, loose)).toBe(
      flush(`
        net: input u8[2,2,1] zero [10]
        big: u8[1,1,1] in [0,255] = max-pool(input) 2x2 /1,1 pad 0,0,0,0
        conv: i32[1,1,2] in [-245,245] = conv2d(big) 1x1 /1,1 pad 0,0,0,0 dilated 1,1 2 filters of [+ -]
        act: i8[1,1,2] in [-8,2] = threshold(conv) x>=[-31,0,900] x>=[-87,-56,900] -> [-8,1,2,7]
        index: i8[1,1,2] in [-4,5] = lookup(act) from -8 -> [5,0,0,0,0,0,0,0,0,3,-4,0,0,0,0,9]
        pool: i32[1,1,2] in [-8,10] = sum-pool(index) 2x1 /1,1 pad 1,0,0,0
        sum: i32[1,1,2] in [30,118] = combine(pool, act) * [2,-2] [3,0] + [100,50]
        flat: i32[2] in [30,118] = flatten(sum)
        logits: i32[2] in [-65,119] = affine(flat) * [1,-1] + [1,1] exponent 0
        output logits 2 classes
      `),
    );
  });

  it('counts that padding holds 0, or −1 where the convolution says so', () => {
    const text = (range: string, around: string) =>
      flush(`
        net: input u8[1,2,1] zero [0]
        act: i8[1,2,1] in [1,1] = threshold(input) x>=[0] -> [-1,1]
        conv: i32[1,2,1] in ${range} = conv2d(act) 1x2 /1,1 pad 0,0,0,1${around} dilated 1,1 1 filters of [++]
        flat: i32[2] in ${range} = flatten(conv)
        logits: i32[2] in ${range} = affine(flat) * [1,1] + [0,0] exponent 0
        output logits 2 classes
      `);
    expect(throughPass(tightenRanges, text('[-50,50]', ''))).toBe(text('[0,2]', ''));
    expect(throughPass(tightenRanges, text('[-50,50]', ' outside -1'))).toBe(text('[-2,2]', ' outside -1'));
  });
});
