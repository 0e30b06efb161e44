import type { OnnxAttribute, OnnxNode, OnnxTensor, OnnxValue } from '../onnx.ts';
import { QONNX_DOMAIN } from '../domain.ts';
import type { IntegerRange, RoundingMode } from '../quantizer.ts';
import { onnxShape } from './layout.ts';

/**
 * The value of a layer while a model is written: `scale` times the tensor. Codes keep their scale beside them until a
 * sum has been taken, since sums of codes are exact and sums of scaled ones are not.
 */
export interface WrittenValue {
  tensor: string;
  /** Without the batch axis, channels last. */
  shape: readonly number[];
  /** float32, above 0. */
  scale: number;
}

/** Our shape of a layer's value, or the dimensions of a constant as they are. */
export type WrittenShape = readonly number[] | { dims: readonly number[] };

/** A number is an integer; `{ float }` a float. */
export type Attributes = Record<string, number | string | readonly number[] | { float: number }>;

/** Collects nodes, constants and shapes, under names that are unique. */
export class GraphBuilder {
  readonly nodes: OnnxNode[] = [];
  readonly initializers: OnnxTensor[] = [];
  readonly values: OnnxValue[] = [];
  readonly #names = new Set<string>();
  readonly #scaled = new Map<string, string>();

  /** The name, or one that begins with it where it is taken. */
  reserve(wanted: string): string {
    let name = wanted;
    for (let i = 2; this.#names.has(name); i++) name = `${wanted}_${i}`;
    this.#names.add(name);
    return name;
  }

  constant(
    name: string,
    dims: readonly number[],
    data: Float32Array | readonly number[],
    type: 'float' | 'int64' = 'float',
  ): string {
    const unique = this.reserve(name);
    this.initializers.push({ name: unique, dims, type, data });
    return unique;
  }

  /** A node with one output. */
  node(
    name: string,
    type: string,
    inputs: readonly string[],
    shape: WrittenShape,
    attributes: Attributes = {},
    domain = '',
  ): string {
    const unique = this.reserve(name);
    this.nodes.push({
      name: unique,
      type,
      domain,
      inputs,
      outputs: [unique],
      attributes: Object.fromEntries(
        Object.entries(attributes).map(([key, value]) => [key, attribute(value)]),
      ),
    });
    this.values.push({ name: unique, shape: 'dims' in shape ? shape.dims : onnxShape(shape) });
    return unique;
  }

  /** `Quant` of scale 1 and zero point 0. */
  quant(
    name: string,
    input: string,
    range: IntegerRange,
    shape: WrittenShape,
    options: { scale?: { dims: readonly number[]; data: Float32Array }; rounding?: RoundingMode } = {},
  ): string {
    const { dims, data } = options.scale ?? { dims: [], data: Float32Array.of(1) };
    const inputs = [
      input,
      this.constant(`${name}/scale`, dims, data),
      this.constant(`${name}/zero-point`, [], Float32Array.of(0)),
      this.constant(`${name}/bits`, [], Float32Array.of(range.bits)),
    ];
    const attributes = {
      signed: range.signed ? 1 : 0,
      narrow: range.narrow ? 1 : 0,
      rounding_mode: options.rounding ?? 'ROUND',
    };
    return this.node(name, 'Quant', inputs, shape, attributes, QONNX_DOMAIN);
  }

  bipolarQuant(
    name: string,
    input: string,
    shape: WrittenShape,
    scale: { dims: readonly number[]; data: Float32Array } = { dims: [], data: Float32Array.of(1) },
  ): string {
    const inputs = [input, this.constant(`${name}/scale`, scale.dims, scale.data)];
    return this.node(name, 'BipolarQuant', inputs, shape, {}, QONNX_DOMAIN);
  }

  /** The tensor of the real value: times its scale where it has one, computed once. */
  real({ tensor, shape, scale }: WrittenValue): string {
    if (scale === 1) return tensor;
    const known = this.#scaled.get(tensor);
    if (known !== undefined) return known;
    const factor = this.constant(`${tensor}/value/scale`, [], Float32Array.of(scale));
    const scaled = this.node(`${tensor}/value`, 'Mul', [tensor, factor], shape);
    this.#scaled.set(tensor, scaled);
    return scaled;
  }
}

function attribute(value: Attributes[string]): OnnxAttribute {
  if (typeof value === 'number') return { kind: 'integer', value };
  if (typeof value === 'string') return { kind: 'text', value };
  if ('float' in value) return { kind: 'float', value: Math.fround(value.float) };
  return { kind: 'integers', value };
}
