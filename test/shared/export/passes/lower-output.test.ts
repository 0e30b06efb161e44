import { describe, expect, it } from 'vitest';
import { loweredText, SMALL_TEXT, withLine } from '#test/support/graph-text.ts';

const logitsOf = (dense: string) =>
  loweredText(withLine(SMALL_TEXT, 'dense', `dense: [2] = dense(act) 2 filters of ${dense}`))
    .split('\n')
    .filter((line) => /^(dense|logits)/.test(line));

describe('the output', () => {
  it('takes several levels exactly, one multiplier each', () => {
    // |0.3 · S + 0.1 · T| ≤ 0.8 at most, so 2^31 is the finest unit: 0.3 and 0.1 as float32 numbers times 2^31.
    expect(Math.fround(0.3) * 2 ** 31).toBe(644_245_120);
    expect(Math.fround(0.1) * 2 ** 31).toBe(214_748_368);
    expect(logitsOf('0.3 * [++ -+] + 0.1 * [0+ +-]')).toEqual([
      'dense.level0: i32[2] in [-2,2] = dense(act) 2 filters of [++ -+]',
      'dense.level1: i32[2] in [-2,2] = dense(act) 2 filters of [0+ +-]',
      'logits: i32[2] in [-1717986976,1717986976] = affine(dense.level0, dense.level1) * [644245120,644245120] [214748368,214748368] + [0,0] exponent 31',
    ]);
  });

  it('has one exponent for all classes, that of the largest, and a bias', () => {
    // The first class reaches ±2, the second −1 ± 0.5; 2^30 would put 2 at 2^31.
    expect(logitsOf('[1,0.25] * [++ -+] bias [0,-1]')).toEqual([
      'dense: i32[2] in [-2,2] = dense(act) 2 filters of [++ -+]',
      'logits: i32[2] in [-1073741824,1073741824] = affine(dense) * [536870912,134217728] + [0,-536870912] exponent 29',
    ]);
  });
});
