import { BitsmithError } from '../../../base/errors.ts';
import type { MethodChoice } from '../../../quant/registry.ts';
import { parseWith } from '../../../base/schema.ts';
import { layerKindOf } from '../../layers/registry.ts';
import { LayerSpecSchema } from '../../spec.ts';
import type { LayerSpecBase, Shape } from '../../types.ts';
import type { OnnxNode, OnnxTensor } from '../onnx.ts';
import { layerIdOf } from './layer-id.ts';
import { activationChoice, quantizerText, type Quantizer } from './methods.ts';

/** A tensor that does not depend on the sample. */
export interface ConstantValue {
  dims: readonly number[];
  /** Null where it is not known, as after arithmetic. */
  data: Float32Array | readonly number[] | null;
  quantizers: readonly Quantizer[];
}

/**
 * A tensor that depends on the sample: the value of a layer, and what nodes have done to it since that will become part
 * of a later layer.
 */
export interface LayerValue {
  layer: string;
  shape: Shape;
  /** Its map has its channels last: a transpose stands between. */
  channelsLast: boolean;
  /** An activation in the making: quantizers that read this layer's value and are added up. */
  quantizers: readonly Quantizer[];
  /** A float activation in the making. */
  float?: string;
  /** The node that made it, for the name of the layer that it becomes. */
  node: OnnxNode;
  /** What is in the making; the same object for all values that only differ by a scale. */
  making: object;
  /** The layer has weights and nothing but scales came after: a constant that is added is its bias. */
  sums: boolean;
  /** Node that added a constant which only a quantizer can take in. */
  shifted?: string;
  /** Padding that the next window takes in. */
  border?: { pads: readonly [number, number, number, number]; value: number };
  /** Every how many pixels one was taken. */
  pixels?: readonly [number, number];
  /** Node behind which the network must end. */
  ends?: string;
}

export type ReadValue = ConstantValue | LayerValue;

export function isLayer(value: ReadValue): value is LayerValue {
  return 'layer' in value;
}

/** What the nodes read so far have become. */
export class Reader {
  readonly what: string;
  readonly layers: LayerSpecBase[] = [];
  readonly values = new Map<string, ReadValue>();
  /** Nodes that left nothing behind, by the reason. */
  readonly dropped = new Map<string, string[]>();
  /** Methods that layers got, as text by layer. */
  readonly chosen = new Map<string, string>();
  readonly opset: number;
  readonly #external = new Map<string, string>();
  readonly #made = new WeakMap<object, LayerValue>();

  readonly #nodes: readonly OnnxNode[];

  /** @param nodes those that lead to the output, in order */
  constructor(what: string, opset: number, initializers: readonly OnnxTensor[], nodes: readonly OnnxNode[]) {
    this.what = what;
    this.opset = opset;
    this.#nodes = nodes;
    for (const { name, dims, data, external } of initializers) {
      if (external !== undefined) this.#external.set(name, external);
      this.values.set(name, { dims, data, quantizers: [] });
    }
  }

  /** @throws BitsmithError `unsupported` naming the file, the node and why */
  refuse(node: OnnxNode, reason: string): never {
    throw new BitsmithError('unsupported', `${this.what}: ${nodeText(node)} ${reason}`, { node: node.name });
  }

  drop(reason: string, node: OnnxNode): void {
    this.dropped.set(reason, [...(this.dropped.get(reason) ?? []), node.name || node.type]);
  }

  /** The nodes that read the first output of a node. */
  readersOf(node: OnnxNode): OnnxNode[] {
    const [output = ''] = node.outputs;
    return this.#nodes.filter(({ inputs }) => inputs.includes(output));
  }

  /** Input number `index`, or null where it is left out. */
  optional(node: OnnxNode, index: number): ReadValue | null {
    const name = node.inputs[index];
    if (name === undefined || name === '') return null;
    const file = this.#external.get(name);
    if (file !== undefined) {
      throw new BitsmithError(
        'unsupported',
        `${this.what}: tensor "${name}" has its data in another file (${file}); store them in the model itself`,
        { tensor: name },
      );
    }
    const value = this.values.get(name);
    if (value) return value;
    throw new BitsmithError(
      'corrupt',
      `${this.what}: ${nodeText(node)} reads "${name}", which no node before it gives`,
    );
  }

  input(node: OnnxNode, index = 0): ReadValue {
    return this.optional(node, index) ?? this.refuse(node, `lacks its input number ${index + 1}`);
  }

  /** The input as a value that depends on the sample, with what is in the making. */
  moving(node: OnnxNode, index = 0): LayerValue {
    const value = this.input(node, index);
    return isLayer(value) ? value : this.refuse(node, 'computes with constants only, which is not read here');
  }

  constant(node: OnnxNode, index: number, meaning: string): ConstantValue {
    const value = this.input(node, index);
    return isLayer(value) ? this.refuse(node, `needs ${meaning} that is a constant`) : value;
  }

  numbers(node: OnnxNode, index: number, meaning: string): number[] {
    const { data } = this.constant(node, index, meaning);
    return data ? Array.from(data) : this.refuse(node, `needs ${meaning} that is a plain constant`);
  }

  /** The input as the finished value of a layer, as it comes: an activation in the making becomes its layer. */
  settled(node: OnnxNode, index = 0): LayerValue {
    const value = this.moving(node, index);
    if (value.ends !== undefined)
      this.refuse(node, `follows ${value.ends}, behind which the network must end`);
    if (value.shifted !== undefined)
      this.refuse(
        node,
        `follows "${value.shifted}", which adds a constant that is neither a bias nor part of a quantizer`,
      );
    if (value.quantizers.length > 0) this.#activate(value, this.#quantizing(node, value));
    else if (value.float !== undefined)
      this.#activate(value, { method: 'full-precision', function: value.float });
    return value;
  }

  /** The same with nothing pending: neither padding nor left-out pixels nor channels last. */
  plain(node: OnnxNode, index = 0): LayerValue {
    const value = this.settled(node, index);
    if (value.channelsLast)
      this.refuse(node, 'reads a map with its channels last; only ONNX’s own layout is read');
    if (value.border) this.refuse(node, 'follows a Pad that only a convolution or a pooling can take in');
    if (value.pixels) this.refuse(node, 'follows a Slice that is no part of a shortcut with zero channels');
    return value;
  }

  #quantizing(node: OnnxNode, value: LayerValue): MethodChoice {
    const choice = activationChoice(value.quantizers);
    return (
      choice ?? this.refuse(node, `reads values that no method gives (${quantizerText(value.quantizers)})`)
    );
  }

  /** The value becomes that of a new activation layer, for all who read it. */
  #activate(value: LayerValue, choice: MethodChoice): void {
    let made = this.#made.get(value.making);
    if (!made) {
      made = this.add(value.node, 'activation', { activations: choice }, [value]);
      if (choice.method !== 'full-precision') this.chosen.set(made.layer, choice.method);
      this.#made.set(value.making, made);
    }
    Object.assign(value, made);
    delete value.float;
  }

  /** A new layer; its shape follows from its inputs'. @throws BitsmithError naming the node where it does not fit */
  add(
    node: OnnxNode,
    kind: string,
    fields: Record<string, unknown>,
    inputs: readonly Pick<LayerValue, 'layer' | 'shape'>[],
  ): LayerValue {
    const id = layerIdOf(
      node,
      kind,
      this.layers.map((layer) => layer.id),
    );
    const names = inputs.map(({ layer }) => layer);
    const before = this.layers.at(-1)?.id ?? 'input';
    const follows = names.length === 1 && names[0] === before;
    const where = `${this.what}: ${nodeText(node)}`;
    const spec = parseWith(
      LayerSpecSchema,
      { id, kind, ...(follows ? {} : { inputs: names }), ...fields },
      where,
    );
    let shape: Shape;
    try {
      shape = layerKindOf(kind).inferShape(
        spec,
        inputs.map((input) => input.shape),
      );
    } catch (error) {
      if (!(error instanceof BitsmithError)) throw error;
      throw new BitsmithError(error.code, `${where}: ${error.message}`, error.details);
    }
    this.layers.push(spec);
    return {
      layer: id,
      shape,
      channelsLast: false,
      quantizers: [],
      node,
      making: {},
      sums: false,
    };
  }

  /** Changes a layer that was added before. */
  change(id: string, fields: Record<string, unknown>): void {
    const layer = this.layers.find((candidate) => candidate.id === id);
    if (layer) Object.assign(layer, fields);
  }
}

export function nodeText({ name, type }: OnnxNode): string {
  return name === '' ? `a node ${type}` : `node "${name}" (${type})`;
}
