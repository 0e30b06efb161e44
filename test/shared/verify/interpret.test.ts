import { describe, expect, it } from 'vitest';
import type { IntegerGraph, IntegerNode } from '#shared/export/ir/graph.ts';
import { argMax, interpret, interpretAll } from '#shared/verify/interpret.ts';

const RANGE = { low: -1000, high: 1000 };

/** input [1,3,2], zero [10, 20]; the nodes; an affine output of two classes over `last`. */
function graph(nodes: IntegerNode[], last: string): IntegerGraph {
  return {
    version: 1,
    name: 'hand-made',
    input: { shape: [1, 3, 2], zero: [10, 20] },
    nodes: [
      ...nodes,
      {
        kind: 'affine',
        id: 'logits',
        inputs: [last],
        shape: [2],
        type: 'i32',
        range: RANGE,
        multipliers: [Int32Array.of(3, -2)],
        bias: Int32Array.of(100, 1),
        exponent: 4,
      },
    ],
    output: 'logits',
    classes: 2,
  };
}
const SAMPLE = Uint8Array.of(11, 20, 13, 19, 10, 255);

describe('interpret', () => {
  it('reads bytes less their zero point, and adds bias and multiplier', () => {
    const dense: IntegerNode = {
      kind: 'dense',
      id: 'dense',
      inputs: ['input'],
      shape: [2],
      type: 'i32',
      range: RANGE,
      weights: { filters: 2, taps: 6, codes: Int8Array.of(1, 1, 1, 1, 0, 0, 0, 0, -5, 0, 0, 1) },
    };
    // x = 1, 0, 3, -1, 0, 235
    expect([...interpret(graph([dense], 'dense'), SAMPLE)]).toEqual([100 + 3 * 3, 1 - 2 * (-15 + 235)]);
  });

  it('lets the padding contribute nothing, whatever the zero point is', () => {
    const conv: IntegerNode = {
      kind: 'conv2d',
      id: 'conv',
      inputs: ['input'],
      shape: [1, 1, 2],
      type: 'i32',
      range: RANGE,
      kernel: [3, 3],
      strides: [1, 3],
      dilation: [1, 1],
      padding: { top: 1, left: 1, bottom: 1, right: 0 },
      weights: { filters: 2, taps: 18, codes: new Int8Array(36).fill(1) },
    };
    // The window of the only output covers columns -1, 0, 1: x = 1, 0, 3, -1.
    const { values } = interpretAll(graph([conv], 'conv'), SAMPLE);
    expect([...(values.get('conv') ?? [])]).toEqual([3, 3]);
  });

  it('counts thresholds in the direction of the channel', () => {
    const threshold: IntegerNode = {
      kind: 'threshold',
      id: 'codes',
      inputs: ['input'],
      shape: [1, 3, 2],
      type: 'i8',
      range: { low: -1, high: 1 },
      steps: 2,
      values: Int32Array.of(1, 3, 0, 1),
      direction: Int8Array.of(1, -1),
      codes: [-1, 0, 1],
    };
    const pool: IntegerNode = {
      kind: 'sum-pool',
      id: 'pool',
      inputs: ['codes'],
      shape: [1, 1, 2],
      type: 'i8',
      range: { low: -3, high: 3 },
      kernel: [1, 3],
      strides: [1, 1],
      padding: { top: 0, left: 0, bottom: 0, right: 0 },
    };
    const { values } = interpretAll(graph([threshold, pool], 'pool'), SAMPLE);
    // Channel 0: 1, 3, 0 against 1 and 3. Channel 1, negated: 0, 1, -235 against 0 and 1.
    expect([...(values.get('codes') ?? [])]).toEqual([0, 0, 1, 1, -1, -1]);
    expect([...(values.get('pool') ?? [])]).toEqual([0, 0]);
  });

  it('adds several values, each times the multiplier of its channel, and looks codes up', () => {
    const threshold: IntegerNode = {
      kind: 'threshold',
      id: 'index',
      inputs: ['input'],
      shape: [1, 3, 2],
      type: 'i8',
      range: { low: -2, high: 0 },
      steps: 2,
      values: Int32Array.of(1, 3, 0, 1),
      direction: Int8Array.of(1, 1),
      codes: [-2, -1, 0],
    };
    const lookup: IntegerNode = {
      kind: 'lookup',
      id: 'codes',
      inputs: ['index'],
      shape: [1, 3, 2],
      type: 'i8',
      range: { low: -5, high: 9 },
      low: -2,
      codes: [9, -5, 4],
    };
    const combine: IntegerNode = {
      kind: 'combine',
      id: 'sum',
      inputs: ['codes', 'index'],
      shape: [1, 3, 2],
      type: 'i32',
      range: RANGE,
      multipliers: [Int32Array.of(10, 1), Int32Array.of(-1, 100)],
      bias: Int32Array.of(7, 0),
    };
    const { values } = interpretAll(graph([threshold, lookup, combine], 'sum'), SAMPLE);
    // x = 1, 0, 3, -1, 0, 235 against 1 and 3 in channel 0, 0 and 1 in channel 1.
    expect([...(values.get('index') ?? [])]).toEqual([-1, -1, 0, -2, -2, 0]);
    expect([...(values.get('codes') ?? [])]).toEqual([-5, -5, 4, 9, 9, 4]);
    expect([...(values.get('sum') ?? [])]).toEqual([-42, -105, 47, -191, 99, 4]);
  });

  it('gives each call its own result, and refuses a sample of another size', () => {
    const flat: IntegerNode = {
      kind: 'dense',
      id: 'dense',
      inputs: ['input'],
      shape: [2],
      type: 'i32',
      range: RANGE,
      weights: { filters: 2, taps: 6, codes: new Int8Array(12).fill(1) },
    };
    const net = graph([flat], 'dense');
    const first = interpret(net, SAMPLE);
    const kept = [...first];
    interpret(net, new Uint8Array(6));
    expect([...first]).toEqual(kept);
    expect(() => interpret(net, new Uint8Array(5))).toThrow(/6 bytes, not 5/);
  });

  it('predicts the first of equal logits', () => {
    expect(argMax([1, 5, 5])).toBe(1);
    expect(argMax([-3, -3])).toBe(0);
  });
});
