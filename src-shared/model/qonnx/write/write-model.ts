import { BitsmithError } from '../../../base/errors.ts';
import type { TrainedGraph, TrainedNode } from '../../../export/trained-graph.ts';
import { weightMethod } from '../../../quant/registry.ts';
import type { ResolvedModel } from '../../resolve.ts';
import { QONNX_DOMAIN, SPEC_KEY, WRITTEN_IR, WRITTEN_OPSET } from '../domain.ts';
import type { OnnxModel } from '../onnx.ts';
import { stateSpec } from '../stated-spec.ts';
import { writeActivation, type ReportMoved } from './activation.ts';
import { GraphBuilder, type WrittenValue } from './graph-builder.ts';
import { onnxShape } from './layout.ts';
import { writeLinear } from './linear.ts';
import {
  writeAdd,
  writeBatchNorm,
  writeFlatten,
  writeGlobalPool,
  writePool,
  writeShortcut,
} from './nodes.ts';

export interface WriteOptions {
  /** What enters the graph: raw samples as numbers 0 … 255, or those that the data set's normalisation has made. */
  input: 'bytes' | 'normalized';
  version: string;
  documentation: string;
}

/** A model and what a reader of it should know. */
export interface WrittenModel {
  model: OnnxModel;
  notes: string[];
}

/**
 * A network with numbers as a QONNX model.
 *
 * @param model the same network, for what its graph does not say: methods and the settings of batch normalisation
 * @throws BitsmithError `unsupported` for a node without an ONNX form
 */
export function writeModel(graph: TrainedGraph, model: ResolvedModel, options: WriteOptions): WrittenModel {
  const builder = new GraphBuilder();
  const notes: string[] = [];
  const layers = new Map(model.layers.map((layer) => [layer.spec.id, layer]));
  const values = new Map<string, WrittenValue>([['input', writeInput(builder, graph, options.input)]]);
  const beside: string[] = [];
  const moved: ReportMoved = (layer, count, of) => beside.push(`${layer} (${count} of ${of})`);
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((name) => values.get(name) ?? missing(node, name));
    const layer = layers.get(node.id);
    values.set(node.id, writeNode(builder, node, inputs, layer, moved));
  }
  if (beside.length > 0) {
    notes.push(
      `Thresholds that rounding puts on a float32 number next to the trained one: ${beside.join(', ')}. Quant is kept, which all tools read.`,
    );
  }
  const output = values.get(graph.output);
  if (!output)
    throw new BitsmithError('unsupported', `network "${graph.name}" has no layer that ONNX could hold`);
  const logits = builder.real(output);
  const onnx = {
    name: graph.name,
    nodes: builder.nodes,
    initializers: builder.initializers,
    inputs: [{ name: 'input', shape: onnxShape(graph.input.shape) }],
    outputs: builder.values.filter(({ name }) => name === logits),
    values: builder.values.filter(({ name }) => name !== logits),
  };
  const written = {
    irVersion: WRITTEN_IR,
    producer: 'Bitsmith',
    producerVersion: options.version,
    documentation: options.documentation,
    opsets: { '': WRITTEN_OPSET, [QONNX_DOMAIN]: 1 },
    metadata: { [SPEC_KEY]: stateSpec(model, onnx) },
    graph: onnx,
  };
  return { model: written, notes };
}

function missing(node: TrainedNode, name: string): never {
  throw new RangeError(`node ${node.id}: no value ${name}`);
}

/** x = (p − zero) · scale: the difference is a whole number, and the scale stays beside it. */
function writeInput(
  builder: GraphBuilder,
  { input }: TrainedGraph,
  entering: WriteOptions['input'],
): WrittenValue {
  const tensor = builder.reserve('input');
  const { shape } = input;
  if (entering === 'normalized') return { tensor, shape, scale: 1 };
  const scale = Math.fround(input.scale);
  if (input.zero.every((zero) => zero === 0)) return { tensor, shape, scale };
  const zero = builder.constant('input/zero', [1, input.zero.length, 1, 1], Float32Array.from(input.zero));
  return { tensor: builder.node('input/centred', 'Sub', [tensor, zero], shape), shape, scale };
}

function writeNode(
  builder: GraphBuilder,
  node: TrainedNode,
  inputs: readonly WrittenValue[],
  layer: ResolvedModel['layers'][number] | undefined,
  moved: ReportMoved,
): WrittenValue {
  const [input] = inputs;
  if (!input) throw new RangeError(`node ${node.id} has no input`);
  switch (node.kind) {
    case 'conv2d':
    case 'depthwise-conv2d':
    case 'dense':
      return writeLinear(builder, node, input, layer?.weights ? weightMethod(layer.weights).bits : 32);
    case 'batch-norm': {
      const { epsilon = 0, momentum = 0.9 } = (layer?.spec ?? {}) as { epsilon?: number; momentum?: number };
      return writeBatchNorm(builder, node, input, { epsilon, momentum });
    }
    case 'max-pool':
    case 'average-pool':
      return writePool(builder, node, input);
    case 'global-average-pool':
      return writeGlobalPool(builder, node, input);
    case 'add':
      return writeAdd(builder, node, inputs);
    case 'shortcut-a':
      return writeShortcut(builder, node, input);
    case 'flatten':
      return writeFlatten(builder, node, input);
    case 'activation':
      return writeActivation(builder, node, input, moved);
  }
}
