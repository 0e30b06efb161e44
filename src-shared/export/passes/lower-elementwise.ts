import { channelsOf, elementsOf, type IntegerNode } from '../ir/graph.ts';
import type { TrainedActivation, TrainedAdd, TrainedBatchNorm, TrainedFlatten } from '../trained-graph.ts';
import { findThresholds } from './find-thresholds.ts';
import { hull, type Pending, type Step } from './pending.ts';
import { refuse } from './refuse.ts';

interface Lowered {
  nodes: IntegerNode[];
  value: Pending;
}

/** Batch normalisation computes nothing: it waits for the thresholds, or for the logits. */
export function lowerBatchNorm(layer: TrainedBatchNorm, input: Pending): Lowered {
  const step: Step = { kind: 'batch-norm', factor: layer.factor, offset: layer.offset };
  return { nodes: [], value: { ...input, steps: [...input.steps, step], codes: null } };
}

/** A quantized activation: integer thresholds, from which on the value is codes. */
export function lowerActivation(layer: TrainedActivation, input: Pending): Lowered {
  const { staircase } = layer;
  if (!staircase)
    refuse(layer.id, `the activation "${layer.name}" is computed in floating point; choose a quantized one`);
  if (!input.exact) {
    refuse(
      layer.id,
      'its input is an average of floating-point values; put the activation before the pooling',
    );
  }
  if (staircase.more) refuse(layer.id, 'its levels are no multiples of one scale');
  const { codes, scale } = staircase;
  if (staircase.thresholds.length < 1 || staircase.thresholds.length > 255) {
    refuse(layer.id, `it has ${staircase.thresholds.length} steps; 1 to 255 are possible`);
  }
  if (!codes.every((code) => Number.isInteger(code) && code >= -128 && code <= 127)) {
    refuse(layer.id, 'its codes do not fit 8 bits');
  }
  const found = findThresholds(layer.id, input, staircase);
  const range = { low: Math.min(...codes), high: Math.max(...codes) };
  const channels = channelsOf(input.shape);
  const node: IntegerNode = {
    kind: 'threshold',
    id: layer.id,
    inputs: [input.terms[0]?.node ?? ''],
    shape: layer.shape,
    type: 'i8',
    range,
    steps: staircase.thresholds.length,
    ...found,
    codes,
  };
  const term = {
    node: layer.id,
    type: 'i8' as const,
    scale: new Float64Array(channels).fill(Math.fround(scale)),
    ranges: Array.from({ length: channels }, () => range),
  };
  return {
    nodes: [node],
    value: { terms: [term], steps: [], shape: layer.shape, codes: Math.fround(scale), exact: true },
  };
}

/** Adding codes of one scale adds integers: the value is scale · (a + b). */
export function lowerAdd(layer: TrainedAdd, left: Pending, right: Pending): Lowered {
  const [a] = left.terms;
  const [b] = right.terms;
  if (!a || !b || left.codes === null || right.codes === null || a.type !== 'i8' || b.type !== 'i8') {
    refuse(
      layer.id,
      'both of its inputs must be 8-bit codes; put a quantized activation at the end of each branch',
    );
  }
  if (left.codes !== right.codes) {
    refuse(
      layer.id,
      `its inputs have the unequal scales ${left.codes} and ${right.codes}; use one activation quantizer on both`,
    );
  }
  const ranges = a.ranges.map((range, channel) => {
    const other = b.ranges[channel] ?? { low: 0, high: 0 };
    return { low: range.low + other.low, high: range.high + other.high };
  });
  const range = hull(ranges);
  if (range.low < -128 || range.high > 127) {
    refuse(layer.id, `its sums go from ${range.low} to ${range.high}, which 8 bits do not hold`);
  }
  const node: IntegerNode = {
    kind: 'add',
    id: layer.id,
    inputs: [a.node, b.node],
    shape: layer.shape,
    type: 'i8',
    range,
  };
  const value: Pending = {
    terms: [{ node: layer.id, type: 'i8', scale: a.scale, ranges }],
    steps: [],
    shape: layer.shape,
    codes: left.codes,
    exact: left.exact && right.exact,
  };
  return { nodes: [node], value };
}

/** A map as a vector: every pending vector is repeated for every pixel. */
export function lowerFlatten(layer: TrainedFlatten, input: Pending): Lowered {
  const pixels = elementsOf(input.shape) / channelsOf(input.shape);
  if (input.shape.length === 1) return { nodes: [], value: input };
  const nodes: IntegerNode[] = [];
  const terms = input.terms.map((term, index) => {
    const range = term.type === 'u8' ? { low: 0, high: 255 } : hull(term.ranges);
    const id = input.terms.length === 1 ? layer.id : `${layer.id}.level${index}`;
    nodes.push({ kind: 'flatten', id, inputs: [term.node], shape: layer.shape, type: term.type, range });
    return { ...term, node: id, scale: repeat(term.scale, pixels), ranges: repeatList(term.ranges, pixels) };
  });
  const steps = input.steps.map((step): Step =>
    step.kind === 'bias'
      ? { kind: 'bias', values: repeat(step.values, pixels) }
      : { kind: 'batch-norm', factor: repeat(step.factor, pixels), offset: repeat(step.offset, pixels) },
  );
  return { nodes, value: { ...input, terms, steps, shape: layer.shape } };
}

function repeat<T extends Float32Array | Float64Array>(values: T, times: number): T {
  const out = new (values.constructor as new (length: number) => T)(values.length * times);
  for (let i = 0; i < times; i++) out.set(values, i * values.length);
  return out;
}

function repeatList<T>(values: readonly T[], times: number): T[] {
  return Array.from({ length: values.length * times }, (_, i) => values[i % values.length] as T);
}
