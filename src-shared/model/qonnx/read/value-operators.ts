import type { OnnxNode } from '../onnx.ts';
import { numberOf } from './attributes.ts';
import { quantizerOf } from './constants.ts';
import type { Operator } from './operator.ts';
import { isLayer, type LayerValue, type Reader } from './reader.ts';

export const float =
  (name: string): Operator =>
  (reader, node) => {
    const { sums: _, ...input } = reader.settled(node);
    return { ...input, float: name, sums: false, node, making: {} };
  };

export const clip: Operator = (reader, node) => {
  const limit = (index: number, attribute: string, open: number) => {
    if (reader.opset < 11) return numberOf(node, attribute, open);
    return reader.optional(node, index) ? (reader.numbers(node, index, 'a limit')[0] ?? open) : open;
  };
  const [low, high] = [limit(1, 'min', -Infinity), limit(2, 'max', Infinity)];
  if (low === -1 && high === 1) return float('hard-tanh')(reader, node);
  if (low === 0 && high > 1e30) return float('relu')(reader, node);
  return reader.refuse(node, `clips to ${low} … ${high}; only -1 … 1 and 0 … ∞ are read`);
};

export const quant: Operator = (reader, node) => {
  const value = reader.input(node);
  const quantizer = quantizerOf(reader, node);
  if (!isLayer(value)) return { ...value, quantizers: [...value.quantizers, quantizer], data: null };
  if (value.layer === 'input' && quantizer.kind === 'integer' && quantizer.bits === 8) {
    reader.drop('samples', node);
    return value;
  }
  const unsigned = quantizer.kind === 'integer' && !quantizer.signed;
  // An unsigned quantizer is zero below zero by itself.
  const absorbed = value.float === 'relu' && unsigned && value.quantizers.length === 0;
  const { float: _, shifted: __, ...source } = absorbed ? value : withoutShift(reader, node, value);
  return { ...source, quantizers: [quantizer], sums: false, node, making: {} };
};

/** The settled input; a constant that was added before a quantizer is one of its thresholds. */
function withoutShift(reader: Reader, node: OnnxNode, value: LayerValue): LayerValue {
  const { shifted, ...rest } = value;
  if (shifted === undefined) return reader.settled(node);
  reader.drop('scale', { ...node, name: shifted });
  if (rest.quantizers.length > 0 || rest.float !== undefined) return reader.settled(node);
  return rest;
}

/** A factor: scales are trained anew, so it is left out. */
export const scale: Operator = (reader, node) => {
  const value = [0, 1].map((i) => reader.input(node, i)).find(isLayer);
  if (!value) return reader.refuse(node, 'has no input');
  const both = node.inputs.every((_, i) => isLayer(reader.input(node, i)));
  if (both) reader.refuse(node, 'multiplies two values that depend on the sample, which no layer does');
  if (value.layer === 'input') reader.drop('normalization', node);
  else if (value.quantizers.length === 0) reader.drop('scale', node);
  return { ...value };
};

export const add: Operator = (reader, node) => {
  const inputs = [reader.input(node, 0), reader.input(node, 1)];
  const [first, second] = inputs.filter(isLayer);
  if (!first) return reader.refuse(node, 'has no input');
  if (!second) return shift(reader, node, first, node.type === 'Add');
  const level = first.layer === second.layer && second.quantizers.length > 0;
  if (level && first.quantizers.length > 0) {
    return { ...first, quantizers: [...first.quantizers, ...second.quantizers], node, making: {} };
  }
  if (node.type === 'Sub')
    reader.refuse(node, 'subtracts two values that depend on the sample, which no layer does');
  return reader.add(node, 'add', {}, [reader.plain(node, 0), reader.plain(node, 1)]);
};

export const subtract: Operator = (reader, node) => {
  const inputs = [reader.input(node, 0), reader.input(node, 1)];
  const [first, second] = inputs;
  const levels = first && second && isLayer(first) && isLayer(second) && first.layer === second.layer;
  // What a level leaves for the next one; and codes that fall somewhere, as thresholds count them.
  if (levels && second.quantizers.length > 0) return { ...first, node, making: {} };
  return add(reader, node);
};

function shift(reader: Reader, node: OnnxNode, value: LayerValue, mayBeBias: boolean): LayerValue {
  if (value.layer === 'input') {
    reader.drop('normalization', node);
    return value;
  }
  if (mayBeBias && value.sums) {
    reader.change(value.layer, { bias: true });
    return { ...value, sums: false };
  }
  return { ...value, shifted: node.name || node.type };
}
