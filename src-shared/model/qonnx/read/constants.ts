import type { OnnxNode } from '../onnx.ts';
import { integersOf, numberOf, textOf } from './attributes.ts';
import type { Quantizer } from './methods.ts';
import { isLayer, type ConstantValue, type Reader } from './reader.ts';

/** The tensor of a `Constant` node. */
export function constantNode(reader: Reader, node: OnnxNode): ConstantValue {
  const {
    value,
    value_float: float,
    value_floats: floats,
    value_int: integer,
    value_ints: integers,
  } = node.attributes;
  if (value?.kind === 'tensor') {
    const { dims, data, external } = value.value;
    if (external !== undefined) reader.refuse(node, `has its data in another file (${external})`);
    return { dims, data, quantizers: [] };
  }
  for (const one of [float, integer]) {
    if (one?.kind === 'float' || one?.kind === 'integer')
      return { dims: [], data: [one.value], quantizers: [] };
  }
  for (const many of [floats, integers]) {
    if (many?.kind === 'floats' || many?.kind === 'integers')
      return { dims: [many.value.length], data: many.value, quantizers: [] };
  }
  return reader.refuse(node, 'holds no numbers');
}

const ARITHMETIC = new Set(['Add', 'Sub', 'Mul', 'Div', 'Neg', 'Abs']);
const SAME = new Set(['Identity', 'Cast']);

/**
 * What an operator makes of constants alone: their shape, the quantizers that they went through, and their numbers where
 * those stay as they are. Weights are not read, so arithmetic on them is not done.
 */
export function foldConstants(reader: Reader, node: OnnxNode): ConstantValue {
  const inputs = node.inputs.flatMap((name, i) => {
    const value = name === '' ? null : reader.input(node, i);
    return value && !isLayer(value) ? [value] : [];
  });
  const [first, second] = inputs;
  if (!first) return reader.refuse(node, 'has no input');
  if (SAME.has(node.type)) return first;
  if (ARITHMETIC.has(node.type)) {
    const wider = second && second.dims.length > first.dims.length ? second : first;
    return { dims: wider.dims, data: null, quantizers: inputs.flatMap(({ quantizers }) => quantizers) };
  }
  if (node.type === 'Transpose') {
    const perm = integersOf(node, 'perm') ?? first.dims.map((_, axis) => axis).reverse();
    return { ...first, dims: perm.map((axis) => first.dims[axis] ?? 1), data: null };
  }
  return reader.refuse(
    node,
    'computes with constants, which is not read here; fold them first (qonnx-cleanup does)',
  );
}

/** What a quantizer node makes of its input. @throws BitsmithError naming the node and what is allowed */
export function quantizerOf(reader: Reader, node: OnnxNode): Quantizer {
  if (node.type === 'BipolarQuant') return { kind: 'bipolar' };
  if (node.type === 'MultiThreshold') return typeByName(reader, node, textOf(node, 'out_dtype', ''));
  if (reader.numbers(node, 2, 'a zero point').some((zero) => zero !== 0))
    reader.refuse(node, 'has a zero point other than 0; only symmetric quantizers are read');
  const widths = reader.numbers(node, 3, 'a bit width');
  const [bits = 0] = widths;
  const signed = numberOf(node, 'signed', 1) !== 0;
  if (widths.length !== 1 || !Number.isInteger(bits) || bits < 1 || bits > 8)
    reader.refuse(node, `has a bit width of ${widths.join(', ')}; allowed is one whole number from 1 to 8`);
  // The definition of QONNX takes one signed bit as the sign.
  if (bits === 1 && signed) return { kind: 'bipolar' };
  return { kind: 'integer', bits, signed, narrow: numberOf(node, 'narrow', 0) !== 0 };
}

function typeByName(reader: Reader, node: OnnxNode, name: string): Quantizer {
  if (name === 'BIPOLAR') return { kind: 'bipolar' };
  if (name === 'TERNARY') return { kind: 'integer', bits: 2, signed: true, narrow: true };
  const found = /^(U?)INT([1-8])$/.exec(name === 'BINARY' ? 'UINT1' : name);
  if (!found)
    reader.refuse(
      node,
      `gives ${name || 'no'} type; allowed are BIPOLAR, TERNARY, INT2 … INT8, UINT1 … UINT8`,
    );
  return { kind: 'integer', bits: Number(found[2]), signed: found[1] === '', narrow: false };
}
