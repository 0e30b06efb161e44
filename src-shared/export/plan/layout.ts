import {
  elementsOf,
  mapShape,
  type Border,
  type IntegerGraph,
  type IntegerNode,
  type ValueType,
} from '../ir/graph.ts';
import { consumersOf } from '../passes/consumers.ts';
import { codesOf, readersThrough, slicedForm } from './form.ts';
import { placeBuffers } from './memory.ts';
import { buffersOf, type Buffer, type Place, type SlicedForm, type SlicedPlace, type Step } from './types.ts';

export const NO_BORDER: Border = { top: 0, left: 0, bottom: 0, right: 0 };
export const SUFFIX: Record<ValueType, string> = { u8: 'u8', i8: 's8', i32: 's32' };
export const ELEMENT_BYTES: Record<ValueType, number> = { u8: 1, i8: 1, i32: 4 };

/** Bytes of a place with its border. */
export function bytesOf(place: Place): number {
  if (place.sliced) return place.channels * place.sliced.planes * wordsOfPlane(place) * 4;
  const { top, left, bottom, right } = place.border;
  const elements = (place.height + top + bottom) * (place.width + left + right) * place.channels;
  return elements * ELEMENT_BYTES[place.type];
}

/** Words of one bit plane. */
export function wordsOfPlane({ height, width }: Pick<Place, 'height' | 'width'>): number {
  return Math.ceil((height * width) / 32);
}

/** The places of one value, in the forms in which it exists so far. */
interface Forms {
  elements?: Place;
  planes?: SlicedPlace;
  vector?: SlicedPlace;
}

/**
 * Steps in order, where values lie, and which buffers live when. A value that a step wants in another form is converted
 * once, right before its first reader.
 */
export class Layout {
  readonly graph: IntegerGraph;
  readonly #consumers: Map<string, IntegerNode[]>;
  readonly #bordered: ReadonlySet<string>;
  readonly #forms = new Map<string, Forms>();
  readonly #steps: Step[] = [];
  readonly #bytes = new Map<string, number>();
  readonly #lives = new Map<string, { from: number; to: number }>();

  /** @param bordered ids of the convolutions that read padding from the border of their input */
  constructor(graph: IntegerGraph, bordered: ReadonlySet<string>) {
    this.graph = graph;
    this.#bordered = bordered;
    const byId = new Map(graph.nodes.map((node) => [node.id, node]));
    this.#consumers = new Map(
      [...consumersOf(graph)].map(([id, readers]) => [
        id,
        readers.map((reader) => byId.get(reader)).filter((node) => node !== undefined),
      ]),
    );
    const [height, width, channels] = mapShape(graph.input.shape);
    this.#forms.set('input', {
      elements: { buffer: 'input', type: 'u8', height, width, channels, border: NO_BORDER },
    });
  }

  get steps(): readonly Step[] {
    return this.#steps;
  }

  /** Adds a step; every buffer that it names lives now. */
  push(step: Step): void {
    const now = this.#steps.length;
    for (const id of buffersOf(step)) {
      const life = this.#lives.get(id);
      this.#lives.set(id, { from: life?.from ?? now, to: now });
    }
    this.#steps.push(step);
  }

  /** A buffer for the next step. */
  scratch(id: string, bytes: number): string {
    this.#bytes.set(id, Math.max(bytes, this.#bytes.get(id) ?? 0));
    return id;
  }

  finish(): { steps: readonly Step[]; buffers: Buffer[]; arenaBytes: number } {
    const buffers = [...this.#bytes].map(([id, bytes]) => ({
      id,
      bytes,
      ...(this.#lives.get(id) ?? { from: 0, to: 0 }),
    }));
    return { steps: this.#steps, ...placeBuffers(buffers) };
  }

  /** A new place for the value of a node, with the border that its readers want. */
  newElements(node: IntegerNode, id = node.id, type: ValueType = node.type): Place {
    const [height, width, channels] = mapShape(node.shape);
    const place: Place = { buffer: id, type, height, width, channels, border: this.#borderFor(node) };
    this.scratch(id, bytesOf(place));
    this.#note(id, { elements: place });
    return place;
  }

  /** A new place in planes. A vector's elements lie one behind the other. */
  newPlanes(node: Pick<IntegerNode, 'id' | 'shape'>, form: SlicedForm, id = node.id): SlicedPlace {
    const map = mapShape(node.shape);
    const [height, width, channels] = node.shape.length === 1 ? [1, map[2], 1] : map;
    const place = slicedPlace(id, height, width, channels, form);
    this.scratch(id, bytesOf(place));
    this.#note(id, node.shape.length === 1 ? { planes: place, vector: place } : { planes: place });
    return place;
  }

  /** The value under another name and shape: a flattening of elements without gaps. */
  alias(node: IntegerNode): void {
    const from = this.#forms.get(node.inputs[0] ?? '') ?? {};
    const channels = elementsOf(node.shape);
    this.#forms.set(node.id, {
      ...(from.elements ? { elements: { ...from.elements, height: 1, width: 1, channels } } : {}),
      ...(from.vector ? { vector: from.vector } : {}),
    });
  }

  /** Whether the value is there in planes, so that nothing has to be converted. */
  hasPlanes(name: string): boolean {
    const forms = this.#forms.get(name);
    return forms?.planes !== undefined || forms?.vector !== undefined;
  }

  /** Whether all who read the value have a kernel for 32-bit elements, whatever the node's type. */
  mayBeWide(name: string): boolean {
    const wide = ['flatten', 'dense', 'affine', 'threshold', 'combine'];
    return readersThrough(this.#consumers, name).every(({ kind }) => wide.includes(kind));
  }

  /** The value as elements. */
  elements(name: string | undefined): Place {
    const forms = this.#known(name);
    if (forms.elements) return forms.elements;
    const node = this.#node(name);
    if (node.kind === 'flatten') {
      const source = this.elements(node.inputs[0]);
      const place = { ...source, height: 1, width: 1, channels: elementsOf(node.shape) };
      this.#note(node.id, { elements: place });
      return place;
    }
    const from = forms.planes;
    if (!from) throw new Error(`the value ${name} has no place`);
    const [height, width, channels] = mapShape(node.shape);
    const vector = node.shape.length === 1;
    const to: Place = {
      buffer: `${node.id} elements`,
      type: 'i8',
      ...(vector ? { height: 1, width: channels, channels: 1 } : { height, width, channels }),
      border: this.#borderFor(node),
    };
    this.scratch(to.buffer, bytesOf(to));
    this.push({ kind: 'unpack', id: to.buffer, kernel: 'bs_unpack_sliced_s8', from, to });
    const place = { ...to, height, width, channels };
    this.#note(node.id, { elements: place });
    return place;
  }

  /** The value, of codes in -1, 0, +1, as a map in planes. */
  planes(name: string): SlicedPlace {
    const forms = this.#known(name);
    if (forms.planes) return forms.planes;
    const from = forms.elements;
    if (!from) throw new Error(`the value ${name} has no elements`);
    const place = this.#pack(
      from,
      slicedPlace(`${name} planes`, from.height, from.width, from.channels, this.#form(name)),
    );
    this.#note(name, { planes: place });
    return place;
  }

  /** The value as a vector in planes; of a map channel by channel, where it lies in planes already. */
  vector(name: string): SlicedPlace {
    const forms = this.#known(name);
    if (forms.vector) return forms.vector;
    const node = this.#node(name);
    const source = node.kind === 'flatten' ? (node.inputs[0] ?? '') : name;
    const map = this.#known(source).planes;
    const place = map ? this.#flatten(source, map) : this.#packVector(name);
    this.#note(name, { vector: place });
    return place;
  }

  #flatten(name: string, from: SlicedPlace): SlicedPlace {
    const pixels = from.height * from.width;
    const length = pixels * from.channels;
    if (from.channels === 1) return { ...from, height: 1, width: length };
    const to = slicedPlace(`${name} vector`, 1, length, 1, from.sliced);
    this.scratch(to.buffer, bytesOf(to));
    const ordered: SlicedPlace = { ...to, channelFirst: { pixels, channels: from.channels } };
    this.push({ kind: 'flatten-sliced', id: to.buffer, kernel: 'bs_flatten_sliced', from, to: ordered });
    return ordered;
  }

  #packVector(name: string): SlicedPlace {
    const from = this.elements(name);
    const length = from.height * from.width * from.channels;
    const flat: Place = { ...from, height: 1, width: length, channels: 1 };
    return this.#pack(flat, slicedPlace(`${name} vector`, 1, length, 1, this.#form(name)));
  }

  #pack(from: Place, to: SlicedPlace): SlicedPlace {
    this.scratch(to.buffer, bytesOf(to));
    this.push({ kind: 'pack', id: to.buffer, kernel: 'bs_pack_sliced_s8', from, to });
    return to;
  }

  #form(name: string): SlicedForm {
    const form = slicedForm(codesOf(this.graph, name));
    if (!form) throw new Error(`the codes of ${name} do not fit bit planes`);
    return form;
  }

  #known(name: string | undefined): Forms {
    const forms = this.#forms.get(name ?? '');
    if (!forms) throw new Error(`the value ${name} has no place`);
    return forms;
  }

  #node(name: string | undefined): IntegerNode {
    const node = this.graph.nodes.find((candidate) => candidate.id === name);
    if (!node) throw new Error(`there is no node ${name}`);
    return node;
  }

  #note(name: string, forms: Forms): void {
    this.#forms.set(name, { ...this.#forms.get(name), ...forms });
  }

  /** The largest padding of the convolutions that read it from the border; none where a reader needs no gaps. */
  #borderFor(node: IntegerNode): Border {
    const readers = this.#consumers.get(node.id) ?? [];
    const gapless = readers.some(({ kind }) => kind === 'flatten' || kind === 'dense' || kind === 'affine');
    if (gapless || node.type === 'u8') return NO_BORDER;
    return readers.reduce<Border>(
      (border, reader) =>
        (reader.kind === 'conv2d' || reader.kind === 'depthwise-conv2d') && this.#bordered.has(reader.id)
          ? largest(border, reader.padding)
          : border,
      NO_BORDER,
    );
  }
}

export function slicedPlace(
  buffer: string,
  height: number,
  width: number,
  channels: number,
  sliced: SlicedForm,
): SlicedPlace {
  return { buffer, type: 'i8', height, width, channels, border: NO_BORDER, sliced };
}

function largest(a: Border, b: Border): Border {
  return {
    top: Math.max(a.top, b.top),
    left: Math.max(a.left, b.left),
    bottom: Math.max(a.bottom, b.bottom),
    right: Math.max(a.right, b.right),
  };
}

export function covers(border: Border, padding: Border): boolean {
  const { top, left, bottom, right } = padding;
  return border.top >= top && border.left >= left && border.bottom >= bottom && border.right >= right;
}
