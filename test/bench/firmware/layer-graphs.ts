import {
  channelsOf,
  elementsOf,
  mapShape,
  type Border,
  type ConvNode,
  type IntegerGraph,
  type IntegerNode,
  type ThresholdNode,
} from '#shared/export/ir/graph.ts';
import { checkGraph } from '#shared/export/ir/check.ts';
import { tightenRanges } from '#shared/export/passes/tighten-ranges.ts';
import { Draw } from '#test/support/random-quantities.ts';

/** What a value's codes are. */
export type Codes = 'binary' | 'ternary' | 'int8' | 'raw';
export type Shape = readonly [height: number, width: number, channels: number];

/** Thresholds in deviations. */
const PLACES: Record<Exclude<Codes, 'raw'>, readonly number[]> = {
  binary: [0],
  ternary: [-0.43, 0.43],
  int8: Array.from({ length: 127 }, (_, i) => (i + 1) / 64),
};

/** Builds integer graphs of one layer between others that bring its input into the form that it has in a network. */
export class LayerGraph {
  readonly #draw: Draw;
  readonly #nodes: IntegerNode[] = [];
  readonly #input: Shape;
  last = 'input';
  #shape: readonly number[];

  constructor(name: string, input: Shape) {
    this.#draw = new Draw(5, `bench:${name}`);
    this.#input = input;
    this.#shape = input;
  }

  #push(node: IntegerNode): this {
    this.#nodes.push(node);
    this.last = node.id;
    this.#shape = node.shape;
    return this;
  }

  #codes(length: number, zeros: number): Int8Array {
    return Int8Array.from({ length }, () => (this.#draw.chance(zeros) ? 0 : this.#draw.pick([-1, 1])));
  }

  /**
   * Codes of sums with this deviation: binary, ternary with about a third of each, or 0 … 127 as behind a rectifier. Raw
   * bytes are centred.
   */
  threshold(id: string, codes: Exclude<Codes, 'raw'>, deviation: number): this {
    const channels = channelsOf(this.#shape);
    const places = PLACES[codes];
    const steps = places.length;
    const shifts = Array.from({ length: channels }, () => this.#draw.real(-0.1, 0.1));
    const values = Int32Array.from({ length: channels * steps }, (_, i) =>
      Math.round(((places[i % steps] ?? 0) + (shifts[Math.floor(i / steps)] ?? 0)) * deviation),
    );
    const rectified = codes === 'int8' ? Array.from({ length: steps + 1 }, (_, i) => i) : undefined;
    const node: ThresholdNode = {
      kind: 'threshold',
      id,
      inputs: [this.last],
      shape: this.#shape,
      type: 'i8',
      range: rectified ? { low: 0, high: steps } : { low: -1, high: 1 },
      steps,
      values,
      direction: new Int8Array(channels).fill(1),
      codes: rectified ?? (codes === 'ternary' ? [-1, 0, 1] : [-1, 1]),
    };
    return this.#push(node);
  }

  conv(
    id: string,
    filters: number,
    kernel: readonly [number, number],
    { zeros, kind = 'conv2d', outside = 0 }: { zeros: number; kind?: ConvNode['kind']; outside?: 0 | -1 },
  ): this {
    const [height, width, channels] = mapShape(this.#shape);
    const taps = kernel[0] * kernel[1] * (kind === 'conv2d' ? channels : 1);
    const padding: Border = {
      top: kernel[0] >> 1,
      left: kernel[1] >> 1,
      bottom: kernel[0] >> 1,
      right: kernel[1] >> 1,
    };
    // Lowering's own pass makes it exact in the end.
    const high = taps * 128;
    return this.#push({
      kind,
      id,
      inputs: [this.last],
      shape: [height, width, filters],
      type: 'i32',
      range: { low: -high, high },
      kernel,
      strides: [1, 1],
      dilation: [1, 1],
      padding,
      ...(outside === -1 && kernel[0] * kernel[1] > 1 ? { outside } : {}),
      weights: { filters, taps, codes: this.#codes(filters * taps, zeros) },
    });
  }

  flatten(id: string): this {
    return this.#push({
      kind: 'flatten',
      id,
      inputs: [this.last],
      shape: [elementsOf(this.#shape)],
      type: 'i8',
      range: { low: -1, high: 1 },
    });
  }

  dense(id: string, units: number, zeros: number): this {
    const taps = elementsOf(this.#shape);
    return this.#push({
      kind: 'dense',
      id,
      inputs: [this.last],
      shape: [units],
      type: 'i32',
      range: { low: -taps, high: taps },
      weights: { filters: units, taps, codes: this.#codes(units * taps, zeros) },
    });
  }

  maxPool(id: string): this {
    const [height, width, channels] = mapShape(this.#shape);
    return this.#push({
      kind: 'max-pool',
      id,
      inputs: [this.last],
      shape: [height >> 1, width >> 1, channels],
      type: 'i8',
      range: { low: -1, high: 1 },
      kernel: [2, 2],
      strides: [2, 2],
      padding: { top: 0, left: 0, bottom: 0, right: 0 },
    });
  }

  add(id: string, other: string): this {
    return this.#push({
      kind: 'add',
      id,
      inputs: [this.last, other],
      shape: this.#shape,
      type: 'i8',
      range: { low: -2, high: 2 },
    });
  }

  /** Ends the network: sums over all pixels, or the codes themselves, of this and other values, as logits. */
  finish(name: string, others: readonly string[] = []): IntegerGraph {
    const [height, width, channels] = mapShape(this.#shape);
    const pixels = height * width;
    const heads = [this.last, ...others].map((value, index) => {
      if (pixels === 1) return value;
      this.last = value;
      this.#push({
        kind: 'sum-pool',
        id: `sum${index}`,
        inputs: [value],
        shape: [1, 1, channels],
        type: 'i32',
        range: { low: -127 * pixels, high: 127 * pixels },
        kernel: [height, width],
        strides: [height, width],
        padding: { top: 0, left: 0, bottom: 0, right: 0 },
      });
      this.#push({
        kind: 'flatten',
        id: `vector${index}`,
        inputs: [this.last],
        shape: [channels],
        type: 'i32',
        range: { low: -127 * pixels, high: 127 * pixels },
      });
      return this.last;
    });
    const high = 3 * heads.length * 127 * pixels;
    this.#push({
      kind: 'affine',
      id: 'logits',
      inputs: heads,
      shape: [channels],
      type: 'i32',
      range: { low: -high, high },
      multipliers: heads.map(() => new Int32Array(channels).fill(3)),
      bias: new Int32Array(channels),
      exponent: 0,
    });
    const graph: IntegerGraph = {
      version: 1,
      name,
      input: { shape: this.#input, zero: Array.from({ length: this.#input[2] }, () => 128) },
      nodes: this.#nodes,
      output: 'logits',
      classes: channels,
    };
    checkGraph(graph, name);
    return tightenRanges(graph);
  }
}
