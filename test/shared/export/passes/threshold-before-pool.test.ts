import { describe, expect, it } from 'vitest';
import { checkGraph } from '#shared/export/ir/check.ts';
import { printGraph } from '#shared/export/ir/print.ts';
import { lower } from '#shared/export/passes/lower.ts';
import { poolBeforeThreshold, thresholdBeforePool } from '#shared/export/passes/threshold-before-pool.ts';
import { expectSameValues, flush, throughPass } from '#test/support/graph-text.ts';
import { randomTrainedGraph } from '#test/support/graphs.ts';

const POOL_FIRST = flush(`
  net: input u8[4,4,1] zero [10]
  conv: i32[4,4,2] in [-265,500] = conv2d(input) 1x1 /1,1 pad 0,0,0,0 dilated 1,1 2 filters of [+ -]
  pool: i32[2,2,2] in [-265,500] = max-pool(conv) 3x3 /2,2 pad 1,1,0,0
  act: i8[2,2,2] in [-1,1] = threshold(pool) x>=[-31,0] x>=[-87,-56] -> [-1,0,1]
  sum: i32[1,1,2] in [-4,4] = sum-pool(act) 2x2 /2,2 pad 0,0,0,0
  logits: i32[2] in [-4,4] = affine(sum) * [1,1] + [0,0] exponent 0
  output logits 2 classes
`);
const THRESHOLD_FIRST = flush(`
  net: input u8[4,4,1] zero [10]
  conv: i32[4,4,2] in [-265,500] = conv2d(input) 1x1 /1,1 pad 0,0,0,0 dilated 1,1 2 filters of [+ -]
  pool: i8[4,4,2] in [-1,1] = threshold(conv) x>=[-31,0] x>=[-87,-56] -> [-1,0,1]
  act: i8[2,2,2] in [-1,1] = max-pool(pool) 3x3 /2,2 pad 1,1,0,0
  sum: i32[1,1,2] in [-4,4] = sum-pool(act) 2x2 /2,2 pad 0,0,0,0
  logits: i32[2] in [-4,4] = affine(sum) * [1,1] + [0,0] exponent 0
  output logits 2 classes
`);

describe('threshold-before-pool', () => {
  it('turns this text into that one, and back', () => {
    expect(throughPass(thresholdBeforePool, POOL_FIRST)).toBe(THRESHOLD_FIRST);
    expect(throughPass(poolBeforeThreshold, THRESHOLD_FIRST)).toBe(POOL_FIRST);
  });

  it('changes nothing where a channel falls, where codes fall, or where others read the sums or the pooling', () => {
    const alone = [
      POOL_FIRST.replace('x>=[-87', '-x>=[-87'),
      POOL_FIRST.replace('-> [-1,0,1]', '-> [1,0,-1]'),
      POOL_FIRST.replace('affine(sum) * [1,1]', 'affine(sum, other) * [1,1] [1,1]').replace(
        'logits:',
        'other: i32[1,1,2] in [-265,500] = max-pool(conv) 4x4 /1,1 pad 0,0,0,0\nlogits:',
      ),
      POOL_FIRST.replace('affine(sum) * [1,1]', 'affine(sum, other) * [1,1] [1,1]').replace(
        'logits:',
        'other: i32[1,1,2] in [-265,500] = max-pool(pool) 2x2 /1,1 pad 0,0,0,0\nlogits:',
      ),
    ];
    for (const text of alone) expect(throughPass(thresholdBeforePool, text)).toBe(text);
  });

  it('moves those that the planner chooses', () => {
    const none = throughPass((graph) => thresholdBeforePool(graph, ({ id }) => id !== 'act'), POOL_FIRST);
    expect(none).toBe(POOL_FIRST);
  });

  it('keeps every value but those between, in random networks', () => {
    let moved = 0;
    for (let seed = 0; seed < 150; seed++) {
      const before = lower(randomTrainedGraph(seed));
      const after = thresholdBeforePool(before);
      const changed = before.nodes.filter(
        (node) => node.kind === 'max-pool' && kindOf(after, node.id) === 'threshold',
      );
      if (changed.length === 0) continue;
      moved += changed.length;
      checkGraph(after, `seed ${seed}`);
      const kept = before.nodes.filter((node) => !changed.includes(node)).map(({ id }) => id);
      expectSameValues(`seed ${seed}`, before, after, kept);
      const back = poolBeforeThreshold(after, ({ id }) => changed.some((pool) => pool.id === id));
      expect(printGraph(back, { full: true }), `seed ${seed}`).toBe(printGraph(before, { full: true }));
    }
    expect(moved).toBeGreaterThan(20);
  });
});

function kindOf(graph: ReturnType<typeof lower>, id: string): string | undefined {
  return graph.nodes.find((node) => node.id === id)?.kind;
}
