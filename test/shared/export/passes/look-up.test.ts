import { describe, expect, it } from 'vitest';
import type { IntegerNode } from '#shared/export/ir/graph.ts';
import { lower } from '#shared/export/passes/lower.ts';
import type { TrainedNode } from '#shared/export/trained-graph.ts';
import { NONE, smallTrained } from '#test/support/small-trained.ts';

/** Residual levels: values −1.3, −0.7, 0.7, 1.3 and, out of order, 0. */
const LEVELS = {
  thresholds: [-1, 0, 1, 2],
  inclusive: [true, true, true, true],
  codes: [-1, -1, 1, 1, 0],
  scale: 1,
  more: [{ codes: [-1, 1, -1, 1, 0], scale: 0.3 }],
};
const POOL: TrainedNode = {
  kind: 'max-pool',
  id: 'pool',
  inputs: ['act'],
  shape: [1, 1, 2],
  size: [1, 1],
  strides: [1, 1],
  padding: NONE,
};

function lowered(pooled: boolean): readonly IntegerNode[] {
  return lower(
    smallTrained(([conv, norm, act, dense]) => [
      conv!,
      norm!,
      { ...act!, staircase: LEVELS } as TrainedNode,
      ...(pooled ? [POOL] : []),
      { ...dense!, inputs: [pooled ? 'pool' : 'act'] },
    ]),
  ).nodes;
}
const find = (nodes: readonly IntegerNode[], id: string) => nodes.find((node) => node.id === id);

describe('an activation of several terms', () => {
  it('stores the rank of its level, from which each term looks its code up', () => {
    const nodes = lowered(false);
    const act = find(nodes, 'act');
    expect(act?.kind === 'threshold' && act.codes).toEqual([0, 1, 3, 4, 2]);
    const terms = ['act.term0', 'act.term1'].map((id) => find(nodes, id));
    expect(terms.map((node) => node?.kind === 'lookup' && [node.inputs[0], node.low, node.codes])).toEqual([
      ['act', 0, [-1, -1, 0, 1, 1]],
      ['act', 0, [-1, 1, 0, -1, 1]],
    ]);
    expect(nodes.at(-1)?.inputs).toEqual(['dense.term0', 'dense.term1']);
  });

  it('is pooled by its rank, which orders levels by their real value', () => {
    const nodes = lowered(true);
    expect(find(nodes, 'pool')?.inputs).toEqual(['act']);
    expect(find(nodes, 'pool.term1')?.inputs).toEqual(['pool']);
    // What nobody reads is gone.
    expect(find(nodes, 'act.term0')).toBe(undefined);
  });
});
