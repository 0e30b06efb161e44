import { BitsmithError } from '../../base/errors.ts';
import {
  channelsOf,
  elementsOf,
  mapShape,
  valueOf,
  type ConvNode,
  type IntegerGraph,
  type IntegerNode,
  type PoolNode,
} from './graph.ts';

/**
 * Checks that a graph is sound before anything computes with it: order, shapes, lengths.
 *
 * @throws BitsmithError `corrupt` naming the node and what does not fit
 */
export function checkGraph(graph: IntegerGraph, what: string): void {
  const fail = (id: string, reason: string): never => {
    throw new BitsmithError('corrupt', `${what}: node ${id} ${reason}`);
  };
  if (graph.input.zero.length !== channelsOf(graph.input.shape))
    fail('input', 'needs one zero point per channel');
  const seen = new Set(['input']);
  for (const node of graph.nodes) {
    if (seen.has(node.id)) fail(node.id, 'has an id that is used twice');
    const missing = node.inputs.find((name) => !seen.has(name));
    if (missing !== undefined) fail(node.id, `reads ${missing}, which no earlier node computes`);
    const reason = problemOf(graph, node);
    if (reason !== undefined) fail(node.id, reason);
    seen.add(node.id);
  }
  const output = graph.nodes.find((node) => node.id === graph.output);
  if (output?.kind !== 'affine' || elementsOf(output.shape) !== graph.classes) {
    fail(graph.output, `is the output and must be an affine node with ${graph.classes} elements`);
  }
}

function problemOf(graph: IntegerGraph, node: IntegerNode): string | undefined {
  const inputs = node.inputs.map((name) => valueOf(graph, name));
  const [first] = inputs;
  if (!first) return 'has no input';
  const several = node.kind === 'add' || node.kind === 'combine' || node.kind === 'affine';
  if (!several && inputs.length !== 1) return 'takes one input';
  switch (node.kind) {
    case 'conv2d':
    case 'depthwise-conv2d':
      return (
        windowProblem(node, first.shape) ?? convProblem(node, first.shape) ?? outsideProblem(graph, node)
      );
    case 'max-pool':
    case 'sum-pool':
      if (channelsOf(node.shape) !== channelsOf(first.shape)) return 'changes the number of channels';
      return windowProblem(node, first.shape);
    case 'dense':
      if (node.weights.taps !== elementsOf(first.shape))
        return `needs ${elementsOf(first.shape)} weights per unit`;
      if (node.weights.filters !== elementsOf(node.shape)) return 'has another number of units than outputs';
      return weightsProblem(node);
    case 'add':
      if (inputs.length !== 2) return 'takes two inputs';
      return inputs.every((input) => sameShape(input.shape, node.shape) && input.type === 'i8')
        ? undefined
        : 'needs two inputs of its own shape, both codes';
    case 'threshold': {
      const channels = channelsOf(node.shape);
      if (!sameShape(first.shape, node.shape)) return 'changes the shape';
      if (node.direction.length !== channels) return `needs ${channels} directions`;
      if (node.values.length !== channels * node.steps) return `needs ${channels * node.steps} thresholds`;
      return node.codes.length === node.steps + 1 ? undefined : `needs ${node.steps + 1} codes`;
    }
    case 'combine': {
      const channels = channelsOf(node.shape);
      const fits =
        node.bias.length === channels &&
        node.multipliers.length === inputs.length &&
        node.multipliers.every((row) => row.length === channels) &&
        inputs.every((input) => sameShape(input.shape, node.shape) && input.type !== 'u8');
      return fits
        ? undefined
        : `needs inputs of its own shape, ${channels} biases, and as many multipliers for each input`;
    }
    case 'lookup': {
      if (!sameShape(first.shape, node.shape)) return 'changes the shape';
      const range = graph.nodes.find(({ id }) => id === node.inputs[0])?.range;
      const inside = range && range.low >= node.low && range.high < node.low + node.codes.length;
      return inside && first.type === 'i8' ? undefined : 'has no code for every value of its input';
    }
    case 'flatten':
      return elementsOf(first.shape) === elementsOf(node.shape)
        ? undefined
        : 'changes the number of elements';
    case 'affine': {
      const count = elementsOf(node.shape);
      const fits =
        node.bias.length === count &&
        node.multipliers.length === inputs.length &&
        node.multipliers.every((row) => row.length === count) &&
        inputs.every((input) => elementsOf(input.shape) === count && input.type !== 'u8');
      return fits ? undefined : `needs ${count} biases, and ${count} multipliers for each of its inputs`;
    }
  }
}

function weightsProblem(node: Extract<IntegerNode, { weights: unknown }>): string | undefined {
  const { filters, taps, codes } = node.weights;
  return codes.length === filters * taps
    ? undefined
    : `needs ${filters * taps} weight codes, not ${codes.length}`;
}

function convProblem(node: ConvNode, input: readonly number[]): string | undefined {
  const channels = channelsOf(input);
  const seen = node.kind === 'conv2d' ? channels : 1;
  const taps = node.kernel[0] * node.kernel[1] * seen;
  if (node.weights.taps !== taps) return `needs ${taps} weights per filter`;
  if (node.weights.filters !== channelsOf(node.shape)) return 'has another number of filters than channels';
  if (node.kind === 'depthwise-conv2d' && node.weights.filters !== channels)
    return 'needs one filter per channel';
  return weightsProblem(node);
}

function outsideProblem(graph: IntegerGraph, node: ConvNode): string | undefined {
  if (!node.outside) return undefined;
  const codes = codesOf(graph, node.inputs[0]);
  return codes?.every((code) => Math.abs(code) === 1)
    ? undefined
    : `has ${node.outside} in its padding, but its input is not made of the codes -1 and 1`;
}

/** The codes that a value is made of; a maximum chooses among those of its input. */
function codesOf(graph: IntegerGraph, name: string | undefined): readonly number[] | undefined {
  const node = graph.nodes.find(({ id }) => id === name);
  if (node?.kind === 'threshold' || node?.kind === 'lookup') return node.codes;
  return node?.kind === 'max-pool' ? codesOf(graph, node.inputs[0]) : undefined;
}

function windowProblem(node: ConvNode | PoolNode, input: readonly number[]): string | undefined {
  if (input.length !== 3 || node.shape.length !== 3) return 'needs maps of three axes';
  const [height, width] = mapShape(input);
  const [dy, dx] = 'dilation' in node ? node.dilation : [1, 1];
  const { top, left, bottom, right } = node.padding;
  const rows = outputLength(height + top + bottom, (node.kernel[0] - 1) * dy + 1, node.strides[0]);
  const columns = outputLength(width + left + right, (node.kernel[1] - 1) * dx + 1, node.strides[1]);
  const [outHeight, outWidth] = mapShape(node.shape);
  return rows === outHeight && columns === outWidth
    ? undefined
    : `has shape [${node.shape.join(', ')}], but its window gives [${rows}, ${columns}, …]`;
}

function outputLength(length: number, kernel: number, stride: number): number {
  return Math.floor((length - kernel) / stride) + 1;
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis]);
}
