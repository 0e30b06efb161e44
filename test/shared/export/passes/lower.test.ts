import { describe, expect, it } from 'vitest';
import { printGraph } from '#shared/export/ir/print.ts';
import { lower } from '#shared/export/passes/lower.ts';
import { smallTrained } from '#test/support/small-trained.ts';

describe('lower', () => {
  it('turns the whole network into this text', () => {
    expect(printGraph(lower(smallTrained()))).toBe(
      [
        'two: input u8[2,2,1] zero [10]',
        'conv: i32[1,1,2] in [-265,500] = conv2d(input) 2x2 /1,1 pad 0,0,0,0 dilated 1,1 2 filters of [+0-++-0+]',
        'act: i8[1,1,2] in [-1,1] = threshold(conv) x>=[-31,0] x>=[-87,-56] -> [-1,0,1]',
        'dense: i32[2] in [-2,2] = dense(act) 2 filters of [++-+]',
        'logits: i32[2] in [-1073741824,1073741824] = affine(dense) * [536870912,536870912] + [0,0] exponent 30',
        'output logits 2 classes',
      ].join('\n'),
    );
  });

  it('folds a negative factor into the weights, so that no direction is left', () => {
    const graph = lower(smallTrained());
    const act = graph.nodes.find((node) => node.id === 'act');
    expect(act?.kind === 'threshold' && [...act.direction]).toEqual([1, 1]);
  });
});
