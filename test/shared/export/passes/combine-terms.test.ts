import { describe, expect, it } from 'vitest';
import { printGraph } from '#shared/export/ir/print.ts';
import { lower } from '#shared/export/passes/lower.ts';
import type { TrainedNode } from '#shared/export/trained-graph.ts';
import type { WeightLevel } from '#shared/quant/types.ts';
import { interpretAll } from '#shared/verify/interpret.ts';
import { smallTrained, TERNARY } from '#test/support/small-trained.ts';

const withLevels = (levels: WeightLevel[]) =>
  smallTrained((nodes) =>
    nodes.map((node) => (node.kind === 'conv2d' ? { ...node, weights: { levels } } : node)),
  );
const activation = (id: string, input: string, scale: number): TrainedNode => ({
  kind: 'activation',
  id,
  inputs: [input],
  shape: [1, 1, 2],
  name: 'ternary',
  staircase: { ...TERNARY, scale },
});

describe('a sum of several terms', () => {
  it('of weight levels becomes one integer in front of thresholds', () => {
    // Positive and negative weights with scales of their own; the input's scale is 1/8, its bytes less 10.
    const text = printGraph(
      lower(
        withLevels([
          { codes: Int8Array.of(1, 0, 0, 1, 0, 0, 1, 0), scale: Float32Array.of(0.3) },
          { codes: Int8Array.of(0, -1, 0, 0, -1, 0, 0, -1), scale: Float32Array.of(0.7) },
        ]),
      ),
    );
    expect(text).toContain(
      'conv.level0: i32[1,1,2] in [-245,490] = conv2d(input) 2x2 /1,1 pad 0,0,0,0 dilated 1,1 2 filters of [+00+ 0-00]',
    );
    expect(text).toContain(
      'conv.level1: i32[1,1,2] in [-245,490] = conv2d(input) 2x2 /1,1 pad 0,0,0,0 dilated 1,1 2 filters of [00-0 +00+]',
    );
    // Sums reach 490 and 245, so 2^25 is the finest unit: 0.3/8 · 2^25 = 1,258,291.2 and 0.7/8 · 2^25 = 2,936,012.8.
    expect(text).toContain('combine(conv.level0, conv.level1) * [1258291,1258291] [2936013,2936013] + [0,0]');
    expect(text).toContain('act: i8[1,1,2] in [-1,1] = threshold(act.sum)');
  });

  it('drops a level whose codes are all zero', () => {
    const text = printGraph(
      lower(
        withLevels([
          { codes: Int8Array.of(1, 0, 0, 1, 0, 0, 1, 0), scale: Float32Array.of(0.3) },
          { codes: new Int8Array(8), scale: Float32Array.of(0.7) },
        ]),
      ),
    );
    expect(text).toContain('combine(conv.level0)');
    expect(text).not.toContain('conv.level1');
  });

  it('of branches with unequal scales is added with multipliers, and their one unit is kept', () => {
    const graph = lower(
      smallTrained(([conv, norm, , dense]) => [
        conv!,
        norm!,
        activation('a', 'norm', 1),
        activation('b', 'norm', 0.375),
        { kind: 'add', id: 'sum', inputs: ['a', 'b'], shape: [1, 1, 2] },
        activation('act', 'sum', 1),
        dense!,
      ]),
    );
    const text = printGraph(graph);
    // 1 and 3/8 at 2^30: |a| + |b| · 3/8 stays below 2^31.
    expect(text).toContain('combine(a, b) * [1073741824,1073741824] [402653184,402653184] + [0,0]');
    const { values } = interpretAll(graph, Uint8Array.of(200, 0, 200, 0));
    const [a, b] = [values.get('a')!, values.get('b')!];
    expect([...values.get('act.sum')!]).toEqual(
      [...a].map((code, i) => code * 2 ** 30 + b[i]! * 3 * 2 ** 27),
    );
  });

  it('of codes with unequal scales feeds weights term by term', () => {
    const text = printGraph(
      lower(
        smallTrained(([conv, norm, , dense]) => [
          conv!,
          norm!,
          activation('a', 'norm', 1),
          activation('b', 'norm', 0.3),
          { kind: 'add', id: 'sum', inputs: ['a', 'b'], shape: [1, 1, 2] },
          { ...dense!, inputs: ['sum'] },
        ]),
      ),
    );
    expect(text).toContain('dense.term0: i32[2] in [-2,2] = dense(a)');
    expect(text).toContain('dense.term1: i32[2] in [-2,2] = dense(b)');
    expect(text).toContain('affine(dense.term0, dense.term1)');
  });

  it('of real values, a shortcut around a convolution, takes its batch norm into multipliers and bias', () => {
    const graph = lower(
      smallTrained(([conv, norm, act, dense]) => [
        conv!,
        norm!,
        { ...act!, id: 'a' } as TrainedNode,
        { kind: 'add', id: 'sum', inputs: ['norm', 'a'], shape: [1, 1, 2] },
        activation('act', 'sum', 1),
        dense!,
      ]),
    );
    const combine = graph.nodes.find((node) => node.kind === 'combine');
    if (combine?.kind !== 'combine') throw new Error('the sum is combined');
    expect(combine.inputs).toEqual(['conv', 'a']);
    // Channel 0: (D · 1/16 + 1) · 1/2 + a, in one unit: the ratios are those of the real factors.
    const [conv = NaN, a = NaN, bias = NaN] = [
      combine.multipliers[0]?.[0],
      combine.multipliers[1]?.[0],
      combine.bias[0],
    ];
    expect(conv / a).toBe(0.5 / 16);
    expect(bias / a).toBe(0.5);
  });
});
