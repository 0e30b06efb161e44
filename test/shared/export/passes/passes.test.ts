import { describe, expect, it } from 'vitest';
import { printGraph } from '#shared/export/ir/print.ts';
import type { IntegerGraph } from '#shared/export/ir/graph.ts';
import { accumulatorRanges } from '#shared/export/passes/accumulator-range.ts';
import { buildIntegerGraph } from '#shared/export/passes/build-integer-graph.ts';
import { dropUnused } from '#shared/export/passes/drop-unused.ts';
import { findThresholds, firstPassing } from '#shared/export/passes/find-thresholds.ts';
import { foldDirection } from '#shared/export/passes/fold-direction.ts';
import { foldSigns } from '#shared/export/passes/fold-signs.ts';
import { lower } from '#shared/export/passes/lower.ts';
import { roundAway } from '#shared/export/passes/lower-output.ts';
import { mergeLevels } from '#shared/export/passes/merge-levels.ts';
import { evaluate, type Pending } from '#shared/export/passes/pending.ts';
import { positiveScales } from '#shared/export/passes/positive-scales.ts';
import { sinkMaxPool } from '#shared/export/passes/sink-max-pool.ts';
import type { TrainedGraph, TrainedNode } from '#shared/export/trained-graph.ts';

const NONE = { top: 0, left: 0, bottom: 0, right: 0 };
const TERNARY = { thresholds: [-0.5, 0.5], inclusive: [false, true], codes: [-1, 0, 1], scale: 1 };

/** input [2,2,1] → conv 2x2, two filters → norm → activation → dense, two classes. */
function network(change: (nodes: TrainedNode[]) => TrainedNode[] = (nodes) => nodes): TrainedGraph {
  const nodes: TrainedNode[] = [
    {
      kind: 'conv2d',
      id: 'conv',
      inputs: ['input'],
      shape: [1, 1, 2],
      kernel: [2, 2],
      strides: [1, 1],
      dilation: [1, 1],
      padding: NONE,
      // [kh, kw, cin, cout]: filter 0 is + 0 - +, filter 1 is - + 0 -.
      weights: {
        levels: [{ codes: Int8Array.of(1, -1, 0, 1, -1, 0, 1, -1), scale: Float32Array.of(0.5, 0.25) }],
      },
      bias: Float32Array.of(1, -2),
    },
    {
      kind: 'batch-norm',
      id: 'norm',
      inputs: ['conv'],
      shape: [1, 1, 2],
      factor: Float32Array.of(0.5, -1),
      offset: Float32Array.of(0, 0.25),
    },
    {
      kind: 'activation',
      id: 'act',
      inputs: ['norm'],
      shape: [1, 1, 2],
      name: 'ternary',
      staircase: TERNARY,
    },
    {
      kind: 'dense',
      id: 'dense',
      inputs: ['act'],
      shape: [2],
      weights: { levels: [{ codes: Int8Array.of(1, -1, 1, 1), scale: Float32Array.of(0.5) }] },
    },
  ];
  return {
    name: 'two',
    input: { shape: [2, 2, 1], zero: [10], scale: 0.125 },
    nodes: change(nodes),
    output: 'dense',
    classes: 2,
  };
}

const codesOf = (graph: TrainedGraph, id: string): number[] => {
  const node = graph.nodes.find((candidate) => candidate.id === id);
  return node && 'weights' in node ? [...(node.weights.levels[0]?.codes ?? [])] : [];
};

describe('lower', () => {
  it('turns the whole network into this text', () => {
    expect(printGraph(lower(network()))).toBe(
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
    const graph = lower(network());
    const act = graph.nodes.find((node) => node.id === 'act');
    expect(act?.kind === 'threshold' && [...act.direction]).toEqual([1, 1]);
  });
});

describe('drop-unused', () => {
  it('removes what the output does not read', () => {
    const graph = network((nodes) => [
      ...nodes,
      { kind: 'flatten', id: 'dead', inputs: ['act'], shape: [2] },
    ]);
    expect(dropUnused(graph).nodes.map((node) => node.id)).toEqual(['conv', 'norm', 'act', 'dense']);
  });
});

describe('positive-scales', () => {
  it('moves the sign of a scale into the codes of its filter', () => {
    const graph = network((nodes) =>
      nodes.map((node) =>
        node.kind === 'conv2d'
          ? {
              ...node,
              weights: {
                levels: [
                  {
                    codes: node.weights.levels[0]?.codes ?? new Int8Array(),
                    scale: Float32Array.of(0.5, -0.25),
                  },
                ],
              },
            }
          : node,
      ),
    );
    const folded = positiveScales(graph);
    expect(codesOf(folded, 'conv')).toEqual([1, 1, 0, -1, -1, -0, 1, 1].map((code) => code + 0));
    const conv = folded.nodes[0];
    expect(conv?.kind === 'conv2d' && [...(conv.weights.levels[0]?.scale ?? [])]).toEqual([0.5, 0.25]);
  });
});

describe('fold-signs', () => {
  it('negates codes, bias and factor of the falling channel alone', () => {
    const folded = foldSigns(network());
    const [conv, norm] = folded.nodes;
    expect(codesOf(folded, 'conv')).toEqual([1, 1, 0, -1, -1, 0, 1, 1]);
    expect(conv?.kind === 'conv2d' && [...(conv.bias ?? [])]).toEqual([1, 2]);
    expect(norm?.kind === 'batch-norm' && [...norm.factor]).toEqual([0.5, 1]);
  });

  it('leaves a layer alone whose sums somebody else reads, too', () => {
    const graph = network((nodes) => [
      ...nodes,
      { kind: 'flatten', id: 'other', inputs: ['conv'], shape: [2] },
    ]);
    expect(codesOf(foldSigns(graph), 'conv')).toEqual(codesOf(graph, 'conv'));
  });
});

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
    const graph = network(([conv, norm, ...rest]) => [
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
    const graph = network(([conv, norm, act, ...rest]) => [
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
    const graph = network(([conv, norm, act, ...rest]) => [
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

describe('fold-direction', () => {
  it('negates the filters of falling channels behind a linear node', () => {
    const built = buildIntegerGraph(network());
    const folded: IntegerGraph = foldDirection(built);
    expect(printGraph(built)).toContain('-x>=[-87,-56]');
    expect(printGraph(folded)).toContain('x>=[-31,0] x>=[-87,-56]');
    expect(printGraph(folded)).toContain('2 filters of [+0-++-0+]');
    expect(printGraph(built)).toContain('2 filters of [+0-+-+0-]');
  });
});

describe('thresholds', () => {
  const pending = (steps: Pending['steps'], scale: number): Pending => ({
    terms: [{ node: 'n', type: 'i32', scale: Float64Array.of(scale), ranges: [{ low: -300, high: 300 }] }],
    steps,
    shape: [1],
    codes: null,
    exact: true,
  });

  it('are where an exhaustive evaluation of the training arithmetic puts them', () => {
    for (const [factor, scale, t, inclusive] of [
      [0.3, 0.1, 0.9, true],
      [0.3, 0.1, 0.9, false],
      [-0.7, 0.013, -0.2, true],
      [-1, 1, 3, false],
      [1e-9, 0.5, 0, true],
      [0, 1, 0, true],
      [0, 1, 1, true],
    ] as const) {
      const value = pending(
        [{ kind: 'batch-norm', factor: Float32Array.of(factor), offset: Float32Array.of(0.25) }],
        Math.fround(scale),
      );
      const staircase = { thresholds: [t], inclusive: [inclusive], codes: [0, 1], scale: 1 };
      const { values, direction } = findThresholds('layer', value, staircase);
      const term = value.terms[0]!;
      for (let sum = -300; sum <= 300; sum++) {
        const y = evaluate(value, term, 0, sum);
        const passes = inclusive ? y >= Math.fround(t) : y > Math.fround(t);
        expect(direction[0]! * sum >= values[0]!, `sum ${sum} at ${factor}, ${t}`).toBe(passes);
      }
    }
  });

  it('search the boundary of a monotone test', () => {
    for (const boundary of [-5, -4, 0, 3, 5, 6])
      expect(firstPassing(-5, 5, (v) => v >= boundary)).toBe(boundary);
  });
});

describe('accumulator ranges', () => {
  const weights = (codes: number[], padded: boolean, low: number, high: number) => ({
    filters: 1,
    taps: codes.length,
    codes: Int8Array.from(codes),
    rangeOf: () => ({ low, high }),
    magnitudeOf: () => Math.max(Math.abs(low), Math.abs(high)),
    padded,
  });

  it('are the worst case over all inputs', () => {
    expect(accumulatorRanges('l', weights([1, -1, 0, 3], false, 1, 4))).toEqual([
      { low: 1 - 4 + 3, high: 4 - 1 + 12 },
    ]);
  });

  it('count that taps in the padding contribute nothing', () => {
    expect(accumulatorRanges('l', weights([1, 2], true, 1, 4))).toEqual([{ low: 0, high: 12 }]);
  });

  it('refuse a sum that could leave 32 bits, naming the layer', () => {
    const wide = weights(
      Array.from({ length: 20 }, () => 127),
      false,
      -1_000_000,
      1_000_000,
    );
    expect(() => accumulatorRanges('fc1', wide)).toThrow(/layer fc1 cannot be lowered.*2540000000.*32 bits/);
  });
});

describe('merge-levels', () => {
  const level = (codes: number[], scale: number) => ({
    codes: Int8Array.from(codes),
    scale: Float64Array.of(scale),
  });

  it('adds levels whose scales are integers times one power of two', () => {
    const merged = mergeLevels([level([1, -1, 0], 0.75), level([1, 1, -1], 0.25)], 1, 100);
    expect([...(merged?.codes ?? [])]).toEqual([4, -2, -1]);
    expect([...(merged?.scale ?? [])]).toEqual([0.25]);
  });

  it('does not touch scales for which float32 would round', () => {
    expect(
      mergeLevels(
        [level([1, -1], 0.3), level([1, 1], 0.1)].map((l) => ({ ...l, scale: l.scale.map(Math.fround) })),
        1,
        1,
      ),
    ).toBe(undefined);
  });
});

describe('what cannot be lowered', () => {
  const refused = (change: (nodes: TrainedNode[]) => TrainedNode[]) => () => lower(network(change));

  it('is an activation in floating point', () => {
    expect(
      refused(
        (nodes) =>
          nodes.map((node) =>
            node.kind === 'activation' ? { ...node, name: 'relu', staircase: undefined } : node,
          ) as TrainedNode[],
      ),
    ).toThrow(/layer act .*"relu"/);
  });

  it('is a layer fed by floating-point values', () => {
    expect(
      refused((nodes) =>
        nodes
          .filter((node) => node.id !== 'act')
          .map((node) => (node.id === 'dense' ? { ...node, inputs: ['norm'] } : node)),
      ),
    ).toThrow(/layer dense .*fed by floating-point/);
  });

  it('is a pair of levels in front of thresholds that is no single integer', () => {
    expect(
      refused((nodes) =>
        nodes.map((node) =>
          node.kind === 'conv2d'
            ? {
                ...node,
                weights: {
                  levels: [
                    { codes: new Int8Array(8).fill(1), scale: Float32Array.of(0.3) },
                    { codes: new Int8Array(8).fill(-1), scale: Float32Array.of(0.7) },
                  ],
                },
              }
            : node,
        ),
      ),
    ).toThrow(/layer act .*weight levels/);
  });

  it('is an addition of unequal scales', () => {
    const other = { ...TERNARY, scale: 0.5 };
    expect(
      refused(([conv, norm, act, dense]) => [
        conv!,
        norm!,
        act!,
        {
          kind: 'activation',
          id: 'act2',
          inputs: ['norm'],
          shape: [1, 1, 2],
          name: 'ternary',
          staircase: other,
        },
        { kind: 'add', id: 'sum', inputs: ['act', 'act2'], shape: [1, 1, 2] },
        { ...dense!, inputs: ['sum'] },
      ]),
    ).toThrow(/layer sum .*unequal scales 1 and 0.5/);
  });

  it('is a checkpoint of another model', () => {
    expect(
      refused((nodes) =>
        nodes.map((node) => (node.kind === 'batch-norm' ? { ...node, factor: new Float32Array(3) } : node)),
      ),
    ).toThrow(/layer norm has 3 factors, but needs 2/);
  });
});

describe('the output', () => {
  it('takes several levels exactly, one multiplier each', () => {
    const graph = lower(
      network((nodes) =>
        nodes.map((node) =>
          node.kind === 'dense'
            ? {
                ...node,
                weights: {
                  levels: [
                    { codes: Int8Array.of(1, -1, 1, 1), scale: Float32Array.of(0.3) },
                    { codes: Int8Array.of(0, 1, 1, -1), scale: Float32Array.of(0.1) },
                  ],
                },
              }
            : node,
        ),
      ),
    );
    const affine = graph.nodes.at(-1);
    if (affine?.kind !== 'affine') throw new Error('the last node is affine');
    expect(affine.inputs).toEqual(['dense.level0', 'dense.level1']);
    const real = affine.multipliers.map((row) => (row[0] ?? 0) * 2 ** -affine.exponent);
    expect(real[0]).toBeCloseTo(Math.fround(0.3), 8);
    expect(real[1]).toBeCloseTo(Math.fround(0.1), 8);
  });

  it('rounds halves away from zero', () => {
    expect([2.5, -2.5, 2.4, -2.6, -0.2, 0.5, -0.5].map(roundAway)).toEqual([3, -3, 2, -3, 0, 1, -1]);
  });
});
