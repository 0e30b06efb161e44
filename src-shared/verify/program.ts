import {
  channelsOf,
  elementsOf,
  mapShape,
  type AffineNode,
  type CombineNode,
  type IntegerGraph,
  type IntegerNode,
  type PoolNode,
  type ThresholdNode,
} from '../export/ir/graph.ts';
import { linearStep } from './linear-step.ts';

/** A graph prepared for many inferences: buffers allocated, weights turned into lists of what is not zero. */
export interface Program {
  /** The logits, in a buffer that the next run overwrites. */
  run(sample: Uint8Array): Int32Array;
  /** Every node's value after a run; overwritten by the next. */
  values: ReadonlyMap<string, Int32Array>;
}

const programs = new WeakMap<IntegerGraph, Program>();

/** Prepared once for each graph object. */
export function programOf(graph: IntegerGraph): Program {
  const known = programs.get(graph);
  if (known) return known;
  const program = prepare(graph);
  programs.set(graph, program);
  return program;
}

/** A u8 value is kept as p − zero, so that every step reads integers that stand for themselves. */
function prepare(graph: IntegerGraph): Program {
  const input = new Int32Array(elementsOf(graph.input.shape));
  const zero = Int32Array.from(input, (_, i) => graph.input.zero[i % graph.input.zero.length] ?? 0);
  const buffers = new Map<string, Int32Array>([['input', input]]);
  const shapes = new Map<string, readonly number[]>([['input', graph.input.shape]]);
  const raw = new Set(['input']);
  const steps: (() => void)[] = [];
  for (const node of graph.nodes) {
    const sources = node.inputs.map((name) => buffers.get(name) ?? new Int32Array(0));
    const shape = shapes.get(node.inputs[0] ?? '') ?? [];
    const target = new Int32Array(elementsOf(node.shape));
    steps.push(stepOf(node, shape, sources, target));
    buffers.set(node.id, target);
    shapes.set(node.id, node.shape);
    if (node.type === 'u8') raw.add(node.id);
  }
  const logits = buffers.get(graph.output) ?? new Int32Array(0);
  const values = new Map([...buffers].filter(([id]) => !raw.has(id)));
  return {
    values,
    run(sample) {
      for (let i = 0; i < input.length; i++) input[i] = sample[i]! - zero[i]!;
      for (const step of steps) step();
      return logits;
    },
  };
}

function stepOf(
  node: IntegerNode,
  shape: readonly number[],
  sources: Int32Array[],
  target: Int32Array,
): () => void {
  const source = sources[0] ?? new Int32Array(0);
  switch (node.kind) {
    case 'conv2d':
    case 'depthwise-conv2d':
    case 'dense':
      return linearStep(node, shape, source, target);
    case 'max-pool':
      // All elements under a window share their channel's zero point: p − zero has its maximum where p has.
      return poolStep(node, shape, source, target, (best, value) => (value > best ? value : best));
    case 'sum-pool':
      return poolStep(node, shape, source, target, (sum, value) => sum + value);
    case 'add': {
      const other = sources[1] ?? source;
      return () => {
        for (let i = 0; i < target.length; i++) target[i] = source[i]! + other[i]!;
      };
    }
    case 'threshold':
      return thresholdStep(node, source, target);
    case 'combine':
      return combineStep(node, sources, target);
    case 'lookup': {
      const { low } = node;
      const codes = Int32Array.from(node.codes);
      return () => {
        for (let i = 0; i < target.length; i++) target[i] = codes[source[i]! - low]!;
      };
    }
    case 'flatten':
      return () => target.set(source);
    case 'affine':
      return affineStep(node, sources, target);
  }
}

function poolStep(
  node: PoolNode,
  shape: readonly number[],
  source: Int32Array,
  target: Int32Array,
  combine: (result: number, value: number) => number,
): () => void {
  const [height, width, channels] = mapShape(shape);
  const [outHeight, outWidth] = mapShape(node.shape);
  const windows: Int32Array[] = [];
  for (let oy = 0; oy < outHeight; oy++) {
    for (let ox = 0; ox < outWidth; ox++) {
      for (let c = 0; c < channels; c++) {
        const elements: number[] = [];
        for (let ky = 0; ky < node.kernel[0]; ky++) {
          const y = oy * node.strides[0] + ky - node.padding.top;
          for (let kx = 0; kx < node.kernel[1]; kx++) {
            const x = ox * node.strides[1] + kx - node.padding.left;
            if (y >= 0 && y < height && x >= 0 && x < width) elements.push((y * width + x) * channels + c);
          }
        }
        windows.push(Int32Array.from(elements));
      }
    }
  }
  return () => {
    for (let i = 0; i < windows.length; i++) {
      const window = windows[i]!;
      let result = source[window[0]!]!;
      for (let k = 1; k < window.length; k++) result = combine(result, source[window[k]!]!);
      target[i] = result;
    }
  };
}

function thresholdStep(node: ThresholdNode, source: Int32Array, target: Int32Array): () => void {
  const channels = channelsOf(node.shape);
  const { steps, values, direction } = node;
  const codes = Int32Array.from(node.codes);
  return () => {
    for (let i = 0; i < target.length; i++) {
      const channel = i % channels;
      const directed = source[i]! * direction[channel]!;
      const first = channel * steps;
      // Thresholds ascend: the number passed is where the first larger one stands.
      let low = first;
      let high = first + steps;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (directed >= values[middle]!) low = middle + 1;
        else high = middle;
      }
      target[i] = codes[low - first]!;
    }
  };
}

function combineStep(node: CombineNode, sources: readonly Int32Array[], target: Int32Array): () => void {
  const channels = node.bias.length;
  return () => {
    for (let i = 0; i < target.length; i++) target[i] = node.bias[i % channels]!;
    sources.forEach((source, index) => {
      const multipliers = node.multipliers[index]!;
      for (let i = 0; i < target.length; i++)
        target[i] = target[i]! + source[i]! * multipliers[i % channels]!;
    });
  };
}

function affineStep(node: AffineNode, sources: readonly Int32Array[], target: Int32Array): () => void {
  return () => {
    target.set(node.bias);
    sources.forEach((source, index) => {
      const multipliers = node.multipliers[index]!;
      for (let i = 0; i < target.length; i++) target[i] = target[i]! + source[i]! * multipliers[i]!;
    });
  };
}
