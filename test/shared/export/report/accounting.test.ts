import { describe, expect, it } from 'vitest';
import { isLinear, type IntegerGraph } from '#shared/export/ir/graph.ts';
import { lower } from '#shared/export/passes/lower.ts';
import { macsByType, qonnxCost } from '#shared/export/report/cost.ts';
import { nodesOfLayers } from '#shared/export/report/layer-nodes.ts';
import { typeOfCodes, typeOfInterval } from '#shared/export/report/number-types.ts';
import { macsTitle } from '#shared/export/report/type-names.ts';
import { smallNetwork } from '#test/support/firmware.ts';
import { smallTrained } from '#test/support/small-trained.ts';

describe('number types', () => {
  it.each([
    [[-1, 1], 'BIPOLAR', 1],
    [[1], 'BINARY', 1],
    [[0, 1], 'BINARY', 1],
    [[-1, 0, 1], 'TERNARY', 2],
    [[-1, 0], 'TERNARY', 2],
    [[0, 1, 2, 3], 'UINT2', 2],
    [[0, 4], 'UINT3', 3],
    [[-2, 1], 'INT2', 2],
    [[-3, 3], 'INT3', 3],
    [[-7, 7], 'INT4', 4],
    [[-127, 127], 'INT8', 8],
    [[-128, 0], 'INT8', 8],
  ] as const)('codes %j are %s of %i bits', (codes, name, bits) => {
    expect(typeOfCodes(codes)).toEqual({ name, bits });
  });

  it('takes the narrowest two’s complement for an interval', () => {
    expect(typeOfInterval({ low: -128, high: 127 }).name).toBe('INT8');
    expect(typeOfInterval({ low: -129, high: 0 }).name).toBe('INT9');
    expect(typeOfInterval({ low: -1, high: 128 }).name).toBe('INT9');
    expect(typeOfInterval({ low: 0, high: 255 }).name).toBe('UINT8');
    expect(typeOfInterval({ low: 0, high: 256 }).name).toBe('UINT9');
  });
});

describe('operations by bit width', () => {
  const graph = lower(smallTrained());
  const linear = graph.nodes.filter(isLinear);

  it('counts 8 of the convolution over bytes, and 4 of the dense layer over ternary codes', () => {
    // Four taps, two filters, one place; two inputs, two classes.
    expect(macsByType(graph, linear)).toEqual([
      { weights: 'TERNARY', weightBits: 2, activations: 'UINT8', activationBits: 8, macs: 8 },
      { weights: 'BIPOLAR', weightBits: 1, activations: 'TERNARY', activationBits: 2, macs: 4 },
    ]);
    expect(macsByType(graph, linear).map(macsTitle)).toEqual([
      '2×8 bit (ternary × uint8)',
      '1×2 bit (±1 × ternary)',
    ]);
  });

  it('accounts as QONNX does, with and without weights that are zero', () => {
    expect(qonnxCost(graph, linear, false)).toMatchObject({
      op_mac_UINT8_TERNARY: 8,
      op_mac_TERNARY_BIPOLAR: 4,
      mem_w_TERNARY: 8,
      mem_w_BIPOLAR: 4,
      total_macs: 12,
      total_bops: 8 * 16 + 4 * 2,
      total_mem_w_bits: 8 * 2 + 4,
      total_mem_w_elems: 12,
      total_mem_o_elems: 4,
      discount_sparsity: false,
    });
    // Two of the eight ternary weights are zero.
    expect(qonnxCost(graph, linear, true)).toMatchObject({
      op_mac_UINT8_TERNARY: 6,
      mem_w_TERNARY: 6,
      total_bops: 6 * 16 + 4 * 2,
      total_mem_o_elems: 4,
      discount_sparsity: true,
    });
  });
});

describe('nodesOfLayers', () => {
  it('gives every node to the layer whose value it is part of', () => {
    const graph: IntegerGraph = lower(smallNetwork());
    const acts = graph.nodes.filter(({ kind }) => kind === 'threshold').map(({ id }) => id);
    const layers = nodesOfLayers(graph, [...acts, 'dense1', graph.output]);
    expect([...layers.values()].flat()).toHaveLength(graph.nodes.length);
    expect(layers.get('dense1')?.map(({ kind }) => kind)).toEqual(['flatten', 'dense']);
    expect(layers.get(acts[1] ?? '')?.some(({ id }) => id === 'conv2')).toBe(true);
  });
});
