import { describe, expect, it } from 'vitest';
import { parseGraphText } from '#shared/export/ir/parse.ts';
import { printGraph } from '#shared/export/ir/print.ts';

import { turnCodes } from '#shared/export/passes/turn-codes.ts';
import { interpretAll } from '#shared/verify/interpret.ts';
import { builtGraph } from '#test/support/graph-text.ts';
import { randomTrainedGraph, samplesFor } from '#test/support/graphs.ts';

const before = `net: input u8[2,2,1] zero [0]
conv: i32[2,2,2] in [-255,255] = conv2d(input) 1x1 /1,1 pad 0,0,0,0 dilated 1,1 2 filters of [+ -]
pool: i32[1,1,2] in [-255,255] = max-pool(conv) 2x2 /2,2 pad 0,0,0,0
act: i8[1,1,2] in [-1,1] = threshold(pool) x>=[-3,9] -x>=[-40,-7] -> [-1,0,1]
flat: i8[2] in [-1,1] = flatten(act)
dense: i32[2] in [-2,2] = dense(flat) 2 filters of [++ 0-]
logits: i32[2] in [-6,6] = affine(dense) * [3,3] + [0,0] exponent 0
output logits 2 classes`;

describe('turn-codes', () => {
  it('lets the falling channel rise and negates the weights that read it', () => {
    const { graph, turned } = turnCodes(parseGraphText(before));
    expect(turned).toEqual([{ node: 'act', channels: [1], of: 2 }]);
    expect(printGraph(graph, { full: true })).toBe(
      before.replace('-x>=[-40,-7]', 'x>=[8,41]').replace('[++ 0-]', '[+- 0+]'),
    );
  });

  it('leaves a channel alone that a pooling reads, or whose codes are not symmetric', () => {
    const pooled = before.replace(
      'flat: i8[2] in [-1,1] = flatten(act)',
      'again: i8[1,1,2] in [-1,1] = max-pool(act) 1x1 /1,1 pad 0,0,0,0\nflat: i8[2] in [-1,1] = flatten(again)',
    );
    const uneven = before.replace('-> [-1,0,1]', '-> [-1,0,0]');
    for (const text of [pooled, uneven]) expect(turnCodes(parseGraphText(text)).turned).toEqual([]);
  });

  it('changes no logit of random networks, and turns some', () => {
    let turned = 0;
    for (let seed = 0; seed < 150; seed++) {
      const trained = randomTrainedGraph(seed);
      const graph = builtGraph(trained);
      const after = turnCodes(graph);
      turned += after.turned.length;
      for (const sample of samplesFor(trained, 4, seed)) {
        expect(interpretAll(after.graph, sample).logits, `seed ${seed}`).toEqual(
          interpretAll(graph, sample).logits,
        );
      }
    }
    expect(turned).toBeGreaterThan(5);
  });
});
