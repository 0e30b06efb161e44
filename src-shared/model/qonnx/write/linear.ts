import type { TrainedNode } from '../../../export/trained-graph.ts';
import type { WeightLevel } from '../../../quant/types.ts';
import { rangeFor } from '../quantizer.ts';
import type { GraphBuilder, WrittenValue } from './graph-builder.ts';
import { onnxKernel, perChannel } from './layout.ts';

export type LinearNode = Extract<TrainedNode, { weights: unknown }>;

/**
 * A layer with weights. One level of codes: a sum of codes, then one multiplication by the scales of weights and input.
 * Several: their weights are added before the sum. A bias is added last.
 *
 * @param bits of a weight by its method
 */
export function writeLinear(
  graph: GraphBuilder,
  node: LinearNode,
  input: WrittenValue,
  bits: number,
): WrittenValue {
  const { id, shape, bias, weights } = node;
  const [level] = weights.levels;
  const filters = node.kind === 'dense' ? (shape[0] ?? 1) : (shape[2] ?? 1);
  const kernel = kernelLayout(node, input.shape, filters);
  const named = (part: string, last: boolean) => (last ? id : `${id}/${part}`);
  let tensor: string;
  if (level && weights.levels.length === 1) {
    const factors = level.scale.map((scale) => Math.fround(scale * input.scale));
    const plain = factors.every((factor) => factor === 1);
    const weight = levelCodes(graph, `${id}/weight`, level, kernel, bits);
    tensor = operator(graph, named('sum', plain && !bias), node, input, input.tensor, weight);
    if (!plain) {
      const { dims, data } = perChannel(factors, shape);
      const scale = graph.constant(`${id}/scale`, dims, data);
      tensor = graph.node(named('scaled', !bias), 'Mul', [tensor, scale], shape);
    }
  } else {
    const weight = weights.float
      ? graph.constant(`${id}/weight`, kernel.dims, kernel.order(weights.float))
      : levelSum(graph, `${id}/weight`, weights.levels, kernel);
    tensor = operator(graph, named('sum', !bias), node, input, graph.real(input), weight);
  }
  if (!bias) return { tensor, shape, scale: 1 };
  const dims = shape.length === 3 ? [1, filters, 1, 1] : [1, filters];
  const constant = graph.constant(`${id}/bias`, dims, bias);
  return { tensor: graph.node(id, 'Add', [tensor, constant], shape), shape, scale: 1 };
}

interface KernelLayout {
  dims: number[];
  order(values: ArrayLike<number>): Float32Array;
  /** Shape of one number per filter. */
  filterDims: number[];
}

function kernelLayout(node: LinearNode, input: readonly number[], filters: number): KernelLayout {
  if (node.kind === 'dense') {
    const dims = [input[0] ?? 1, filters];
    return { dims, order: (values) => Float32Array.from(values), filterDims: [1, filters] };
  }
  const inputs = node.kind === 'depthwise-conv2d' ? 1 : (input[2] ?? 1);
  return {
    dims: [filters, inputs, ...node.kernel],
    order: (values) => onnxKernel(values, node.kernel, inputs, filters),
    filterDims: [filters, 1, 1, 1],
  };
}

function levelCodes(
  graph: GraphBuilder,
  name: string,
  { codes }: WeightLevel,
  kernel: KernelLayout,
  bits: number,
): string {
  const values = graph.constant(`${name}/codes`, kernel.dims, kernel.order(codes));
  if (isBipolar(codes)) return graph.bipolarQuant(name, values, kernel);
  return graph.quant(name, values, rangeFor(codes, bits), kernel);
}

/** Σ scale · codes, each level behind a quantizer of its own scale. */
function levelSum(
  graph: GraphBuilder,
  name: string,
  levels: readonly WeightLevel[],
  kernel: KernelLayout,
): string {
  let sum: string | null = null;
  for (const [i, { codes, scale }] of levels.entries()) {
    const level = `${name}/level${i + 1}`;
    const one = scale.length === 1;
    const factor = { dims: one ? [] : kernel.filterDims, data: scale };
    let quantized: string;
    if (isBipolar(codes)) {
      const values = graph.constant(`${level}/codes`, kernel.dims, kernel.order(codes));
      quantized = graph.bipolarQuant(level, values, kernel, factor);
    } else {
      // A filter of scale 0 has weights of 0 at any scale, and nothing is divided by zero.
      const safe = scale.map((value) => (value === 0 ? 1 : value));
      const filters = scale.length;
      const real = Float32Array.from(codes, (code, i) => code * (scale[one ? 0 : i % filters] ?? 0));
      const values = graph.constant(`${level}/values`, kernel.dims, kernel.order(real));
      const range = rangeFor(codes, 1);
      quantized = graph.quant(level, values, range, kernel, { scale: { dims: factor.dims, data: safe } });
    }
    sum = sum === null ? quantized : graph.node(`${name}/sum${i + 1}`, 'Add', [sum, quantized], kernel);
  }
  return sum ?? graph.constant(name, kernel.dims, new Float32Array(0));
}

function isBipolar(codes: Int8Array): boolean {
  return codes.every((code) => code === 1 || code === -1);
}

function operator(
  graph: GraphBuilder,
  name: string,
  node: LinearNode,
  input: WrittenValue,
  x: string,
  weight: string,
): string {
  if (node.kind === 'dense') return graph.node(name, 'MatMul', [x, weight], node.shape);
  const { top, left, bottom, right } = node.padding;
  let [map, pads] = [x, [top, left, bottom, right]];
  if (node.outside) {
    map = padWith(graph, `${node.id}/border`, x, node.outside, pads, input.shape);
    pads = [0, 0, 0, 0];
  }
  const attributes = {
    kernel_shape: node.kernel,
    strides: node.strides,
    dilations: node.dilation,
    pads,
    group: node.kind === 'depthwise-conv2d' ? (input.shape[2] ?? 1) : 1,
  };
  return graph.node(name, 'Conv', [map, weight], node.shape, attributes);
}

function padWith(
  graph: GraphBuilder,
  name: string,
  x: string,
  value: number,
  [top = 0, left = 0, bottom = 0, right = 0]: readonly number[],
  [height = 1, width = 1, channels = 1]: readonly number[],
): string {
  const sides = graph.constant(`${name}/sides`, [8], [0, 0, top, left, 0, 0, bottom, right], 'int64');
  const filling = graph.constant(`${name}/code`, [], Float32Array.of(value));
  const shape = [height + top + bottom, width + left + right, channels];
  return graph.node(name, 'Pad', [x, sides, filling], shape, { mode: 'constant' });
}
