import type { OnnxAttribute, OnnxModel, OnnxNode, OnnxTensor } from '#shared/model/qonnx/onnx.ts';

/** Models as other tools write them, for tests of reading. */

type Given = Record<string, number | string | readonly number[]>;

/** A node `name: type(inputs)`, whose output has its name. Attributes: `1.5` a float, `2` an integer. */
export function node(
  name: string,
  type: string,
  inputs: readonly string[],
  attributes: Given = {},
  domain = '',
): OnnxNode {
  const entries = Object.entries(attributes).map(([key, value]): [string, OnnxAttribute] => {
    if (typeof value === 'string') return [key, { kind: 'text', value }];
    if (typeof value !== 'number') return [key, { kind: 'integers', value }];
    return [key, { kind: Number.isInteger(value) ? 'integer' : 'float', value }];
  });
  return { name, type, domain, inputs, outputs: [name], attributes: Object.fromEntries(entries) };
}

/** Weights of this shape, all 0. */
export function weights(name: string, ...dims: number[]): OnnxTensor {
  return { name, dims, type: 'float', data: new Float32Array(dims.reduce((a, b) => a * b, 1)) };
}

export function numbers(name: string, ...data: number[]): OnnxTensor {
  return { name, dims: data.length === 1 ? [] : [data.length], type: 'int64', data };
}

/** A model that reads `x` [1, 3, 8, 8] unless told, and gives the last node's value. */
export function onnxModel(
  nodes: readonly OnnxNode[],
  initializers: readonly OnnxTensor[],
  over: { shape?: (number | null)[]; opset?: number; outputs?: string[]; inputs?: string[] } = {},
): OnnxModel {
  const { shape = [1, 3, 8, 8], opset = 13, inputs = ['x'] } = over;
  const outputs = over.outputs ?? [nodes.at(-1)?.outputs[0] ?? ''];
  return {
    irVersion: 8,
    producer: 'test',
    producerVersion: '1',
    documentation: '',
    opsets: { '': opset, 'qonnx.custom_op.general': 1 },
    metadata: {},
    graph: {
      name: 'foreign',
      nodes,
      initializers,
      inputs: inputs.map((name) => ({ name, shape })),
      outputs: outputs.map((name) => ({ name, shape: null })),
      values: [],
    },
  };
}
