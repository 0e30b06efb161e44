import type { OnnxNode } from '../onnx.ts';
import { numberOf } from './attributes.ts';
import { quantizerText, weightChoice } from './methods.ts';
import { rounded, type Operator } from './operator.ts';
import type { ConstantValue, LayerValue, Reader } from './reader.ts';
import { short, windowOf } from './windows.ts';

/** A layer with weights: its method from the quantizers that they went through. */
function weighted(
  reader: Reader,
  node: OnnxNode,
  kind: string,
  fields: Record<string, unknown>,
  input: LayerValue,
  weights: ConstantValue,
): LayerValue {
  const choice = weightChoice(weights.quantizers);
  if (!choice)
    return reader.refuse(node, `has weights that no method gives (${quantizerText(weights.quantizers)})`);
  const value = reader.add(node, kind, { ...fields, weights: choice }, [input]);
  if (choice.method !== 'full-precision') reader.chosen.set(value.layer, choice.method);
  return { ...value, sums: true };
}

export const conv: Operator = (reader, node) => {
  const input = reader.settled(node);
  if (input.channelsLast) reader.plain(node);
  if (input.pixels) reader.plain(node);
  const weights = reader.constant(node, 1, 'weights');
  const [filters = 0, , ...kernel] = weights.dims;
  const {
    padding,
    filling,
    strides,
    dilations,
    kernel: size,
  } = windowOf(reader, node, input, kernel, 'same');
  if (filling !== 0 && filling !== -1)
    reader.refuse(node, `has ${filling} in its padding; allowed are 0 and -1`);
  const channels = input.shape[2] ?? 1;
  const group = numberOf(node, 'group', 1);
  const fields = {
    kernel: short(size),
    strides: short(strides),
    dilation: short(dilations),
    padding,
    ...(filling === -1 ? { padValue: 'minus-one' } : {}),
    ...(reader.optional(node, 2) ? { bias: true } : {}),
  };
  if (group === 1) return weighted(reader, node, 'conv2d', { filters, ...fields }, input, weights);
  if (group !== channels || filters !== channels) {
    reader.refuse(
      node,
      `has ${group} groups over ${channels} channels; only 1 group, or one for each channel, is read`,
    );
  }
  return weighted(reader, node, 'depthwise-conv2d', fields, input, weights);
};

/** A vector: a map of one pixel counts as its channels. */
function vector(reader: Reader, node: OnnxNode): LayerValue {
  const input = reader.settled(node);
  const isMap = input.shape.length === 3;
  return isMap ? reader.refuse(node, 'reads a map; put a Flatten before it') : input;
}

export const matMul: Operator = (reader, node) => {
  const input = vector(reader, node);
  const weights = reader.constant(node, 1, 'weights');
  return weighted(reader, node, 'dense', { units: weights.dims.at(-1) ?? 0 }, input, weights);
};

export const gemm: Operator = (reader, node) => {
  const input = vector(reader, node);
  if (numberOf(node, 'transA', 0)) reader.refuse(node, 'transposes its input, which is not read');
  const weights = reader.constant(node, 1, 'weights');
  const units = weights.dims.at(numberOf(node, 'transB', 0) ? 0 : -1) ?? 0;
  const bias = reader.optional(node, 2) ? { bias: true } : {};
  return weighted(reader, node, 'dense', { units, ...bias }, input, weights);
};

export const batchNorm: Operator = (reader, node) => {
  const input = reader.plain(node);
  const fields = {
    epsilon: rounded(numberOf(node, 'epsilon', 1e-5)),
    momentum: rounded(numberOf(node, 'momentum', 0.9)),
  };
  return reader.add(node, 'batch-norm', fields, [input]);
};
