import { describe, expect, it } from 'vitest';
import { printGraph } from '#shared/export/ir/print.ts';
import { lower } from '#shared/export/passes/lower.ts';
import { sinkMaxPool } from '#shared/export/passes/sink-max-pool.ts';
import type { TrainedNode } from '#shared/export/trained-graph.ts';
import { NONE, smallTrained } from '#test/support/small-trained.ts';

describe('max-pooling and a negative factor', () => {
  const pool = (input: string): TrainedNode => ({
    kind: 'max-pool',
    id: 'pool',
    inputs: [input],
    shape: [1, 1, 2],
    size: [1, 1],
    strides: [1, 1],
    padding: NONE,
  });

  it('between convolution and norm keeps its direction in the thresholds', () => {
    const graph = smallTrained(([conv, norm, ...rest]) => [
      conv!,
      pool('conv'),
      { ...norm!, inputs: ['pool'] },
      ...rest,
    ]);
    const text = printGraph(lower(graph));
    expect(text).toContain('pool: i32[1,1,2] in [-500,500] = max-pool(conv)');
    expect(text).toContain('act: i8[1,1,2] in [-1,1] = threshold(pool) x>=[-31,0] -x>=[-87,-56]');
  });

  it('behind a norm that cannot be folded moves behind the activation', () => {
    const graph = smallTrained(([conv, norm, act, ...rest]) => [
      conv!,
      { ...pool('conv'), id: 'first' },
      { ...norm!, inputs: ['first'] },
      pool('norm'),
      { ...act!, inputs: ['pool'] },
      ...rest,
    ]);
    expect(sinkMaxPool(graph).nodes.map((node) => `${node.id}:${node.kind}<${node.inputs.join()}`)).toEqual([
      'conv:conv2d<input',
      'first:max-pool<conv',
      'norm:batch-norm<first',
      'pool:activation<norm',
      'act:max-pool<pool',
      'dense:dense<act',
    ]);
  });

  it('is refused where no activation follows at once', () => {
    const graph = smallTrained(([conv, norm, act, ...rest]) => [
      conv!,
      { ...pool('conv'), id: 'first' },
      { ...norm!, inputs: ['first'] },
      pool('norm'),
      { ...norm!, id: 'again', inputs: ['pool'] },
      { ...act!, inputs: ['again'] },
      ...rest,
    ]);
    expect(() => lower(graph)).toThrow(/layer pool cannot be lowered.*negative factor in channel 1/);
  });
});
