import { channelsOf, elementsOf, mapShape } from '../../export/ir/graph.ts';
import type {
  TrainedActivation,
  TrainedGraph,
  TrainedNode,
  TrainedShortcutA,
} from '../../export/trained-graph.ts';
import { floatLinear } from './linear.ts';
import { floatGlobalPool, floatPool } from './pooling.ts';

/** The real value of the input and of every layer, row-major, channels fastest. */
export type FloatValues = Map<string, Float32Array>;

/**
 * Runs a trained network on one sample in floating point, as TensorFlow.js would: weights times float scales, batch
 * normalisation by its folded factors, activations by their float thresholds. No integers, no thresholds of sums, no
 * fixed point: an account of the network that shares no arithmetic with the exporter.
 *
 * @param sample raw bytes, row-major, channels fastest
 */
export function interpretFloat(graph: TrainedGraph, sample: Uint8Array): FloatValues {
  const work = runFloat(graph, sample);
  let step = work.next();
  while (!step.done) step = work.next();
  return step.value;
}

/** The same piece by piece: the caller may do other work in between. */
export function* runFloat(graph: TrainedGraph, sample: Uint8Array): Generator<void, FloatValues> {
  const { input } = graph;
  if (sample.length !== elementsOf(input.shape))
    throw new RangeError(`a sample has ${elementsOf(input.shape)} bytes, not ${sample.length}`);
  const channels = channelsOf(input.shape);
  const scale = Math.fround(input.scale);
  const first = Float32Array.from(sample, (p, i) => (p - (input.zero[i % channels] ?? 0)) * scale);
  const values: FloatValues = new Map([['input', first]]);
  const shapes = new Map<string, readonly number[]>([['input', input.shape]]);
  for (const node of graph.nodes) {
    const sources = node.inputs.map((name) => {
      const value = values.get(name);
      if (!value) throw new RangeError(`node ${node.id}: no value ${name}`);
      return value;
    });
    const shape = shapes.get(node.inputs[0] ?? '') ?? [];
    const value: Float32Array = yield* layer(node, sources, shape);
    values.set(node.id, value);
    shapes.set(node.id, node.shape);
    yield;
  }
  return values;
}

function* layer(
  node: TrainedNode,
  sources: readonly Float32Array[],
  shape: readonly number[],
): Generator<void, Float32Array> {
  const input = sources[0] ?? new Float32Array(0);
  switch (node.kind) {
    case 'conv2d':
    case 'depthwise-conv2d':
    case 'dense':
      return yield* floatLinear(node, input, shape);
    case 'batch-norm': {
      const { factor, offset } = node;
      return input.map((x, i) => Math.fround(x * factor[i % factor.length]!) + offset[i % offset.length]!);
    }
    case 'max-pool':
    case 'average-pool':
      return floatPool(node, input, shape);
    case 'global-average-pool':
      return floatGlobalPool(input, shape);
    case 'add':
      return sources.slice(1).reduce((sum, other) => sum.map((x, i) => x + other[i]!), input);
    case 'shortcut-a':
      return shortcut(node, input, shape);
    case 'flatten':
      return input;
    case 'activation':
      return activated(node, input);
  }
}

function shortcut(
  { strides, before, shape: out }: TrainedShortcutA,
  input: Float32Array,
  shape: readonly number[],
): Float32Array {
  const [, width, channels] = mapShape(shape);
  const [rows, columns, all] = mapShape(out);
  const result = new Float32Array(rows * columns * all);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const from = (y * strides[0] * width + x * strides[1]) * channels;
      result.set(input.subarray(from, from + channels), (y * columns + x) * all + before);
    }
  }
  return result;
}

/** Real values of the steps of a staircase. @throws RangeError where the activation is no staircase */
function activated({ id, name, staircase }: TrainedActivation, input: Float32Array): Float32Array {
  if (!staircase) throw new RangeError(`node ${id}: ${name} has no steps, and so no integer form`);
  const { thresholds, inclusive } = staircase;
  const terms = [staircase, ...(staircase.more ?? [])];
  const levels = Float32Array.from(staircase.codes, (_, step) =>
    terms.reduce((sum, { codes, scale }) => Math.fround(sum + Math.fround((codes[step] ?? 0) * scale)), 0),
  );
  return input.map((y) => {
    let step = 0;
    for (let i = 0; i < thresholds.length; i++) {
      if (inclusive[i] ? y >= thresholds[i]! : y > thresholds[i]!) step = i + 1;
      else break;
    }
    return levels[step]!;
  });
}
