import { describe, expect, it } from 'vitest';
import { lower } from '#shared/export/passes/lower.ts';
import type { TrainedGraph, TrainedNode } from '#shared/export/trained-graph.ts';
import { activityMeter } from '#shared/export/report/activity.ts';
import { operandsOfGraph } from '#shared/export/report/operands.ts';
import type { DeployedWeights } from '#shared/quant/types.ts';
import { sparsityMeter } from '#shared/prune/sparsity-report.ts';
import { interpretAll } from '#shared/verify/interpret.ts';
import { Draw } from '#test/support/random-quantities.ts';
import { smallTrained } from '#test/support/small-trained.ts';

const ONE = { top: 1, left: 1, bottom: 1, right: 1 };
const NORM = { factor: Float32Array.from({ length: 6 }, () => 0.1), offset: new Float32Array(6) };

/**
 * Bytes → six ternary or two-term channels → a second layer of one or two levels. No channel is dead.
 *
 * @param terms of the activation
 * @param levels of the second layer's weights
 */
function network(kind: 'conv2d' | 'depthwise-conv2d' | 'dense', terms: 1 | 2, levels: 1 | 2): TrainedGraph {
  const draw = new Draw(3, `activity ${kind} ${terms} ${levels}`);
  const codes = (length: number) => Int8Array.from({ length }, () => draw.pick([-1, 0, 1]));
  const conv = (
    conv2d: 'conv2d' | 'depthwise-conv2d',
    id: string,
    input: string,
    deployed: DeployedWeights,
  ): TrainedNode => ({
    kind: conv2d,
    id,
    inputs: [input],
    shape: [5, 5, 6],
    kernel: [3, 3],
    strides: [1, 1],
    dilation: [1, 1],
    padding: ONE,
    weights: deployed,
  });
  const weights = (count: number) => ({
    levels: Array.from({ length: levels }, (_, level) => ({
      codes: codes(count),
      scale: Float32Array.of([0.7, 0.31][level] ?? 1),
    })),
  });
  const first: TrainedNode[] = [
    conv('conv2d', 'first', 'input', { levels: [{ codes: codes(9 * 2 * 6), scale: Float32Array.of(0.5) }] }),
    { kind: 'batch-norm', id: 'norm', inputs: ['first'], shape: [5, 5, 6], ...NORM },
    {
      kind: 'activation',
      id: 'act',
      inputs: ['norm'],
      shape: [5, 5, 6],
      name: 'staircase',
      staircase:
        terms === 1
          ? { thresholds: [-0.5, 0.5], inclusive: [false, true], codes: [-1, 0, 1], scale: 1 }
          : {
              thresholds: [-1, 0, 1],
              inclusive: [true, true, true],
              codes: [-1, -1, 1, 1],
              scale: 0.6,
              more: [{ codes: [-1, 1, -1, 1], scale: 0.25 }],
            },
    },
  ];
  const flatten = (input: string): TrainedNode => ({
    kind: 'flatten',
    id: 'flat',
    inputs: [input],
    shape: [150],
  });
  const tail: TrainedNode[] =
    kind === 'dense'
      ? [flatten('act'), { kind: 'dense', id: 'second', inputs: ['flat'], shape: [4], weights: weights(600) }]
      : [
          conv(kind, 'second', 'act', weights(kind === 'conv2d' ? 9 * 36 : 9 * 6)),
          { ...(first[2] as TrainedNode), id: 'act2', inputs: ['second'] } as TrainedNode,
          flatten('act2'),
          {
            kind: 'dense',
            id: 'last',
            inputs: ['flat'],
            shape: [4],
            weights: { levels: [{ codes: codes(600), scale: Float32Array.of(1) }] },
          },
        ];
  return {
    name: 'activity',
    input: { shape: [5, 5, 2], zero: [100, 120], scale: 1 / 32 },
    nodes: [...first, ...tail],
    output: kind === 'dense' ? 'second' : 'last',
    classes: 4,
  };
}

describe('activityMeter', () => {
  it('is what counting by hand gives', () => {
    const graph = lower(smallTrained());
    const meter = activityMeter(graph);
    // The convolution's sums are 0 and 0 at the zero point: behind the norms, ternary codes 0 and (0.25) 0.
    meter.add(interpretAll(graph, Uint8Array.of(10, 10, 10, 10)).values);
    const { layers, samples, weights } = meter.report();
    expect(samples).toBe(1);
    const [conv, dense] = layers;
    // Filters + 0 - + and - + 0 -: one zero of four each; bytes are dense words.
    expect(conv).toMatchObject({
      id: 'conv',
      weights: { count: 8, planes: 1, zeroWords: 0.25, zeroBits: 0.25 },
      activations: null,
      word: { dense: 8, weights: 6, activations: 8, both: 6 },
    });
    const act = interpretAll(graph, Uint8Array.of(10, 10, 10, 10)).values.get('act') ?? [];
    const alive = [...act].filter((code) => code !== 0).length;
    expect(dense).toMatchObject({
      weights: { count: 4, zeroWords: 0 },
      activations: { planes: 1, zeroWords: 1 - alive / 2 },
      word: { dense: 4, weights: 4, activations: 2 * alive, both: 2 * alive },
    });
    expect(weights).toEqual({ count: 12, zeroWords: 2 / 12, zeroBits: 2 / 12 });
  });

  it.each([
    ['conv2d', 1, 1],
    ['conv2d', 2, 2],
    ['conv2d', 1, 2],
    ['depthwise-conv2d', 1, 1],
    ['dense', 1, 1],
    ['dense', 2, 2],
  ] as const)('%s, %i terms, %i levels: as the trained network’s own report', (kind, terms, levels) => {
    const trained = network(kind, terms, levels);
    const graph = lower(trained);
    expect(graph.nodes.find(({ id }) => id === 'first')?.shape).toEqual([5, 5, 6]);
    const meter = activityMeter(graph);
    const reference = sparsityMeter(trained);
    const draw = new Draw(1, 'samples');
    const staircase = trained.nodes.find((node) => node.kind === 'activation')?.staircase;
    for (let i = 0; i < 3; i++) {
      const { values } = interpretAll(graph, draw.bytes(50));
      meter.add(values);
      // The same activations as real numbers: each term's codes times its scale.
      const operand = operandsOfGraph(graph)[1];
      const scales = [staircase, ...(staircase?.more ?? [])].map((term) => term?.scale ?? 0);
      const term = (index: number) => values.get(operand?.inputs[index] ?? '') ?? new Int32Array();
      const real = Float32Array.from(term(0), (_, at) =>
        scales.reduce((sum, scale, index) => sum + scale * (term(index)[at] ?? 0), 0),
      );
      reference.add(
        new Map([
          ['act', real],
          ['flat', real],
        ]),
        1,
      );
    }
    const [mine, theirs] = [meter.report(), reference.report()];
    // What the last layer behind a convolution reads, the reference was not given.
    const firstTwo = ({ layers }: typeof mine) => layers.slice(0, 2).map(({ id: _, ...layer }) => layer);
    expect(firstTwo(mine)).toEqual(firstTwo(theirs));
    if (kind === 'dense') expect(mine.reductions).toEqual(theirs.reductions);
  });
});
