import type { IntegerGraph, IntegerNode } from '#shared/export/ir/graph.ts';

/**
 * A second interpreter of the integer graph, written from the words of its documentation and nothing else: no lists, no
 * frames, no shared code with the first. Slow on purpose.
 */
export function interpretNaively(graph: IntegerGraph, sample: Uint8Array): Map<string, number[]> {
  const values = new Map<string, number[]>();
  const channels = graph.input.shape.at(-1) ?? 1;
  values.set(
    'input',
    [...sample].map((byte, i) => byte - (graph.input.zero[i % channels] ?? 0)),
  );
  const shapes = new Map<string, readonly number[]>([['input', graph.input.shape]]);
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((name) => values.get(name) ?? []);
    values.set(node.id, compute(node, inputs, shapes.get(node.inputs[0] ?? '') ?? []));
    shapes.set(node.id, node.shape);
  }
  return values;
}

function compute(node: IntegerNode, inputs: number[][], shape: readonly number[]): number[] {
  const x = inputs[0] ?? [];
  switch (node.kind) {
    case 'flatten':
      return [...x];
    case 'add':
      return x.map((value, i) => value + (inputs[1]?.[i] ?? NaN));
    case 'lookup':
      return x.map((value) => node.codes[value - node.low] ?? NaN);
    case 'combine': {
      const channels = node.shape.at(-1) ?? 1;
      return x.map((_, i) =>
        inputs.reduce(
          (sum, values, term) => sum + (values[i] ?? NaN) * (node.multipliers[term]?.[i % channels] ?? NaN),
          node.bias[i % channels] ?? NaN,
        ),
      );
    }
    case 'affine':
      return [...node.bias].map((bias, i) =>
        inputs.reduce(
          (sum, values, term) => sum + (values[i] ?? NaN) * (node.multipliers[term]?.[i] ?? NaN),
          bias,
        ),
      );
    case 'threshold': {
      const channels = node.shape.at(-1) ?? 1;
      return x.map((value, i) => {
        const channel = i % channels;
        let passed = 0;
        for (let step = 0; step < node.steps; step++) {
          if (value * (node.direction[channel] ?? NaN) >= (node.values[channel * node.steps + step] ?? NaN))
            passed++;
        }
        return node.codes[passed] ?? NaN;
      });
    }
    case 'dense':
      return Array.from({ length: node.weights.filters }, (_, unit) =>
        x.reduce(
          (sum, value, i) => sum + value * (node.weights.codes[unit * node.weights.taps + i] ?? NaN),
          0,
        ),
      );
    case 'conv2d':
    case 'depthwise-conv2d':
    case 'max-pool':
    case 'sum-pool':
      return computeWindow(node, x, shape);
  }
}

type WindowNode = Extract<IntegerNode, { kernel: unknown }>;

function computeWindow(node: WindowNode, x: number[], shape: readonly number[]): number[] {
  const [height = 1, width = 1, channels = 1] = shape;
  const [outHeight = 1, outWidth = 1, outChannels = 1] = node.shape;
  const [dy, dx] = 'dilation' in node ? node.dilation : [1, 1];
  const out: number[] = [];
  for (let oy = 0; oy < outHeight; oy++) {
    for (let ox = 0; ox < outWidth; ox++) {
      for (let oc = 0; oc < outChannels; oc++) {
        const products: number[] = [];
        const seen = node.kind === 'conv2d' ? Array.from({ length: channels }, (_, c) => c) : [oc];
        for (let ky = 0; ky < node.kernel[0]; ky++) {
          for (let kx = 0; kx < node.kernel[1]; kx++) {
            seen.forEach((c, position) => {
              const y = oy * node.strides[0] - node.padding.top + ky * dy;
              const column = ox * node.strides[1] - node.padding.left + kx * dx;
              const outside = y < 0 || y >= height || column < 0 || column >= width;
              const padded = 'outside' in node ? node.outside : undefined;
              if (outside && padded === undefined) return;
              const value = outside ? (padded ?? NaN) : (x[(y * width + column) * channels + c] ?? NaN);
              if (!('weights' in node)) products.push(value);
              else {
                const tap = (ky * node.kernel[1] + kx) * seen.length + position;
                products.push(value * (node.weights.codes[oc * node.weights.taps + tap] ?? NaN));
              }
            });
          }
        }
        if (node.kind === 'max-pool') out.push(Math.max(...products));
        else out.push(products.reduce((sum, value) => sum + value, 0));
      }
    }
  }
  return out;
}
