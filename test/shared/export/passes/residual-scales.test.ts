import { describe, expect, it } from 'vitest';
import { flush, loweredText } from '#test/support/graph-text.ts';

/** Two branches behind one activation, whose codes have the scales `left` and `right`, are added. */
const branches = (left: string, right: string) =>
  flush(`
    net: input u8[1,1,2] zero [128,128] scale 1
    stem: [1,1,2] = conv2d(input) 1x1 /1,1 pad 0,0,0,0 dilated 1,1 2 filters of 1 * [++ +-]
    a: [1,1,2] = activation(stem) ternary y>=-0.5 y>0.5 -> ${left} * [-1,0,1]
    conv: [1,1,2] = conv2d(a) 1x1 /1,1 pad 0,0,0,0 dilated 1,1 2 filters of 1 * [++ +-]
    b: [1,1,2] = activation(conv) ternary y>=-0.5 y>0.5 -> ${right} * [-1,0,1]
    sum: [1,1,2] = add(a, b)
    c: [1,1,2] = activation(sum) ternary y>=-0.5 y>0.5 -> 1 * [-1,0,1]
    fc: [2] = dense(c) 2 filters of 1 * [+- -+]
    output fc 2 classes
  `);
const joined = (text: string) =>
  loweredText(text)
    .split('\n')
    .filter((line) => /^(sum|c\.sum|c):/.test(line));

describe('the branches of a residual block are brought to one scale', () => {
  it('that they have already: their integers are added', () => {
    expect(joined(branches('1', '1'))).toEqual([
      'sum: i8[1,1,2] in [-2,2] = add(a, b)',
      'c: i8[1,1,2] in [-1,1] = threshold(sum) x>=[0,1] x>=[0,1] -> [-1,0,1]',
    ]);
  });

  it('a power of two, by multipliers with one unit for both', () => {
    // 1 and 3/8 at 2^30: |a| + |b| · 3/8 stays below 2^31. The thresholds are ∓0.5 · 2^30, and those integers beyond
    // that training's float32 rounds to it: its numbers lie 64 apart there, and halves go to the even one.
    expect(joined(branches('1', '0.375'))).toEqual([
      'c.sum: i32[1,1,2] in [-1476395008,1476395008] = combine(a, b) * [1073741824,1073741824] [402653184,402653184] + [0,0]',
      'c: i8[1,1,2] in [-1,1] = threshold(c.sum) x>=[-536870944,536870945] x>=[-536870944,536870945] -> [-1,0,1]',
    ]);
  });

  it('to which a branch of real values is brought, too: the batch norm goes into multipliers and bias', () => {
    const text = branches('1', '1')
      .replace(/^b: .*$/m, 'b: [1,1,2] = batch-norm(conv) * [0.5,-0.25] + [0.75,0]')
      .replace(/^sum: .*$/m, 'sum: [1,1,2] = add(b, a)');
    // 0.5 · S + x + 0.75, and 0.25 · S + x behind a negated filter, at 2^29 and 2^30: |S| ≤ 2 and |x| ≤ 1.
    expect(joined(text)).toEqual([
      'c.sum: i32[1,1,2] in [-1610612736,1610612736] = combine(conv, a) * [268435456,268435456] [536870912,1073741824] + [402653184,0]',
      'c: i8[1,1,2] in [-1,1] = threshold(c.sum) x>=[-268435472,268435473] x>=[-536870944,536870945] -> [-1,0,1]',
    ]);
  });
});
