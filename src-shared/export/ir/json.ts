import { BitsmithError } from '../../base/errors.ts';
import { parseWith } from '../../base/schema.ts';
import { checkGraph } from './check.ts';
import { decodeCodes, encodeCodes } from './codes-text.ts';
import type { IntegerGraph, IntegerNode, IntegerWeights } from './graph.ts';
import { GraphJsonSchema, type GraphJson, type NodeJson } from './schema.ts';

/** The graph as plain JSON data. `graphFromJson(graphToJson(g))` is g. */
export function graphToJson(graph: IntegerGraph): GraphJson {
  return {
    version: 1,
    name: graph.name,
    input: { shape: [...graph.input.shape], zero: [...graph.input.zero] },
    nodes: graph.nodes.map(nodeToJson),
    output: graph.output,
    classes: graph.classes,
  };
}

function nodeToJson(node: IntegerNode): NodeJson {
  const base = {
    id: node.id,
    inputs: [...node.inputs],
    shape: [...node.shape],
    type: node.type,
    range: { low: node.range.low, high: node.range.high },
  };
  switch (node.kind) {
    case 'conv2d':
    case 'depthwise-conv2d':
      return {
        ...base,
        kind: node.kind,
        ...windowToJson(node),
        dilation: [...node.dilation],
        ...(node.outside ? { outside: node.outside } : {}),
        weights: weightsToJson(node.weights),
      };
    case 'dense':
      return { ...base, kind: node.kind, weights: weightsToJson(node.weights) };
    case 'max-pool':
    case 'sum-pool':
      return { ...base, kind: node.kind, ...windowToJson(node) };
    case 'add':
      return { ...base, kind: node.kind };
    case 'flatten':
      return { ...base, kind: node.kind };
    case 'threshold':
      return {
        ...base,
        kind: node.kind,
        steps: node.steps,
        values: [...node.values],
        direction: Array.from(node.direction, (sign) => (sign < 0 ? -1 : 1)),
        codes: [...node.codes],
      };
    case 'combine':
      return {
        ...base,
        kind: node.kind,
        multipliers: node.multipliers.map((row) => [...row]),
        bias: [...node.bias],
      };
    case 'lookup':
      return { ...base, kind: node.kind, low: node.low, codes: [...node.codes] };
    case 'affine':
      return {
        ...base,
        kind: node.kind,
        multipliers: node.multipliers.map((row) => [...row]),
        bias: [...node.bias],
        exponent: node.exponent,
      };
  }
}

type WindowOf = Extract<IntegerNode, { kernel: unknown }>;
function windowToJson({ kernel, strides, padding }: WindowOf) {
  const { top, left, bottom, right } = padding;
  return {
    kernel: [...kernel] as [number, number],
    strides: [...strides] as [number, number],
    padding: { top, left, bottom, right },
  };
}

function weightsToJson({ filters, taps, codes }: IntegerWeights) {
  return { filters, taps, codes: encodeCodes(codes) };
}

/**
 * Reads the JSON form and checks that the graph is sound: every input exists and comes earlier, and all lengths fit.
 *
 * @throws BitsmithError `invalid-input` naming the field, or `corrupt` naming the node
 */
export function graphFromJson(value: unknown, what: string): IntegerGraph {
  const json = parseWith(GraphJsonSchema, value, what);
  const graph: IntegerGraph = { ...json, nodes: json.nodes.map((node) => nodeFromJson(node, what)) };
  checkGraph(graph, what);
  return graph;
}

function nodeFromJson(node: NodeJson, what: string): IntegerNode {
  switch (node.kind) {
    case 'conv2d':
    case 'depthwise-conv2d':
    case 'dense': {
      const codes = decodeCodes(node.weights.codes);
      if (!codes)
        throw new BitsmithError('corrupt', `${what}: the weight codes of node ${node.id} are not readable`);
      return { ...node, weights: { ...node.weights, codes } };
    }
    case 'threshold':
      return { ...node, values: Int32Array.from(node.values), direction: Int8Array.from(node.direction) };
    case 'combine':
    case 'affine':
      return {
        ...node,
        multipliers: node.multipliers.map((row) => Int32Array.from(row)),
        bias: Int32Array.from(node.bias),
      };
    default:
      return node;
  }
}
