import {
  elementsOf,
  isLinear,
  macsOf,
  mapShape,
  nonzerosOf,
  type Border,
  type IntegerGraph,
  type IntegerNode,
  type ValueType,
} from '../ir/graph.ts';
import { consumersOf } from '../passes/consumers.ts';
import { refuse } from '../passes/refuse.ts';
import { encodingOf, weightBytesOf } from './encoding.ts';
import { fuse, type Group } from './fuse.ts';
import { placeBuffers } from './memory.ts';
import { shiftThresholds, startOf } from './zero-points.ts';
import type { Buffer, Place, Plan, PlannedLayer, Step } from './types.ts';

const NO_BORDER: Border = { top: 0, left: 0, bottom: 0, right: 0 };

/**
 * Chooses a kernel for every group of nodes, lays out the values and plans the arena.
 *
 * @throws BitsmithError `unsupported` when a window is too wide for the kernels' 16-bit offsets
 */
export function planGraph(graph: IntegerGraph): Plan {
  const builder = new PlanBuilder(graph);
  for (const group of fuse(graph)) builder.add(group);
  return builder.finish();
}

const SUFFIX: Record<ValueType, string> = { u8: 'u8', i8: 's8', i32: 's32' };
const ELEMENT_BYTES: Record<ValueType, number> = { u8: 1, i8: 1, i32: 4 };

/** Bytes of a place with its border. */
function bytesOf(place: Place): number {
  const { top, left, bottom, right } = place.border;
  const elements = (place.height + top + bottom) * (place.width + left + right) * place.channels;
  return elements * ELEMENT_BYTES[place.type];
}

class PlanBuilder {
  readonly #graph: IntegerGraph;
  readonly #consumers: Map<string, IntegerNode[]>;
  readonly #places = new Map<string, Place>();
  readonly #steps: Step[] = [];
  readonly #layers: PlannedLayer[] = [];
  readonly #buffers = new Map<string, { bytes: number; from: number; to: number }>();

  constructor(graph: IntegerGraph) {
    this.#graph = graph;
    const byId = new Map(graph.nodes.map((node) => [node.id, node]));
    this.#consumers = new Map(
      [...consumersOf(graph)].map(([id, readers]) => [
        id,
        readers.map((reader) => byId.get(reader)).filter((node) => node !== undefined),
      ]),
    );
    const [height, width, channels] = mapShape(graph.input.shape);
    this.#places.set('input', { buffer: 'input', type: 'u8', height, width, channels, border: NO_BORDER });
  }

  add(group: Group): void {
    const [node] = group.nodes;
    const last = group.nodes.at(-1);
    if (!node || !last) return;
    if (node.kind === 'flatten') {
      this.#places.set(node.id, { ...this.#place(node.inputs[0]), ...vectorOf(node.shape) });
      return;
    }
    const step = this.#step(group, node, last);
    this.#steps.push(step);
    // A max-pooling of raw bytes is no integer of the graph yet: observers begin behind it.
    if (last.type === 'u8') return;
    const linear = isLinear(node) ? node : undefined;
    const kernel = step.kind === 'affine' ? step.kernels.join(' + ') : step.kernel;
    this.#layers.push({
      id: last.id,
      nodes: group.nodes.map((part) => part.id),
      kind: group.nodes.map((part) => part.kind).join(' + '),
      shape: last.shape,
      kernel,
      weightBytes: linear ? weightBytesOf(linear.weights, encodingOf(linear.weights)) : 0,
      macs: macsOf(node),
      nonzeros: linear ? nonzerosOf(linear.weights) : 0,
      step: this.#steps.length - 1,
    });
  }

  finish(): Plan {
    const buffers = [...this.#buffers].map(([id, life]): Omit<Buffer, 'offset'> => ({ id, ...life }));
    return { steps: this.#steps, layers: this.#layers, ...placeBuffers(buffers) };
  }

  #step(group: Group, node: IntegerNode, last: IntegerNode): Step {
    const { id } = last;
    switch (node.kind) {
      case 'conv2d':
      case 'depthwise-conv2d': {
        const from = this.#padded(node.id, this.#place(node.inputs[0]), node.padding);
        const encoding = encodingOf(node.weights);
        const start = from.type === 'u8' ? startOf(this.#graph, node) : undefined;
        const { pool, threshold } = group;
        const [height, width] = mapShape(node.shape);
        const form = encoding === 'bytes' ? 'bytes' : 'planes';
        this.#use(from.buffer);
        const to = this.#target(last);
        return {
          kind: 'conv2d',
          id,
          kernel: `bs_conv2d_${form}_${SUFFIX[from.type]}`,
          node,
          encoding,
          ...(start ? { start } : {}),
          ...(pool ? { pool } : {}),
          ...(threshold ? { threshold } : {}),
          from,
          to,
          plane: this.#scratch(`${id} plane`, height * width * 4),
          ...(form === 'planes' ? { list: this.#list(id, node, from) } : {}),
        };
      }
      case 'dense': {
        const from = this.#read(node.inputs[0]);
        const encoding = encodingOf(node.weights);
        const start = from.type === 'u8' ? startOf(this.#graph, node) : undefined;
        const kernel = `bs_dense_${encoding === 'bytes' ? 'bytes' : 'planes'}_${SUFFIX[from.type]}`;
        const to = this.#target(last);
        return { kind: 'dense', id, kernel, node, encoding, ...(start ? { start } : {}), from, to };
      }
      case 'max-pool':
      case 'sum-pool': {
        const from = this.#read(node.inputs[0]);
        const sum =
          node.type === 'i32' && from.type === 'i8'
            ? 'bs_sum_pool_wide_s8'
            : `bs_sum_pool_${SUFFIX[from.type]}`;
        const kernel = node.kind === 'max-pool' ? `bs_max_pool_${SUFFIX[from.type]}` : sum;
        return { kind: 'pool', id, kernel, node, from, to: this.#target(last) };
      }
      case 'add': {
        const from = [this.#read(node.inputs[0]), this.#read(node.inputs[1])] as const;
        return { kind: 'add', id, kernel: 'bs_add_s8', node, from, to: this.#target(last) };
      }
      case 'threshold': {
        const from = this.#read(node.inputs[0]);
        const shifted = from.type === 'u8' ? shiftThresholds(this.#graph, node) : node;
        const kernel = `bs_threshold_${SUFFIX[from.type]}`;
        return { kind: 'threshold', id, kernel, node: shifted, from, to: this.#target(last) };
      }
      case 'affine': {
        const from = node.inputs.map((name) => this.#read(name));
        const kernels = from.map((place) => `bs_affine_${SUFFIX[place.type]}`);
        return { kind: 'affine', id, kernels, node, from };
      }
      case 'flatten':
        throw new Error('a flatten node has no step');
    }
  }

  #place(name: string | undefined): Place {
    const place = this.#places.get(name ?? '');
    if (!place) throw new Error(`the value ${name} has no place`);
    return place;
  }

  /** The place of a value that the next step reads. */
  #read(name: string | undefined): Place {
    const place = this.#place(name);
    this.#use(place.buffer);
    return place;
  }

  /** Notes that the next step uses a buffer. */
  #use(id: string): void {
    const life = this.#buffers.get(id);
    if (life) life.to = this.#steps.length;
  }

  #scratch(id: string, bytes: number): string {
    const now = this.#steps.length;
    this.#buffers.set(id, { bytes, from: now, to: now });
    return id;
  }

  /** A new place for the value of a node, with the border that its readers want. */
  #target(node: IntegerNode): Place {
    const [height, width, channels] = mapShape(node.shape);
    const border = this.#borderFor(node);
    const place: Place = { buffer: node.id, type: node.type, height, width, channels, border };
    this.#scratch(node.id, bytesOf(place));
    this.#places.set(node.id, place);
    return place;
  }

  /** The largest padding of the convolutions that read a value; none where a reader needs the elements without gaps. */
  #borderFor(node: IntegerNode): Border {
    const readers = this.#consumers.get(node.id) ?? [];
    const gapless = readers.some(({ kind }) => kind === 'flatten' || kind === 'dense' || kind === 'affine');
    if (gapless || node.type === 'u8') return NO_BORDER;
    return readers.reduce<Border>(
      (border, reader) =>
        reader.kind === 'conv2d' || reader.kind === 'depthwise-conv2d'
          ? largest(border, reader.padding)
          : border,
      NO_BORDER,
    );
  }

  /** The value itself where its border suffices, else a copy in a frame of zero points. */
  #padded(id: string, place: Place, padding: Border): Place {
    if (covers(place.border, padding)) return place;
    const to: Place = { ...place, buffer: `${id} frame`, border: padding };
    this.#use(place.buffer);
    this.#scratch(to.buffer, bytesOf(to));
    const fill = place.type === 'u8' ? { fill: this.#graph.input.zero } : {};
    this.#steps.push({
      kind: 'pad',
      id: to.buffer,
      kernel: `bs_pad_${SUFFIX[place.type]}`,
      from: place,
      to,
      ...fill,
    });
    return to;
  }

  #list(id: string, node: Extract<IntegerNode, { dilation: unknown }>, from: Place): string {
    const { left, right } = from.border;
    const row = (from.width + left + right) * from.channels;
    const reach =
      (node.kernel[0] - 1) * node.dilation[0] * row +
      ((node.kernel[1] - 1) * node.dilation[1] + 1) * from.channels;
    if (reach > 65_536) {
      refuse(node.id, `its window spans ${reach} elements of the input; the kernels' offsets reach 65,536`);
    }
    return this.#scratch(`${id} list`, node.weights.taps * 2);
  }
}

function vectorOf(shape: readonly number[]): Pick<Place, 'height' | 'width' | 'channels'> {
  return { height: 1, width: 1, channels: elementsOf(shape) };
}

function largest(a: Border, b: Border): Border {
  return {
    top: Math.max(a.top, b.top),
    left: Math.max(a.left, b.left),
    bottom: Math.max(a.bottom, b.bottom),
    right: Math.max(a.right, b.right),
  };
}

function covers(border: Border, padding: Border): boolean {
  const { top, left, bottom, right } = padding;
  return border.top >= top && border.left >= left && border.bottom >= bottom && border.right >= right;
}

export { ELEMENT_BYTES };
