import type { TrainedGraph, TrainedNode } from '#shared/export/trained-graph.ts';

/**
 * Evaluates a trained graph as `TRAINING_ARITHMETIC` says: exact integer sums, then float32 with one rounding per
 * operation. Works on the trained graph itself, before any pass, in the trained order of layers.
 */
export interface TrainedValue {
  /** Real values in float32, flat. */
  real: number[];
  /** The integers behind them where the value is codes (or raw bytes less their zero point), and their scale. */
  codes?: { integers: number[]; scale: number };
}

export function evaluateTrained(graph: TrainedGraph, sample: Uint8Array): Map<string, TrainedValue> {
  const values = new Map<string, TrainedValue>();
  const shapes = new Map<string, readonly number[]>([['input', graph.input.shape]]);
  const { zero } = graph.input;
  const scale = Math.fround(graph.input.scale);
  const integers = [...sample].map((byte, i) => byte - (zero[i % zero.length] ?? 0));
  values.set('input', { real: integers.map((p) => Math.fround(p * scale)), codes: { integers, scale } });
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((name) => values.get(name) ?? { real: [] });
    values.set(node.id, evaluateNode(node, inputs, shapes.get(node.inputs[0] ?? '') ?? []));
    shapes.set(node.id, node.shape);
  }
  return values;
}

function evaluateNode(node: TrainedNode, inputs: TrainedValue[], shape: readonly number[]): TrainedValue {
  const [x = { real: [] }] = inputs;
  const channels = node.shape.at(-1) ?? 1;
  switch (node.kind) {
    case 'conv2d':
    case 'depthwise-conv2d':
    case 'dense':
      return evaluateLinear(node, x, shape);
    case 'batch-norm':
      return {
        real: x.real.map((value, i) =>
          Math.fround(
            Math.fround(value * (node.factor[i % channels] ?? NaN)) + (node.offset[i % channels] ?? NaN),
          ),
        ),
      };
    case 'activation': {
      const { thresholds, inclusive, codes, scale } =
        node.staircase ?? fail('an activation needs its staircase');
      const integers = x.real.map((value) => {
        const passed = thresholds.filter((t, i) =>
          inclusive[i] ? value >= Math.fround(t) : value > Math.fround(t),
        );
        return codes[passed.length] ?? NaN;
      });
      const rounded = Math.fround(scale);
      return {
        real: integers.map((code) => Math.fround(code * rounded)),
        codes: { integers, scale: rounded },
      };
    }
    case 'max-pool':
      return {
        real: windows(node, shape, x.real).map((window) => Math.max(...window)),
        ...(x.codes
          ? {
              codes: {
                integers: windows(node, shape, x.codes.integers).map((w) => Math.max(...w)),
                scale: x.codes.scale,
              },
            }
          : {}),
      };
    case 'average-pool':
    case 'global-average-pool': {
      const [height = 1, width = 1] = shape;
      const window =
        node.kind === 'average-pool'
          ? node
          : {
              size: [height, width] as const,
              strides: [1, 1] as const,
              shape: [1, 1, channels],
              padding: NONE,
            };
      const count = window.size[0] * window.size[1];
      if (!x.codes) {
        return {
          real: windows(window, shape, x.real).map((values) => values.reduce((a, b) => a + b, 0) / count),
        };
      }
      const scale = Math.fround(x.codes.scale / count);
      const integers = windows(window, shape, x.codes.integers).map((values) =>
        values.reduce((a, b) => a + b, 0),
      );
      return { real: integers.map((sum) => Math.fround(sum * scale)), codes: { integers, scale } };
    }
    case 'add': {
      const [a, b] = inputs.map((input) => input.codes ?? fail('an add needs codes'));
      const scale = a?.scale ?? NaN;
      const integers = (a?.integers ?? []).map((value, i) => value + (b?.integers[i] ?? NaN));
      return { real: integers.map((sum) => Math.fround(sum * scale)), codes: { integers, scale } };
    }
    case 'flatten':
      return x;
  }
}

const NONE = { top: 0, left: 0, bottom: 0, right: 0 };

function fail(message: string): never {
  throw new Error(message);
}

interface Window {
  size: readonly [number, number];
  strides: readonly [number, number];
  shape: readonly number[];
  padding: { top: number; left: number };
}

function windows(node: Window, shape: readonly number[], x: readonly number[]): number[][] {
  const [height = 1, width = 1, channels = 1] = shape;
  const [rows = 1, columns = 1] = node.shape;
  const out: number[][] = [];
  for (let oy = 0; oy < rows; oy++)
    for (let ox = 0; ox < columns; ox++)
      for (let c = 0; c < channels; c++) {
        const window: number[] = [];
        for (let ky = 0; ky < node.size[0]; ky++)
          for (let kx = 0; kx < node.size[1]; kx++) {
            const y = oy * node.strides[0] + ky - node.padding.top;
            const column = ox * node.strides[1] + kx - node.padding.left;
            if (y < 0 || y >= height || column < 0 || column >= width) continue;
            window.push(x[(y * width + column) * channels + c] ?? NaN);
          }
        out.push(window);
      }
  return out;
}

type Linear = Extract<TrainedNode, { weights: unknown }>;

function evaluateLinear(node: Linear, input: TrainedValue, shape: readonly number[]): TrainedValue {
  const { integers, scale: inputScale } = input.codes ?? fail(`${node.id} needs codes`);
  const filters = node.shape.at(-1) ?? 1;
  const pixels = node.shape.reduce((product, length) => product * length, 1) / filters;
  const real: number[] = [];
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let filter = 0; filter < filters; filter++) {
      let z = 0;
      node.weights.levels.forEach((level, index) => {
        let sum = 0;
        forEachTap(node, shape, pixel, filter, (weight, at) => {
          sum += (level.codes[weight] ?? NaN) * (integers[at] ?? NaN);
        });
        const own = level.scale.length === 1 ? level.scale[0] : level.scale[filter];
        const product = Math.fround(Math.fround(sum) * Math.fround((own ?? NaN) * inputScale));
        z = index === 0 ? product : Math.fround(z + product);
      });
      if (node.bias) z = Math.fround(z + (node.bias[filter] ?? NaN));
      real.push(z);
    }
  }
  return { real };
}

/** Calls back with the index of the weight (trained order) and of the input element under it. */
function forEachTap(
  node: Linear,
  shape: readonly number[],
  pixel: number,
  filter: number,
  visit: (weight: number, at: number) => void,
): void {
  const filters = node.shape.at(-1) ?? 1;
  if (node.kind === 'dense') {
    const inputs = shape.reduce((product, length) => product * length, 1);
    for (let i = 0; i < inputs; i++) visit(i * filters + filter, i);
    return;
  }
  const [height = 1, width = 1, channels = 1] = shape;
  const columns = node.shape[1] ?? 1;
  const seen = node.kind === 'conv2d' ? channels : 1;
  for (let ky = 0; ky < node.kernel[0]; ky++)
    for (let kx = 0; kx < node.kernel[1]; kx++) {
      const y = Math.floor(pixel / columns) * node.strides[0] - node.padding.top + ky * node.dilation[0];
      const x = (pixel % columns) * node.strides[1] - node.padding.left + kx * node.dilation[1];
      if (y < 0 || y >= height || x < 0 || x >= width) continue;
      for (let c = 0; c < seen; c++) {
        const channel = node.kind === 'conv2d' ? c : filter;
        visit(
          ((ky * node.kernel[1] + kx) * seen + c) * filters + filter,
          (y * width + x) * channels + channel,
        );
      }
    }
}
