import { BitsmithError } from '../../base/errors.ts';
import type { Staircase } from '../../quant/types.ts';
import { channelsOf, elementsOf } from '../ir/graph.ts';
import type { TrainedGraph, TrainedNode } from '../trained-graph.ts';
import { refuse } from './refuse.ts';

/**
 * Checks that a trained graph hangs together: names, order, and the length of every array.
 *
 * @throws BitsmithError `corrupt` naming the layer and what does not fit (a checkpoint of another model, say)
 */
export function checkTrained(graph: TrainedGraph): void {
  const shapes = new Map<string, readonly number[]>([['input', graph.input.shape]]);
  if (graph.input.zero.length !== channelsOf(graph.input.shape)) {
    fail('input', `has ${graph.input.zero.length} zero points for ${channelsOf(graph.input.shape)} channels`);
  }
  if (!graph.input.zero.every((zero) => Number.isInteger(zero) && zero >= 0 && zero <= 255)) {
    fail('input', 'has a zero point that is not an integer from 0 to 255');
  }
  if (!(graph.input.scale > 0 && Number.isFinite(graph.input.scale))) fail('input', 'has no positive scale');
  for (const node of graph.nodes) {
    if (shapes.has(node.id)) fail(node.id, 'has an id that is used twice');
    const inputs = node.inputs.map(
      (name) => shapes.get(name) ?? fail(node.id, `reads ${name}, which comes no earlier`),
    );
    const several = node.kind === 'add';
    if (several ? inputs.length < 2 : inputs.length !== 1)
      fail(node.id, `takes ${several ? 'two inputs or more' : 'one input'}, not ${inputs.length}`);
    checkArrays(node, inputs[0] ?? []);
    checkOutside(graph, node);
    shapes.set(node.id, node.shape);
  }
  const output = shapes.get(graph.output);
  if (!output) fail(graph.output, 'is the output but does not exist');
  else if (elementsOf(output) !== graph.classes) {
    fail(graph.output, `has ${elementsOf(output)} elements, but there are ${graph.classes} classes`);
  }
}

function fail(layer: string, reason: string): never {
  throw new BitsmithError('corrupt', `the trained network does not fit together: layer ${layer} ${reason}`, {
    layer,
  });
}

function checkArrays(node: TrainedNode, input: readonly number[]): void {
  const channels = channelsOf(node.shape);
  if (node.kind === 'batch-norm') {
    checkVector(node.id, 'factors', node.factor, channels);
    checkVector(node.id, 'offsets', node.offset, channels);
    return;
  }
  if (node.kind === 'activation') {
    const staircase = node.staircase;
    if (!staircase) return;
    if (staircase.codes.length !== staircase.thresholds.length + 1)
      fail(node.id, 'needs one code more than thresholds');
    if (staircase.inclusive.length !== staircase.thresholds.length)
      fail(node.id, 'needs one "inclusive" per threshold');
    const terms = [staircase, ...(staircase.more ?? [])];
    if (!terms.every(({ codes }) => codes.length === staircase.codes.length))
      fail(node.id, 'needs as many codes for each of its terms');
    if (!terms.every(({ scale }) => Number.isFinite(scale))) fail(node.id, 'has a scale that is not finite');
    if (staircase.thresholds.some((value) => Number.isNaN(value)))
      fail(node.id, 'has a threshold that is no number');
    return;
  }
  if (node.kind !== 'conv2d' && node.kind !== 'depthwise-conv2d' && node.kind !== 'dense') return;
  const filters = node.kind === 'dense' ? elementsOf(node.shape) : channels;
  const taps = tapsOf(node, input);
  if (node.bias) checkVector(node.id, 'biases', node.bias, filters);
  if (node.weights.float) {
    refuse(
      node.id,
      'its weights are floating-point numbers; choose a weight method that quantizes them, ternary (twn) or 8 bits (int8), say, or train on until the method has quantized all of them (inq: a portion of 1)',
    );
  }
  if (node.weights.levels.length === 0) fail(node.id, 'has no weights');
  for (const level of node.weights.levels) {
    if (level.codes.length !== taps * filters) {
      fail(node.id, `has ${level.codes.length} weights, but its shape needs ${taps * filters}`);
    }
    if (level.codes.some((code) => code === -128))
      fail(node.id, 'has the weight code -128; codes go from -127 to 127');
    checkVector(node.id, 'scales', level.scale, level.scale.length === 1 ? 1 : filters);
  }
}

/** The code −1 can lie around a map only where the map holds nothing but −1 and +1, as they are. */
function checkOutside(graph: TrainedGraph, node: TrainedNode): void {
  if (!('outside' in node) || !node.outside) return;
  const staircase = staircaseOf(graph, node.inputs[0]);
  const alone = staircase?.scale === 1 && (staircase.more ?? []).length === 0;
  if (alone && staircase.codes.every((code) => Math.abs(code) === 1)) return;
  refuse(
    node.id,
    `its padding holds the code ${node.outside}, but what it reads is not made of the values -1 and 1; put a binary ` +
      'activation (bnn) in front of it or pad with zeros',
  );
}

/** The staircase whose codes a value still has: a maximum only chooses among them. */
function staircaseOf(graph: TrainedGraph, name: string | undefined): Staircase | undefined {
  const node = graph.nodes.find(({ id }) => id === name);
  if (node?.kind === 'activation') return node.staircase;
  return node?.kind === 'max-pool' ? staircaseOf(graph, node.inputs[0]) : undefined;
}

function checkVector(id: string, what: string, values: Float32Array, length: number): void {
  if (values.length !== length) fail(id, `has ${values.length} ${what}, but needs ${length}`);
  if (!values.every(Number.isFinite)) fail(id, `has ${what} that are not finite`);
}

/** Weights of one filter of a linear layer fed by a value of shape `input`. */
export function tapsOf(node: Extract<TrainedNode, { weights: unknown }>, input: readonly number[]): number {
  if (node.kind === 'dense') return elementsOf(input);
  const window = node.kernel[0] * node.kernel[1];
  return node.kind === 'conv2d' ? window * channelsOf(input) : window;
}
