import { describe, expect, it } from 'vitest';
import { flush, loweredText, SMALL_TEXT } from '#test/support/graph-text.ts';

describe('lower', () => {
  it('turns the whole network into this text, with the falling channel folded into its filter', () => {
    expect(loweredText(SMALL_TEXT)).toBe(
      flush(`
        two: input u8[2,2,1] zero [10]
        conv: i32[1,1,2] in [-265,500] = conv2d(input) 2x2 /1,1 pad 0,0,0,0 dilated 1,1 2 filters of [+0-+ +-0+]
        act: i8[1,1,2] in [-1,1] = threshold(conv) x>=[-31,0] x>=[-87,-56] -> [-1,0,1]
        dense: i32[2] in [-2,2] = dense(act) 2 filters of [++ -+]
        logits: i32[2] in [-1073741824,1073741824] = affine(dense) * [536870912,536870912] + [0,0] exponent 30
        output logits 2 classes
      `),
    );
  });

  it('takes every layer kind: strided and depthwise convolution, pooling, residual branches, global pooling', () => {
    const text = flush(`
      net: input u8[4,4,2] zero [128,0] scale 1
      stem: [2,2,2] = conv2d(input) 3x3 /2,2 pad 0,0,1,1 dilated 1,1 2 filters of 1 * [+000000000000000-0 00000000+0000000+0]
      bn: [2,2,2] = batch-norm(stem) * [1,1] + [0.5,-100]
      a: [2,2,2] = activation(bn) ternary y>=-0.5 y>0.5 -> 1 * [-1,0,1]
      dw: [2,2,2] = depthwise-conv2d(a) 3x3 /1,1 pad 1,1,1,1 dilated 1,1 2 filters of 0.5 * [0000+0000 0-0-+-0-0]
      b: [2,2,2] = activation(dw) ternary y>=-0.25 y>0.25 -> 1 * [-1,0,1]
      sum: [2,2,2] = add(a, b)
      c: [2,2,2] = activation(sum) binary y>=0 -> 1 * [-1,1]
      gap: [2] = global-average-pool(c)
      fc: [2] = dense(gap) 2 filters of 1 * [+- -+]
      output fc 2 classes
    `);
    expect(loweredText(text)).toBe(
      flush(`
        net: input u8[4,4,2] zero [128,0]
        stem: i32[2,2,2] in [-256,255] = conv2d(input) 3x3 /2,2 pad 0,0,1,1 dilated 1,1 2 filters of [+000000000000000-0 00000000+0000000+0]
        a: i8[2,2,2] in [-1,1] = threshold(stem) x>=[-1,1] x>=[100,101] -> [-1,0,1]
        dw: i32[2,2,2] in [-5,5] = depthwise-conv2d(a) 3x3 /1,1 pad 1,1,1,1 dilated 1,1 2 filters of [0000+0000 0-0-+-0-0]
        b: i8[2,2,2] in [-1,1] = threshold(dw) x>=[0,1] x>=[0,1] -> [-1,0,1]
        sum: i8[2,2,2] in [-2,2] = add(a, b)
        c: i8[2,2,2] in [-1,1] = threshold(sum) x>=[0] x>=[0] -> [-1,1]
        gap: i8[1,1,2] in [-4,4] = sum-pool(c) 2x2 /1,1 pad 0,0,0,0
        gap.vector: i8[2] in [-4,4] = flatten(gap)
        fc: i32[2] in [-8,8] = dense(gap.vector) 2 filters of [+- -+]
        logits: i32[2] in [-1073741824,1073741824] = affine(fc) * [134217728,134217728] + [0,0] exponent 29
        output logits 2 classes
      `),
    );
  });
});
