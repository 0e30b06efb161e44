import { BitsmithError } from '../../../base/errors.ts';
import { parseWith } from '../../../base/schema.ts';
import { inferModel } from '../../resolve.ts';
import { ModelSpecSchema, type ModelSpec } from '../../spec.ts';
import { LEGACY_DOMAINS, NEWEST_OPSET, OLDEST_OPSET, QONNX_DOMAIN } from '../domain.ts';
import type { OnnxModel, OnnxNode, OnnxValue } from '../onnx.ts';
import { readStatedSpec } from '../stated-spec.ts';
import { foldConstants } from './constants.ts';
import type { Operator } from './operator.ts';
import { OPERATORS, QONNX_OPERATORS } from './operators.ts';
import { isLayer, Reader, type LayerValue } from './reader.ts';
import { notesOf } from './notes.ts';

/** A network that was read, and what of the file it does not keep. */
export interface ReadModel {
  spec: ModelSpec;
  notes: string[];
}

/**
 * The network in a QONNX or ONNX model, to be trained: its layers and the method of each.
 *
 * @param what name of the file for messages
 * @throws BitsmithError naming the node that no layer stands for, or what does not fit
 */
export function readModel(model: OnnxModel, what: string): ReadModel {
  const stated = readStatedSpec(model);
  const weights = 'Weights are not taken over: the network is to be trained.';
  if (typeof stated !== 'string') return { spec: checked(stated, what), notes: [weights] };
  const changed =
    'It was changed since Bitsmith wrote it, so its nodes were read and not what it was made of.';
  const read = readNodes(model, what);
  return { spec: read.spec, notes: [...(stated === 'changed' ? [changed] : []), ...read.notes, weights] };
}

/** The network as the nodes alone say it. */
export function readNodes(model: OnnxModel, what: string): ReadModel {
  const opset = checkedOpset(model, what);
  const { graph } = model;
  const constants = new Set(graph.initializers.map(({ name }) => name));
  const [input, ...otherInputs] = graph.inputs.filter(({ name }) => !constants.has(name));
  const [output, ...otherOutputs] = graph.outputs;
  if (!input || !output || otherInputs.length + otherOutputs.length > 0) {
    const count = (more: readonly OnnxValue[], one: unknown) => more.length + (one ? 1 : 0);
    throw new BitsmithError(
      'unsupported',
      `${what} has ${count(otherInputs, input)} inputs and ${count(otherOutputs, output)} outputs; a network here has one of each`,
    );
  }
  const nodes = leadingTo(graph.nodes, output.name);
  const reader = new Reader(what, opset, graph.initializers, nodes);
  reader.values.set(input.name, sampleValue(reader, input));
  for (const node of nodes) {
    const [name = ''] = node.outputs;
    reader.values.set(name, operate(reader, node));
  }
  finish(reader, output.name);
  const shape = sampleShape(input, what);
  const name = graph.name.trim().slice(0, 100) || 'network';
  const spec = { version: 1, name, input: { shape }, layers: reader.layers };
  const left = graph.nodes.length - nodes.length;
  return { spec: checked(spec, what), notes: notesOf(reader, left) };
}

function checkedOpset({ opsets }: OnnxModel, what: string): number {
  const version = opsets[''];
  const known = [QONNX_DOMAIN, ...LEGACY_DOMAINS, '', 'ai.onnx.ml'];
  if (version !== undefined && version >= OLDEST_OPSET && version <= NEWEST_OPSET) return version;
  throw new BitsmithError(
    'unsupported',
    version === undefined
      ? `${what} names no version of the standard operators; it names ${
          Object.keys(opsets)
            .filter((domain) => !known.includes(domain))
            .join(', ') || 'none'
        }`
      : `${what} has version ${version} of the standard operators; versions ${OLDEST_OPSET} to ${NEWEST_OPSET} are read`,
  );
}

/** The nodes that the output depends on, in the order of the file. */
function leadingTo(nodes: readonly OnnxNode[], output: string): OnnxNode[] {
  const wanted = new Set([output]);
  return nodes
    .toReversed()
    .filter(({ inputs, outputs }) => {
      if (!outputs.some((name) => wanted.has(name))) return false;
      inputs.forEach((name) => wanted.add(name));
      return true;
    })
    .toReversed();
}

function sampleShape({ name, shape }: OnnxValue, what: string): [number, number, number] {
  const [, ...sizes] = shape ?? [];
  const [channels, height, width] = sizes;
  if (sizes.length === 3 && channels && height && width) return [height, width, channels];
  if (sizes.length === 1 && channels) return [1, 1, channels];
  const text = shape ? `[${shape.map((size) => size ?? '?').join(', ')}]` : 'unknown';
  throw new BitsmithError(
    'unsupported',
    `${what}: the shape of input "${name}" is ${text}; it must be [samples, channels, height, width] with fixed sizes, or [samples, features]`,
  );
}

/** Samples are maps here; a file whose samples are vectors gets one of a single pixel, and a flatten behind it. */
function sampleValue(reader: Reader, input: OnnxValue): LayerValue {
  const shape = sampleShape(input, reader.what);
  const node = { name: 'flatten', type: 'input', domain: '', inputs: [], outputs: [], attributes: {} };
  const value = { layer: 'input', shape, channelsLast: false, quantizers: [], node, making: {}, sums: false };
  return input.shape?.length === 2 ? reader.add(node, 'flatten', {}, [value]) : value;
}

function operate(reader: Reader, node: OnnxNode) {
  const operator = operatorOf(node);
  if (!operator) {
    const domain = node.domain === '' ? '' : ` of ${node.domain}`;
    return reader.refuse(node, `is an operator${domain} that no layer stands for`);
  }
  const standard = operator === OPERATORS[node.type] && node.type !== 'Constant';
  const given = node.inputs.flatMap((name, i) => (name === '' ? [] : [reader.input(node, i)]));
  if (standard && given.length > 0 && !given.some(isLayer)) return foldConstants(reader, node);
  return operator(reader, node);
}

function operatorOf({ domain, type }: OnnxNode): Operator | undefined {
  if (domain === '') return OPERATORS[type];
  return domain === QONNX_DOMAIN || LEGACY_DOMAINS.includes(domain) ? QONNX_OPERATORS[type] : undefined;
}

/** The output's value becomes the last layer. */
function finish(reader: Reader, output: string): void {
  const node = { name: output, type: 'output', domain: '', inputs: [output], outputs: [], attributes: {} };
  const { ends: _, ...value } = reader.moving(node);
  reader.values.set(output, value);
  reader.plain(node);
}

function checked(value: unknown, what: string): ModelSpec {
  const spec = parseWith(ModelSpecSchema, value, what);
  const floats = { method: 'full-precision' };
  try {
    inferModel(spec, { weights: floats, activations: { ...floats, function: 'relu' } });
  } catch (error) {
    if (!(error instanceof BitsmithError)) throw error;
    throw new BitsmithError(error.code, `${what}: ${error.message}`, error.details);
  }
  return spec;
}
