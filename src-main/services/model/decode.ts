import { BitsmithError } from '#shared/base/errors.ts';
import type {
  ElementType,
  OnnxAttribute,
  OnnxModel,
  OnnxNode,
  OnnxTensor,
  OnnxValue,
} from '#shared/model/qonnx/onnx.ts';
import { MOST_MODEL_BYTES } from './encode.ts';
import { ATTRIBUTE, ELEMENT, EXTERNAL, ModelMessage } from './onnx-schema.ts';

interface RawTensor {
  name: string;
  dims: number[];
  dataType: number;
  floatData: number[];
  int32Data: number[];
  int64Data: number[];
  doubleData: number[];
  rawData: Uint8Array;
  externalData: { key: string; value: string }[];
  dataLocation: number;
}
interface RawAttribute {
  name: string;
  type: number;
  f: number;
  i: number;
  s: Uint8Array;
  t: RawTensor | null;
  floats: number[];
  ints: number[];
}
interface RawNode {
  input: string[];
  output: string[];
  name: string;
  opType: string;
  domain: string;
  attribute: RawAttribute[];
}
interface RawValue {
  name: string;
  type: { tensorType: { shape: { dim: { value?: number }[] } | null } | null } | null;
}
interface RawModel {
  irVersion: number;
  producerName: string;
  producerVersion: string;
  documentation: string;
  opsetImport: { domain: string; version: number }[];
  metadata: { key: string; value: string }[];
  functions: { name: string }[];
  graph: {
    name: string;
    node: RawNode[];
    initializer: RawTensor[];
    sparseInitializer: unknown[];
    input: RawValue[];
    output: RawValue[];
    valueInfo: RawValue[];
  } | null;
}

/**
 * The model in the bytes of an ONNX file.
 *
 * @param what name of the file for messages
 * @throws BitsmithError `corrupt` for bytes that are no ONNX model, `unsupported` for one that is too large or has
 *   functions of its own
 */
export function decodeModel(bytes: Uint8Array, what: string): OnnxModel {
  if (bytes.length > MOST_MODEL_BYTES) {
    const most = MOST_MODEL_BYTES / 1024 / 1024;
    throw new BitsmithError(
      'unsupported',
      `${what} is larger than the ${most} MiB that a model file may have`,
    );
  }
  const raw = read(bytes, what);
  const { graph } = raw;
  if (!graph || graph.node.length === 0 || raw.irVersion < 1 || raw.opsetImport.length === 0) {
    throw new BitsmithError(
      'corrupt',
      `${what} is no ONNX model: it has no graph with nodes and operator sets`,
    );
  }
  const [own] = raw.functions;
  if (own)
    throw new BitsmithError(
      'unsupported',
      `${what} defines functions of its own (${own.name}), which are not read`,
    );
  if (graph.sparseInitializer.length > 0) {
    throw new BitsmithError(
      'unsupported',
      `${what} has sparse tensors, which are not read; store them as dense ones`,
    );
  }
  return {
    irVersion: raw.irVersion,
    producer: raw.producerName,
    producerVersion: raw.producerVersion,
    documentation: raw.documentation,
    opsets: Object.fromEntries(raw.opsetImport.map(({ domain, version }) => [domainOf(domain), version])),
    metadata: Object.fromEntries(raw.metadata.map(({ key, value }) => [key, value])),
    graph: {
      name: graph.name,
      nodes: graph.node.map((node) => nodeOf(node, what)),
      initializers: graph.initializer.map((tensor) => tensorOf(tensor, what)),
      inputs: graph.input.map(valueOf),
      outputs: graph.output.map(valueOf),
      values: graph.valueInfo.map(valueOf),
    },
  };
}

function read(bytes: Uint8Array, what: string): RawModel {
  try {
    const message = ModelMessage.decode(bytes);
    return ModelMessage.toObject(message, { longs: Number, defaults: true, arrays: true }) as RawModel;
  } catch (error) {
    throw new BitsmithError('corrupt', `${what} is no ONNX model, or is damaged`, {}, { cause: error });
  }
}

/** The standard operators have two names for their domain. */
function domainOf(domain: string): string {
  return domain === 'ai.onnx' ? '' : domain;
}

function nodeOf(node: RawNode, what: string): OnnxNode {
  return {
    name: node.name,
    type: node.opType,
    domain: domainOf(node.domain),
    inputs: node.input,
    outputs: node.output,
    attributes: Object.fromEntries(node.attribute.map((one) => [one.name, attributeOf(one, what)])),
  };
}

function attributeOf(one: RawAttribute, what: string): OnnxAttribute {
  switch (one.type) {
    case ATTRIBUTE.float:
      return { kind: 'float', value: one.f };
    case ATTRIBUTE.int:
      return { kind: 'integer', value: one.i };
    case ATTRIBUTE.string:
      return { kind: 'text', value: Buffer.from(one.s).toString('utf8') };
    case ATTRIBUTE.floats:
      return { kind: 'floats', value: one.floats };
    case ATTRIBUTE.ints:
      return { kind: 'integers', value: one.ints };
    case ATTRIBUTE.tensor:
      return one.t ? { kind: 'tensor', value: tensorOf(one.t, what) } : { kind: 'other' };
    default:
      return { kind: 'other' };
  }
}

function valueOf({ name, type }: RawValue): OnnxValue {
  const dims = type?.tensorType?.shape?.dim;
  return {
    name,
    shape: dims ? dims.map(({ value }) => (value !== undefined && value > 0 ? value : null)) : null,
  };
}

function tensorOf(raw: RawTensor, what: string): OnnxTensor {
  const { name, dims } = raw;
  const type = (Object.keys(ELEMENT) as (keyof typeof ELEMENT)[]).find(
    (key) => ELEMENT[key] === raw.dataType,
  );
  if (raw.dataLocation === EXTERNAL) {
    const external = raw.externalData.find(({ key }) => key === 'location')?.value ?? '';
    return { name, dims, type: type ?? 'other', data: null, external };
  }
  if (!type) return { name, dims, type: 'other', data: null };
  const data = numbersOf(raw, type);
  const count = dims.reduce((product, size) => product * size, 1);
  if (data.length !== count) {
    throw new BitsmithError(
      'corrupt',
      `${what}: tensor "${name}" has ${data.length} numbers, but its shape [${dims.join(', ')}] needs ${count}`,
    );
  }
  return { name, dims, type, data };
}

function numbersOf(raw: RawTensor, type: Exclude<ElementType, 'other'>): Float32Array | number[] {
  const { rawData } = raw;
  if (rawData.length === 0) {
    if (type === 'float') return Float32Array.from(raw.floatData);
    return { int32: raw.int32Data, int64: raw.int64Data, double: raw.doubleData }[type];
  }
  const view = new DataView(rawData.buffer, rawData.byteOffset, rawData.byteLength);
  if (type === 'float') {
    const floats = new Float32Array(Math.floor(rawData.length / 4));
    for (let i = 0; i < floats.length; i++) floats[i] = view.getFloat32(i * 4, true);
    return floats;
  }
  const size = type === 'int32' ? 4 : 8;
  return Array.from({ length: Math.floor(rawData.length / size) }, (_, i) => {
    if (type === 'int32') return view.getInt32(i * 4, true);
    return type === 'double' ? view.getFloat64(i * 8, true) : Number(view.getBigInt64(i * 8, true));
  });
}
