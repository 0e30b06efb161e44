import { describe, expect, it } from 'vitest';
import type { ConvNode, IntegerGraph } from '#shared/export/ir/graph.ts';
import { interpretAll } from '#shared/verify/interpret.ts';
import { pairsFit } from '#shared/verify/window-pairs.ts';
import { interpretNaively } from '#test/support/naive-interpreter.ts';
import { Draw } from '#test/support/random-quantities.ts';

/** One convolution over raw bytes with zero point 128, and as many logits as channels. */
function convGraph(draw: Draw, codes: (tap: number) => number, kind: ConvNode['kind']): IntegerGraph {
  const [height, width] = [draw.int(1, 6), draw.int(1, 9)];
  const channels = draw.int(1, 3);
  const kernel = [Math.min(height, draw.int(1, 3)), Math.min(width, draw.int(1, 3))] as const;
  const strides = [draw.int(1, 2), draw.int(1, 3)] as const;
  const padding = {
    top: draw.int(0, 1),
    left: draw.int(0, 2),
    bottom: draw.int(0, 1),
    right: draw.int(0, 2),
  };
  const filters = kind === 'conv2d' ? draw.int(1, 3) : channels;
  const taps = kernel[0] * kernel[1] * (kind === 'conv2d' ? channels : 1);
  const range = { low: -1e6, high: 1e6 };
  const shape = [
    Math.floor((height + padding.top + padding.bottom - kernel[0]) / strides[0]) + 1,
    Math.floor((width + padding.left + padding.right - kernel[1]) / strides[1]) + 1,
    filters,
  ];
  const weights = { filters, taps, codes: Int8Array.from({ length: filters * taps }, (_, i) => codes(i)) };
  const conv: ConvNode = {
    kind,
    id: 'sums',
    inputs: ['input'],
    shape,
    type: 'i32',
    range,
    kernel,
    strides,
    dilation: [1, 1],
    padding,
    weights,
  };
  const length = shape.reduce((product, side) => product * side, 1);
  return {
    version: 1,
    name: 'pairs',
    input: { shape: [height, width, channels], zero: new Array<number>(channels).fill(128) },
    nodes: [
      conv,
      { kind: 'flatten', id: 'flat', inputs: ['sums'], shape: [length], type: 'i32', range },
      {
        kind: 'affine',
        id: 'logits',
        inputs: ['flat'],
        shape: [length],
        type: 'i32',
        range,
        multipliers: [new Int32Array(length).fill(1)],
        bias: new Int32Array(length),
        exponent: 0,
      },
    ],
    output: 'logits',
    classes: length,
  };
}

describe('convolutions by pairs of windows', () => {
  const weights = {
    ternary: (draw: Draw) => draw.int(-1, 1),
    small: (draw: Draw) => draw.int(-8, 7),
    // Sums beyond 16 bits: windows one by one.
    large: (draw: Draw) => draw.pick([-127, 127]),
    'all of one sign': () => 1,
  };
  it.each(Object.entries(weights))('have every sum of the naive interpreter, weights %s', (_, code) => {
    for (let seed = 0; seed < 60; seed++) {
      const draw = new Draw(seed, 'window-pairs');
      const kind = draw.pick(['conv2d', 'conv2d', 'depthwise-conv2d'] as const);
      const graph = convGraph(draw, () => code(draw), kind);
      const [height = 0, width = 0, channels = 0] = graph.input.shape;
      const bytes = draw.bytes(height * width * channels);
      for (const sample of [
        bytes,
        bytes.map(() => 0),
        bytes.map(() => 255),
        bytes.map((byte) => (byte & 1) * 255),
      ]) {
        const sums = interpretAll(graph, sample).values.get('sums');
        expect([...(sums ?? [])], `seed ${seed}`).toEqual(interpretNaively(graph, sample).get('sums'));
      }
    }
  });

  it('are taken up to the last sum that fits 16 bits', () => {
    expect(pairsFit(Int32Array.of(-127, 3), 258)).toBe(true);
    expect(pairsFit(Int32Array.of(0, -128), 256)).toBe(false);
    expect(pairsFit(Int32Array.of(32767), 1)).toBe(true);
    expect(pairsFit(new Int32Array(4), 100_000)).toBe(true);
  });
});
