import { describe, expect, it } from 'vitest';
import { foldConstantTerms } from '#shared/export/passes/fold-constant-terms.ts';
import { flush, throughPass, withLine } from '#test/support/graph-text.ts';

/** a: raw sums. b: the constants 0 and 1. c: the constant 1 and a code that varies. */
const network = (sum: string, logits = 'affine(fc) * [1,1] + [0,0]') =>
  flush(`
    net: input u8[1,1,2] zero [128,128]
    a: i32[1,1,2] in [-128,128] = conv2d(input) 1x1 /1,1 pad 0,0,0,0 dilated 1,1 2 filters of [+0 0-]
    b: i8[1,1,2] in [0,1] = threshold(a) x>=[900] x>=[-900] -> [0,1]
    c: i8[1,1,2] in [0,1] = threshold(a) x>=[-900] x>=[0] -> [0,1]
    sum: i32[1,1,2] in [-999,999] = ${sum}
    act: i8[1,1,2] in [-1,1] = threshold(sum) x>=[0,9] x>=[0,9] -> [-1,0,1]
    fc: i32[2] in [-2,2] = dense(act) 2 filters of [+- -+]
    logits: i32[2] in [-2,2] = ${logits} exponent 0
    output logits 2 classes
  `);

describe('fold-constant-terms', () => {
  it('adds constants to the bias, and leaves the terms that vary', () => {
    expect(throughPass(foldConstantTerms, network('combine(b, a, c) * [10,20] [2,3] [7,5] + [5,6]'))).toBe(
      network('combine(a, c) * [2,3] [7,5] + [5,26]'),
    );
  });

  it('asks only for the channels that have a multiplier', () => {
    expect(throughPass(foldConstantTerms, network('combine(a, c) * [2,3] [7,0] + [5,6]'))).toBe(
      network('combine(a) * [2,3] + [12,6]'),
    );
  });

  it('keeps one term', () => {
    expect(throughPass(foldConstantTerms, network('combine(b, b) * [2,3] [4,5] + [5,6]'))).toBe(
      network('combine(b) * [2,3] + [5,11]'),
    );
  });

  it('works on the logits, and changes nothing where nothing is constant', () => {
    const varying = network('combine(a, c) * [2,3] [7,5] + [5,6]');
    expect(throughPass(foldConstantTerms, varying)).toBe(varying);
    const flat = 'flat: i8[2] in [0,1] = flatten(b)';
    const two = network('combine(a, c) * [2,3] [7,5] + [5,6]', 'affine(fc, flat) * [1,1] [30,-40] + [0,0]');
    const fc = two.split('\n').find((line) => line.startsWith('fc:')) ?? '';
    expect(throughPass(foldConstantTerms, withLine(two, 'fc', flat, fc))).toBe(
      withLine(
        network('combine(a, c) * [2,3] [7,5] + [5,6]', 'affine(fc) * [1,1] + [0,-40]'),
        'fc',
        flat,
        fc,
      ),
    );
  });
});
