import { describe, expect, it } from 'vitest';
import { checkGraph } from '#shared/export/ir/check.ts';
import type { ConvNode, IntegerGraph, IntegerNode } from '#shared/export/ir/graph.ts';
import { graphFromJson, graphToJson } from '#shared/export/ir/json.ts';
import { printGraph } from '#shared/export/ir/print.ts';
import { interpretAll } from '#shared/verify/interpret.ts';
import { interpretNaively } from '#test/support/naive-interpreter.ts';

/** Bytes of a 2×2 map → codes → a 3×3 kernel of weights 1 … 9 that pads → four logits. */
function graphOf(codes: readonly number[], kind: ConvNode['kind'], conv: Partial<ConvNode>): IntegerGraph {
  const sums = { type: 'i32', range: { low: -45, high: 45 } } as const;
  const nodes: IntegerNode[] = [
    {
      kind: 'threshold',
      id: 'act',
      inputs: ['input'],
      shape: [2, 2, 1],
      type: 'i8',
      range: { low: -1, high: 1 },
      steps: codes.length - 1,
      values: Int32Array.from(codes.slice(1), (_, i) => i),
      direction: Int8Array.of(1),
      codes,
    },
    {
      kind,
      id: 'conv',
      inputs: ['act'],
      shape: [2, 2, 1],
      ...sums,
      kernel: [3, 3],
      strides: [1, 1],
      dilation: [1, 1],
      padding: { top: 1, left: 1, bottom: 1, right: 1 },
      weights: { filters: 1, taps: 9, codes: Int8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9) },
      ...conv,
    },
    { kind: 'flatten', id: 'flat', inputs: ['conv'], shape: [4], ...sums },
    {
      kind: 'affine',
      id: 'logits',
      inputs: ['flat'],
      shape: [4],
      ...sums,
      multipliers: [Int32Array.of(1, 1, 1, 1)],
      bias: new Int32Array(4),
      exponent: 0,
    },
  ];
  return {
    version: 1,
    name: 'border',
    input: { shape: [2, 2, 1], zero: [128] },
    nodes,
    output: 'logits',
    classes: 4,
  };
}

const SIGNS = [-1, 1];
/** + − over − +. */
const SAMPLE = Uint8Array.of(255, 0, 0, 255);

describe.each(['conv2d', 'depthwise-conv2d'] as const)('a %s with −1 in its padding', (kind) => {
  const graph = graphOf(SIGNS, kind, { outside: -1 });

  it('is a sound graph whose sums count the padding, by hand and naively', () => {
    checkGraph(graph, 'the graph');
    const { logits } = interpretAll(graph, SAMPLE);
    expect([...logits]).toEqual([-17, -21, -29, -33]);
    expect(interpretNaively(graph, SAMPLE).get('logits')).toEqual([...logits]);
    const without = interpretAll(graphOf(SIGNS, kind, {}), SAMPLE).logits;
    expect([...without]).toEqual([5 - 6 - 8 + 9, 4 - 5 - 7 + 8, 2 - 3 - 5 + 6, 1 - 2 - 4 + 5]);
  });

  it('survives JSON, and is not in the JSON of others', () => {
    const json: unknown = JSON.parse(JSON.stringify(graphToJson(graph)));
    expect(graphFromJson(json, 'the manifest')).toEqual(graph);
    expect(JSON.stringify(graphToJson(graphOf(SIGNS, kind, { outside: 0 })))).not.toContain('outside');
    const other = { ...graphToJson(graph) };
    other.nodes = other.nodes.map((node) => ('outside' in node ? { ...node, outside: 1 as never } : node));
    expect(() => graphFromJson(other, 'the manifest')).toThrow(/nodes\[1\].outside/);
  });

  it('says so in print', () => {
    expect(printGraph(graph)).toContain('/1,1 pad 1,1,1,1 outside -1 dilated 1,1 1 filters of');
    expect(printGraph(graphOf(SIGNS, kind, {}))).not.toContain('outside');
  });

  it('is refused over anything but the codes −1 and +1', () => {
    const wrong = [graphOf([-1, 0, 1], kind, { outside: -1 }), graphOf([0, 1], kind, { outside: -1 })];
    const raw = graphOf(SIGNS, kind, { outside: -1, inputs: ['input'] });
    for (const each of [...wrong, raw]) {
      expect(() => checkGraph(each, 'the graph')).toThrow(
        /node conv has -1 in its padding, but its input is not made of the codes -1 and 1/,
      );
    }
  });
});
