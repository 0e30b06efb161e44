import { byRank, ranksOf, termsOf } from '../arithmetic/staircase-terms.ts';
import { addTerms, additionOf, repeatChannels, type Step } from '../arithmetic/value.ts';
import { channelsOf, elementsOf, type IntegerNode } from '../ir/graph.ts';
import type { TrainedActivation, TrainedAdd, TrainedBatchNorm, TrainedFlatten } from '../trained-graph.ts';
import { combineTerms, wideSum } from './combine-terms.ts';
import { findThresholds } from './find-thresholds.ts';
import { lookUp } from './look-up.ts';
import { hull, type Pending, type Term } from './pending.ts';
import { refuse } from './refuse.ts';

interface Lowered {
  nodes: IntegerNode[];
  value: Pending;
}

/** Batch normalisation computes nothing: it waits for the thresholds, or for the logits. */
export function lowerBatchNorm(layer: TrainedBatchNorm, input: Pending): Lowered {
  const step: Step = { kind: 'batch-norm', factor: layer.factor, offset: layer.offset };
  const { terms, offset, steps, shape } = input;
  return {
    nodes: [],
    value: { terms, ...(offset ? { offset } : {}), steps: [...steps, step], shape, codes: false },
  };
}

/**
 * A quantized activation: integer thresholds, from which on the value is codes. Where these are of several terms, the
 * thresholds yield the rank of the level, and each term looks its codes up.
 */
export function lowerActivation(layer: TrainedActivation, input: Pending): Lowered {
  const { staircase } = layer;
  if (!staircase)
    refuse(
      layer.id,
      `the activation "${layer.name}" is computed in floating point; choose an activation method that quantizes, ternary codes (gxnor) or 8 bits (int8), say`,
    );
  const steps = staircase.thresholds.length;
  if (steps < 1 || steps > 255) refuse(layer.id, `it has ${steps} steps; 1 to 255 are possible`);
  const terms = termsOf(staircase);
  const fits = (code: number) => Number.isInteger(code) && code >= -128 && code <= 127;
  if (!terms.every(({ codes }) => codes.every(fits))) refuse(layer.id, 'its codes do not fit 8 bits');
  const combined = combineTerms(layer.id, input);
  const found = findThresholds(layer.id, combined.value, staircase);
  const channels = channelsOf(input.shape);
  const numbers = terms.map(({ scale, codes }) => ({
    scale: new Float64Array(channels).fill(scale),
    limits: new Float64Array(channels).fill(Math.max(...codes.map(Math.abs))),
  }));
  const low = steps > 127 ? -128 : 0;
  const ranks = ranksOf(terms);
  const codes = terms.length === 1 ? (terms[0]?.codes ?? []) : ranks.map((rank) => rank + low);
  const range = { low: Math.min(...codes), high: Math.max(...codes) };
  const node: IntegerNode = {
    kind: 'threshold',
    id: layer.id,
    inputs: [combined.value.terms[0]?.node ?? ''],
    shape: layer.shape,
    type: 'i8',
    range,
    steps,
    ...found,
    codes,
  };
  if (terms.length === 1) {
    const ranges = Array.from({ length: channels }, () => range);
    const own = numbers.map((term): Term => ({ node: layer.id, type: 'i8', ranges, ...term }));
    const value: Pending = { terms: own, steps: [], shape: layer.shape, codes: true };
    return { nodes: [...combined.nodes, node], value };
  }
  const tables = terms.map((term) => byRank(term.codes, ranks));
  const { nodes, value } = lookUp(layer, { node: layer.id, low, tables }, numbers);
  return { nodes: [...combined.nodes, node, ...nodes], value };
}

/**
 * Adding codes of one scale adds integers: the value is scale · (a + b). Of any other two values the terms are put side by
 * side, and whoever needs one integer combines them.
 */
export function lowerAdd(layer: TrainedAdd, left: Pending, right: Pending): Lowered {
  if ([...left.terms, ...right.terms].some(({ type }) => type === 'u8'))
    refuse(layer.id, 'it adds the raw input; put a convolution in front of it');
  const [a] = left.terms;
  const [b] = right.terms;
  if (additionOf(left, right) !== 'integers' || !a || !b) {
    return { nodes: [], value: { ...addTerms(left, right), shape: layer.shape } };
  }
  const ranges = a.ranges.map((range, channel) => {
    const other = b.ranges[channel] ?? { low: 0, high: 0 };
    return { low: range.low + other.low, high: range.high + other.high };
  });
  const range = hull(ranges);
  const narrow = a.type === 'i8' && b.type === 'i8' && range.low >= -128 && range.high <= 127;
  const { id, shape } = layer;
  const node: IntegerNode = narrow
    ? { kind: 'add', id, inputs: [a.node, b.node], shape, type: 'i8', range }
    : wideSum(id, a, b, shape);
  const limits = a.limits.map((limit, channel) => limit + (b.limits[channel] ?? 0));
  const term: Term = { node: id, type: node.type, scale: a.scale, limits, ranges };
  return { nodes: [node], value: { terms: [term], steps: [], shape, codes: true } };
}

/** A map as a vector: every pending vector is repeated for every pixel. */
export function lowerFlatten(layer: TrainedFlatten, input: Pending): Lowered {
  const pixels = elementsOf(input.shape) / channelsOf(input.shape);
  if (input.shape.length === 1) return { nodes: [], value: input };
  const nodes: IntegerNode[] = [];
  const repeated = repeatChannels(input, pixels);
  const terms = repeated.terms.map((term, index) => {
    const range = term.type === 'u8' ? { low: 0, high: 255 } : hull(term.ranges);
    const id = input.terms.length === 1 ? layer.id : `${layer.id}.term${index}`;
    nodes.push({ kind: 'flatten', id, inputs: [term.node], shape: layer.shape, type: term.type, range });
    return { ...term, node: id, ranges: repeatList(term.ranges, pixels) };
  });
  const { offset, steps, codes } = repeated;
  return { nodes, value: { terms, ...(offset ? { offset } : {}), steps, codes, shape: layer.shape } };
}

function repeatList<T>(values: readonly T[], times: number): T[] {
  return Array.from({ length: values.length * times }, (_, i) => values[i % values.length] as T);
}
