import {
  elementsOf,
  isLinear,
  macsOf,
  mapShape,
  nonzerosOf,
  type Border,
  type ConvNode,
  type IntegerGraph,
  type IntegerNode,
  type LinearNode,
  type ValueType,
} from '../ir/graph.ts';
import { consumersOf } from '../passes/consumers.ts';
import { refuse } from '../passes/refuse.ts';
import { encodingOf, weightBytesOf } from './encoding.ts';
import { fuse, type Group } from './fuse.ts';
import { placeBuffers } from './memory.ts';
import { shiftThresholds, startOf } from './zero-points.ts';
import {
  stepKernels,
  type Buffer,
  type ConvLevel,
  type ConvLevelsStep,
  type Encoding,
  type Place,
  type Plan,
  type PlannedLayer,
  type Step,
} from './types.ts';

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
    const linear = group.nodes.filter(isLinear);
    const sum = (count: (part: LinearNode) => number) =>
      linear.reduce((total, part) => total + count(part), 0);
    this.#layers.push({
      id: last.id,
      nodes: group.nodes.map((part) => part.id),
      kind: [...new Set(group.nodes.map((part) => part.kind))].join(' + '),
      shape: last.shape,
      kernel: [...new Set(stepKernels(step))].join(' + '),
      weightBytes: sum(({ weights }) => weightBytesOf(weights, encodingOf(weights))),
      macs: sum(macsOf),
      nonzeros: sum(({ weights }) => nonzerosOf(weights)),
      step: this.#steps.length - 1,
    });
  }

  finish(): Plan {
    const buffers = [...this.#buffers].map(([id, life]): Omit<Buffer, 'offset'> => ({ id, ...life }));
    return { steps: this.#steps, layers: this.#layers, ...placeBuffers(buffers) };
  }

  #step(group: Group, node: IntegerNode, last: IntegerNode): Step {
    const { id } = last;
    if (group.levels) return this.#levels(group, group.levels, last);
    switch (node.kind) {
      case 'conv2d':
      case 'depthwise-conv2d': {
        const [level, form] = this.#level(node, encodingOf(node.weights));
        const { pool, threshold } = group;
        const [height, width] = mapShape(node.shape);
        this.#use(level.from.buffer);
        const to = this.#target(last);
        return {
          kind: 'conv2d',
          id,
          kernel: `bs_conv2d_${form}_${SUFFIX[level.from.type]}`,
          ...level,
          ...(pool ? { pool } : {}),
          ...(threshold ? { threshold } : {}),
          to,
          plane: this.#scratch(`${id} plane`, height * width * 4),
          ...(form === 'planes' ? { list: this.#list(id, [level]) } : {}),
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
      case 'combine': {
        const from = node.inputs.map((name) => this.#read(name));
        const kernels = ['bs_fill_channels_s32', ...from.map((place) => `bs_combine_${SUFFIX[place.type]}`)];
        return { kind: 'combine', id, kernels, node, from, to: this.#target(last) };
      }
      case 'lookup': {
        const from = this.#read(node.inputs[0]);
        return { kind: 'lookup', id, kernel: 'bs_lookup_s8', node, from, to: this.#target(last) };
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

  /** Several convolutions, filter by filter: each level's sums, times its multipliers, are added in a plane. */
  #levels(group: Group, { convs, combine }: NonNullable<Group['levels']>, last: IntegerNode): ConvLevelsStep {
    const { id } = last;
    // One form for all of them: planes where every level has codes -1, 0, 1.
    const bytes = convs.some((node) => encodingOf(node.weights) === 'bytes');
    const frames = new Map<string, Place>();
    const levels = convs.map((node, index): ConvLevel => {
      const [level] = this.#level(node, bytes ? 'bytes' : encodingOf(node.weights), frames);
      return { ...level, multipliers: combine.multipliers[index] ?? new Int32Array() };
    });
    for (const { from } of levels) this.#use(from.buffer);
    const { pool, threshold } = group;
    const [height, width] = mapShape(combine.shape);
    const type = SUFFIX[levels[0]?.from.type ?? 'i8'];
    const to = this.#target(last);
    return {
      kind: 'conv2d-levels',
      id,
      kernel: `bs_conv2d_levels_${bytes ? 'bytes' : 'planes'}_${type}`,
      levels,
      bias: combine.bias,
      ...(pool ? { pool } : {}),
      ...(threshold ? { threshold } : {}),
      to,
      plane: this.#scratch(`${id} plane`, 2 * height * width * 4),
      ...(bytes ? {} : { list: this.#list(id, levels) }),
    };
  }

  /** What a convolution reads, and the form of its kernel. Convolutions of one geometry share the `frames` they read. */
  #level(
    node: ConvNode,
    encoding: Encoding,
    frames = new Map<string, Place>(),
  ): [Omit<ConvLevel, 'multipliers'>, 'bytes' | 'planes'] {
    const place = this.#place(node.inputs[0]);
    const from = frames.get(place.buffer) ?? this.#padded(node.id, place, node.padding);
    frames.set(place.buffer, from);
    const start = from.type === 'u8' ? startOf(this.#graph, node) : undefined;
    const level = { node, encoding, ...(start ? { start } : {}), from };
    return [level, encoding === 'bytes' ? 'bytes' : 'planes'];
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

  /** Scratch for the offsets under the windows of convolutions. */
  #list(id: string, levels: readonly Pick<ConvLevel, 'node' | 'from'>[]): string {
    for (const { node, from } of levels) {
      const { left, right } = from.border;
      const row = (from.width + left + right) * from.channels;
      const reach =
        (node.kernel[0] - 1) * node.dilation[0] * row +
        ((node.kernel[1] - 1) * node.dilation[1] + 1) * from.channels;
      if (reach > 65_536) {
        refuse(node.id, `its window spans ${reach} elements of the input; the kernels' offsets reach 65,536`);
      }
    }
    return this.#scratch(`${id} list`, Math.max(...levels.map(({ node }) => node.weights.taps)) * 2);
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
