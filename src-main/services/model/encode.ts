import { BitsmithError } from '#shared/base/errors.ts';
import type { OnnxAttribute, OnnxModel, OnnxTensor, OnnxValue } from '#shared/model/qonnx/onnx.ts';
import { ATTRIBUTE, ELEMENT, ModelMessage } from './onnx-schema.ts';

/** Largest model file that is read or written. */
export const MOST_MODEL_BYTES = 512 * 1024 * 1024;

/**
 * A model as the bytes of an ONNX file.
 *
 * @throws BitsmithError `unsupported` for one that would be too large, before any of it is built
 */
export function encodeModel(model: OnnxModel): Uint8Array {
  const numbers = model.graph.initializers.reduce((sum, { data }) => sum + (data?.length ?? 0), 0);
  if (numbers * 4 > MOST_MODEL_BYTES) {
    throw new BitsmithError(
      'unsupported',
      `network "${model.graph.name}" has ${numbers.toLocaleString('en')} numbers; a model file holds at most ${(MOST_MODEL_BYTES / 4).toLocaleString('en')}`,
    );
  }
  const { graph } = model;
  const message = {
    irVersion: model.irVersion,
    producerName: model.producer,
    producerVersion: model.producerVersion,
    documentation: model.documentation,
    opsetImport: Object.entries(model.opsets).map(([domain, version]) => ({ domain, version })),
    metadata: Object.entries(model.metadata).map(([key, value]) => ({ key, value })),
    graph: {
      name: graph.name,
      node: graph.nodes.map((node) => ({
        name: node.name,
        opType: node.type,
        domain: node.domain,
        input: node.inputs,
        output: node.outputs,
        attribute: Object.entries(node.attributes).map(([name, value]) => attribute(name, value)),
      })),
      initializer: graph.initializers.map(tensor),
      input: graph.inputs.map(value),
      output: graph.outputs.map(value),
      valueInfo: graph.values.map(value),
    },
  };
  return ModelMessage.encode(ModelMessage.fromObject(message)).finish();
}

function attribute(name: string, given: OnnxAttribute): object {
  switch (given.kind) {
    case 'float':
      return { name, type: ATTRIBUTE.float, f: given.value };
    case 'integer':
      return { name, type: ATTRIBUTE.int, i: given.value };
    case 'text':
      return { name, type: ATTRIBUTE.string, s: Buffer.from(given.value) };
    case 'floats':
      return { name, type: ATTRIBUTE.floats, floats: given.value };
    case 'integers':
      return { name, type: ATTRIBUTE.ints, ints: given.value };
    case 'tensor':
      return { name, type: ATTRIBUTE.tensor, t: tensor(given.value) };
    case 'other':
      throw new RangeError(`attribute ${name} has no form that is written`);
  }
}

function tensor({ name, dims, type, data }: OnnxTensor): object {
  if (type !== 'float' && type !== 'int64') throw new RangeError(`tensor ${name}: ${type} is not written`);
  return { name, dims, dataType: ELEMENT[type], rawData: rawBytes(type, data ?? []) };
}

/** Little-endian, as the format has it. */
function rawBytes(type: 'float' | 'int64', data: ArrayLike<number>): Uint8Array {
  const size = type === 'float' ? 4 : 8;
  const bytes = new Uint8Array(data.length * size);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < data.length; i++) {
    if (type === 'float') view.setFloat32(i * 4, data[i] ?? 0, true);
    else view.setBigInt64(i * 8, BigInt(data[i] ?? 0), true);
  }
  return bytes;
}

function value({ name, shape }: OnnxValue): object {
  const dim = (shape ?? []).map((size) => (size === null ? {} : { value: size }));
  return { name, type: { tensorType: { elementType: ELEMENT.float, shape: { dim } } } };
}
