import { describe, expect, it } from 'vitest';
import { ACCUMULATOR_LIMIT, PASSING_LIMIT } from '#shared/export/arithmetic/fixed-point.ts';
import { poolSumLimits } from '#shared/export/arithmetic/sum-limit.ts';
import type { TrainedNode } from '#shared/export/trained-graph.ts';
import { NONE, smallTrained } from '#test/support/small-trained.ts';

const pool = (id: string, input: string): TrainedNode => ({
  kind: 'max-pool',
  id,
  inputs: [input],
  shape: [1, 1, 2],
  size: [1, 1],
  strides: [1, 1],
  padding: NONE,
});
const limitOf = (change: (nodes: TrainedNode[]) => TrainedNode[]) => poolSumLimits(smallTrained(change));

describe('poolSumLimits', () => {
  it('allows all of 32 bits where nothing but thresholds follows', () => {
    const limits = limitOf(([conv, norm, ...rest]) => [
      conv!,
      pool('a', 'conv'),
      pool('b', 'a'),
      { ...norm!, inputs: ['b'] },
      ...rest,
    ]);
    expect([...limits]).toEqual([
      ['a', ACCUMULATOR_LIMIT],
      ['b', ACCUMULATOR_LIMIT],
    ]);
  });

  it('leaves room for factors where a sum goes on', () => {
    const limits = limitOf(([conv, norm, act, dense]) => [
      conv!,
      pool('a', 'conv'),
      { ...norm!, inputs: ['a'] },
      act!,
      { kind: 'add', id: 'sum', inputs: ['act', 'a'], shape: [1, 1, 2] },
      { ...act!, id: 'act2', inputs: ['sum'] },
      { ...dense!, inputs: ['act2'] },
    ]);
    expect([...limits]).toEqual([['a', PASSING_LIMIT]]);
  });
});
