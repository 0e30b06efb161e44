import type { TrainedNode, TrainedPool, TrainedShortcutA } from '../../../export/trained-graph.ts';
import type { GraphBuilder, WrittenValue } from './graph-builder.ts';

type Norm = Extract<TrainedNode, { kind: 'batch-norm' }>;

/**
 * Batch normalisation as it is evaluated: x · factor + offset. Mean and variance are folded into the two; the variance is
 * written so that it is exactly 1 with ε added, in float32.
 */
export function writeBatchNorm(
  graph: GraphBuilder,
  { id, factor, offset, shape }: Norm,
  input: WrittenValue,
  { epsilon, momentum }: { epsilon: number; momentum: number },
): WrittenValue {
  const variance = new Float32Array(factor.length).fill(Math.fround(1 - Math.fround(epsilon)));
  const inputs = [
    graph.real(input),
    graph.constant(`${id}/factor`, [factor.length], factor),
    graph.constant(`${id}/offset`, [offset.length], offset),
    graph.constant(`${id}/mean`, [factor.length], new Float32Array(factor.length)),
    graph.constant(`${id}/variance`, [factor.length], variance),
  ];
  const attributes = { epsilon: { float: epsilon }, momentum: { float: momentum } };
  return { tensor: graph.node(id, 'BatchNormalization', inputs, shape, attributes), shape, scale: 1 };
}

/** A maximum chooses among codes, so their scale stays beside them; a mean is of real values. */
export function writePool(graph: GraphBuilder, node: TrainedPool, input: WrittenValue): WrittenValue {
  const { id, kind, size, strides, shape } = node;
  const { top, left, bottom, right } = node.padding;
  const window = { kernel_shape: size, strides, pads: [top, left, bottom, right] };
  if (kind === 'max-pool')
    return { ...input, tensor: graph.node(id, 'MaxPool', [input.tensor], shape, window), shape };
  const attributes = { ...window, count_include_pad: node.countPadding ? 1 : 0 };
  const tensor = graph.node(id, 'AveragePool', [graph.real(input)], shape, attributes);
  return { tensor, shape, scale: 1 };
}

export function writeGlobalPool(
  graph: GraphBuilder,
  { id, shape }: { id: string; shape: readonly number[] },
  input: WrittenValue,
): WrittenValue {
  const [channels = 1] = shape;
  const mean = graph.node(`${id}/mean`, 'GlobalAveragePool', [graph.real(input)], [1, 1, channels]);
  return { tensor: graph.node(id, 'Flatten', [mean], shape, { axis: 1 }), shape, scale: 1 };
}

/** Codes of one scale are added as codes, anything else as real values. */
export function writeAdd(
  graph: GraphBuilder,
  { id, shape }: { id: string; shape: readonly number[] },
  inputs: readonly WrittenValue[],
): WrittenValue {
  const scale = inputs[0]?.scale ?? 1;
  const alike = inputs.every((input) => input.scale === scale);
  const [first = '', ...rest] = inputs.map((input) => (alike ? input.tensor : graph.real(input)));
  const tensor = rest.reduce(
    (sum, other, i) =>
      graph.node(i === rest.length - 1 ? id : `${id}/sum${i + 1}`, 'Add', [sum, other], shape),
    first,
  );
  return { tensor, shape, scale: alike ? scale : 1 };
}

/** Every stride-th pixel, then zero channels. */
export function writeShortcut(
  graph: GraphBuilder,
  { id, strides, before, after, shape }: TrainedShortcutA,
  input: WrittenValue,
): WrittenValue {
  const [height = 1, width = 1, channels = 1] = input.shape;
  const [rows = 1, columns = 1] = shape;
  const padded = before + after > 0;
  let { tensor } = input;
  if (Math.max(...strides) > 1) {
    const numbers = (part: string, values: readonly number[]) =>
      graph.constant(`${id}/${part}`, [values.length], values, 'int64');
    const slice = [numbers('from', [0, 0]), numbers('to', [height, width]), numbers('axes', [2, 3])];
    const inputs = [tensor, ...slice, numbers('every', strides)];
    tensor = graph.node(padded ? `${id}/pixels` : id, 'Slice', inputs, [rows, columns, channels]);
  }
  if (padded) {
    const sides = graph.constant(`${id}/channels`, [8], [0, before, 0, 0, 0, after, 0, 0], 'int64');
    const zero = graph.constant(`${id}/zero`, [], [0]);
    tensor = graph.node(id, 'Pad', [tensor, sides, zero], shape, { mode: 'constant' });
  }
  return { ...input, tensor, shape };
}

/** Row-major with channels last, as our weights have it. */
export function writeFlatten(
  graph: GraphBuilder,
  { id, shape }: { id: string; shape: readonly number[] },
  input: WrittenValue,
): WrittenValue {
  const [height = 1, width = 1, channels = 1] = input.shape;
  const ordered = input.shape.length < 3 || channels === 1 || height * width === 1;
  let { tensor } = input;
  if (!ordered) {
    // The shape is written as ONNX has the transposed map: what is a row there takes the place of the channels.
    tensor = graph.node(`${id}/channels-last`, 'Transpose', [tensor], [width, channels, height], {
      perm: [0, 2, 3, 1],
    });
  }
  return { ...input, tensor: graph.node(id, 'Flatten', [tensor], shape, { axis: 1 }), shape };
}
