import type { Provenance } from '#shared/export/emit/types.ts';
import type { DeployedWeights, Staircase } from '#shared/quant/types.ts';
import type { Padding, TrainedGraph, TrainedNode } from '#shared/export/trained-graph.ts';
import {
  Draw,
  plainSigns,
  plainTernary,
  randomLevels,
  randomStaircase,
  randomWeights,
} from './random-quantities.ts';

export { Draw, randomWeights } from './random-quantities.ts';

const NO_PADDING: Padding = { top: 0, left: 0, bottom: 0, right: 0 };

/**
 * A random network that can be lowered: any mix of layers, odd shapes, strides, dilations, paddings, negative and zero
 * batch-norm factors, residual branches.
 *
 * @param activations `signs`: all of them are −1 and +1, so that most convolutions can pad with −1
 */
export function randomTrainedGraph(seed: number, activations: 'any' | 'signs' = 'any'): TrainedGraph {
  const draw = new Draw(seed, 'random-network');
  // Every fifth network: large codes and averages, so that 32-bit values are what convolutions read.
  const wide = seed % 5 === 0 && activations === 'any';
  const builder = new NetworkBuilder(draw, seed, wide, activations === 'signs');
  const blocks = wide ? 2 : draw.int(1, 3);
  if (draw.chance(0.1)) builder.maxPool();
  if (draw.chance(0.1)) builder.activation();
  if (wide || draw.chance(0.8)) {
    for (let i = 0; i < blocks; i++) builder.block();
    if (draw.chance(0.4)) {
      builder.residual();
      if (draw.chance(0.3)) builder.block();
    }
    if (draw.chance(0.3)) {
      builder.averagePool();
      if (draw.chance(0.5)) builder.block();
    }
    if (draw.chance(wide ? 0.7 : 0.2)) builder.twoHeads();
    else if (draw.chance(0.3)) builder.globalPool();
  }
  if (draw.chance(0.5)) builder.flatten();
  for (let i = draw.int(0, 2); i > 0; i--) {
    builder.dense(draw.int(1, 40));
    if (draw.chance(0.7)) builder.batchNorm();
    builder.activation();
  }
  return builder.finish(draw.int(2, 12));
}

class NetworkBuilder {
  readonly #draw: Draw;
  /** Draws of their own, so that networks without binary activations stay what they were. */
  readonly #outsideDraw: Draw;
  readonly #seed: number;
  readonly #wide: boolean;
  readonly #signs: boolean;
  readonly #nodes: TrainedNode[] = [];
  readonly #input: TrainedGraph['input'];
  #last = 'input';
  #shape: number[];

  constructor(draw: Draw, seed: number, wide: boolean, signs: boolean) {
    this.#draw = draw;
    this.#outsideDraw = new Draw(seed, 'outside');
    this.#seed = seed;
    this.#wide = wide;
    this.#signs = signs;
    const channels = draw.int(1, 4);
    this.#shape = [draw.int(4, 13), draw.int(4, 13), channels];
    this.#input = {
      shape: [...this.#shape],
      zero: Array.from({ length: channels }, () => (draw.chance(0.3) ? 0 : draw.int(0, 255))),
      scale: draw.pick([1, 1 / 128, 0.017]),
    };
  }

  #add(kind: string, node: (base: { id: string; inputs: string[] }) => TrainedNode): string {
    const added = node({ id: `${kind}-${this.#nodes.length}`, inputs: [this.#last] });
    this.#nodes.push(added);
    this.#last = added.id;
    this.#shape = [...added.shape];
    return added.id;
  }

  /** Convolution, then batch norm, max-pooling and activation in a random order that can be lowered. */
  block(): void {
    const chance = (probability: number) => this.#draw.chance(probability);
    this.conv();
    const order = this.#draw.pick(['norm', 'norm-pool', 'pool-norm', 'pool', 'norm-pool-norm', 'none']);
    if (order.startsWith('norm')) this.batchNorm();
    if (order.includes('pool')) this.maxPool();
    if (order.endsWith('-norm')) this.batchNorm();
    this.activation();
    if (this.#wide) this.averagePool();
    else if (chance(0.2)) this.maxPool();
    else if (chance(0.15)) this.averagePool();
    if (chance(0.15)) {
      this.batchNorm();
      this.activation();
    }
  }

  weights(taps: number, filters: number): DeployedWeights {
    const draw = this.#draw;
    if (draw.chance(0.3)) return randomLevels(draw, taps, filters);
    return randomWeights(draw, taps, filters, draw.pick(['binary', 'ternary', 'ternary', 'int8']));
  }

  conv(depthwise = this.#draw.chance(0.25)): void {
    const draw = this.#draw;
    const [height, width, channels] = this.#map();
    const dilation = [draw.pick([1, 1, 1, 2]), draw.pick([1, 1, 1, 2])] as const;
    const fit = (length: number, step: number) =>
      Math.max(1, Math.min(draw.pick([1, 2, 3, 3, 5]), Math.floor((length - 1) / step) + 1));
    const kernel = [fit(height, dilation[0]), fit(width, dilation[1])] as const;
    const strides = [draw.pick([1, 1, 2]), draw.pick([1, 1, 2, 3])] as const;
    const padding = draw.chance(0.5)
      ? { top: draw.int(0, 2), left: draw.int(0, 2), bottom: draw.int(0, 2), right: draw.int(0, 2) }
      : NO_PADDING;
    const filters = depthwise ? channels : draw.int(1, 37);
    const taps = kernel[0] * kernel[1] * (depthwise ? 1 : channels);
    const weights = this.weights(taps, filters);
    const reach = (at: 0 | 1) => (kernel[at] - 1) * dilation[at] + 1;
    const rows = Math.floor((height + padding.top + padding.bottom - reach(0)) / strides[0]) + 1;
    const columns = Math.floor((width + padding.left + padding.right - reach(1)) / strides[1]) + 1;
    const bias = draw.chance(0.5) ? { bias: draw.floats(filters, -3, 3) } : {};
    const kind = depthwise ? 'depthwise-conv2d' : 'conv2d';
    this.#add('conv', (base) => ({
      ...base,
      kind,
      shape: [rows, columns, filters],
      kernel,
      strides,
      dilation,
      padding,
      ...this.#outside(padding),
      weights,
      ...bias,
    }));
  }

  /** Most convolutions of −1 and +1 that pad do so with −1. */
  #outside(padding: Padding): { outside?: -1 } {
    const signs = ({ codes, scale, more = [] }: Staircase) =>
      codes.every((code) => Math.abs(code) === 1) && scale === 1 && more.length === 0;
    const staircaseOf = (id: string): Staircase | undefined => {
      const node = this.#nodes.find((candidate) => candidate.id === id);
      if (node?.kind === 'activation') return node.staircase;
      return node?.kind === 'max-pool' ? staircaseOf(node.inputs[0] ?? '') : undefined;
    };
    const staircase = staircaseOf(this.#last);
    const pads = Object.values(padding).some((rows) => rows > 0);
    const may = staircase !== undefined && signs(staircase) && pads;
    return may && this.#outsideDraw.chance(0.7) ? { outside: -1 } : {};
  }

  batchNorm(): void {
    const draw = this.#draw;
    const channels = this.#shape.at(-1) ?? 1;
    const factor = Float32Array.from({ length: channels }, () =>
      draw.chance(0.05) ? 0 : draw.real(-1, 1.5),
    );
    this.#add('norm', (base) => ({
      ...base,
      kind: 'batch-norm',
      shape: this.#shape,
      factor,
      offset: draw.floats(channels, -2, 2),
    }));
  }

  maxPool(): void {
    const draw = this.#draw;
    const [height, width, channels] = this.#map();
    const size = [Math.min(height, draw.int(1, 3)), Math.min(width, draw.int(1, 3))] as const;
    const strides = [draw.int(1, 3), draw.int(1, 3)] as const;
    const border = (at: 0 | 1) => (size[at] > 1 && draw.chance(0.3) ? 1 : 0);
    const padding = { top: border(0), left: border(1), bottom: border(0), right: border(1) };
    const rows = Math.floor((height + padding.top + padding.bottom - size[0]) / strides[0]) + 1;
    const columns = Math.floor((width + padding.left + padding.right - size[1]) / strides[1]) + 1;
    // A last window may not lie in the padding alone.
    const alone = (count: number, step: number, pad: number, length: number) =>
      (count - 1) * step - pad >= length;
    if (alone(rows, strides[0], padding.top, height) || alone(columns, strides[1], padding.left, width))
      return;
    this.#add('pool', (base) => ({
      ...base,
      kind: 'max-pool',
      shape: [rows, columns, channels],
      size,
      strides,
      padding,
    }));
  }

  /** Padded zeros count in averages of codes alone. */
  averagePool(mayPad = true): void {
    const [height, width, channels] = this.#map();
    const side = this.#draw.pick([2, 2, 4]);
    const size = [Math.min(height, side), Math.min(width, side)] as const;
    const padded = mayPad && this.#draw.chance(0.3) && size[0] > 1 && size[1] > 1 ? 1 : 0;
    this.#add('average', (base) => ({
      ...base,
      kind: 'average-pool',
      shape: [
        Math.floor((height + padded - size[0]) / size[0]) + 1,
        Math.floor((width + padded - size[1]) / size[1]) + 1,
        channels,
      ],
      size,
      strides: size,
      padding: { ...NO_PADDING, top: padded, right: padded },
      ...(padded ? { countPadding: true as const } : {}),
    }));
  }

  globalPool(): void {
    this.#add('global', (base) => ({ ...base, kind: 'global-average-pool', shape: [this.#map()[2]] }));
  }

  flatten(): void {
    const length = this.#shape.reduce((product, value) => product * value, 1);
    this.#add('flatten', (base) => ({ ...base, kind: 'flatten', shape: [length] }));
  }

  activation(staircase = this.#signs ? plainSigns() : this.#staircase()): void {
    this.#add('act', (base) => ({
      ...base,
      kind: 'activation',
      name: 'random',
      shape: this.#shape,
      staircase,
    }));
  }

  #staircase(): Staircase {
    return randomStaircase(this.#draw, this.#draw.pick([1, 4, 20]), this.#wide);
  }

  /**
   * Two or three branches from one activation, of codes or of sums, joined by an addition; sometimes the first one is a
   * shortcut without weights. Behind it sometimes a batch norm and a pooling, and an activation.
   */
  residual(): void {
    const draw = this.#draw;
    if (this.#nodes.at(-1)?.kind !== 'activation') return;
    const same = draw.chance(0.4);
    const activation = () => this.activation(same && !this.#signs ? plainTernary() : undefined);
    activation();
    const from = this.#last;
    const shape = [...this.#shape];
    const more = draw.chance(0.25) ? draw.int(1, 3) : 0;
    const joined: string[] = [from];
    if (more > 0) {
      this.#add('shortcut', (base) => ({
        ...base,
        kind: 'shortcut-a',
        shape: [shape[0] ?? 1, shape[1] ?? 1, (shape[2] ?? 1) + more],
        strides: [1, 1],
        before: more >> 1,
        after: more - (more >> 1),
      }));
      joined[0] = this.#last;
    }
    const wide = [...this.#shape];
    for (let branch = draw.int(1, 2); branch > 0; branch--) {
      this.#last = from;
      this.#shape = [...shape];
      this.#sameConv(wide[2] ?? 1);
      if (!same && draw.chance(0.3)) this.#samePool();
      if (draw.chance(0.5)) this.batchNorm();
      if (same || draw.chance(0.5)) activation();
      joined.push(this.#last);
    }
    this.#shape = wide;
    this.#add('add', (base) => ({ ...base, kind: 'add', inputs: joined, shape: wide }));
    const codes = joined.every((id) => {
      const kind = this.#nodes.find((node) => node.id === id)?.kind;
      return kind === 'activation' || kind === 'shortcut-a';
    });
    if (draw.chance(0.2)) this.averagePool(codes);
    if (draw.chance(0.3)) this.batchNorm();
    if (!codes || this.#nodes.at(-1)?.kind === 'batch-norm' || draw.chance(0.6)) activation();
  }

  #samePool(): void {
    this.#add('pool', (base) => ({
      ...base,
      kind: 'max-pool',
      shape: this.#shape,
      size: [3, 3],
      strides: [1, 1],
      padding: { top: 1, left: 1, bottom: 1, right: 1 },
    }));
  }

  #sameConv(filters: number): void {
    const taps = 9 * this.#map()[2];
    const weights = this.weights(taps, filters);
    const bias = this.#draw.chance(0.3) ? { bias: this.#draw.floats(filters, -2, 2) } : {};
    this.#add('conv', (base) => ({
      ...base,
      kind: 'conv2d',
      shape: [this.#shape[0] ?? 1, this.#shape[1] ?? 1, filters],
      kernel: [3, 3],
      strides: [1, 1],
      dilation: [1, 1],
      padding: { top: 1, left: 1, bottom: 1, right: 1 },
      ...this.#outside({ top: 1, left: 1, bottom: 1, right: 1 }),
      weights,
      ...bias,
    }));
  }

  /** A map that a dense layer and a convolution read; their results are added. */
  twoHeads(): void {
    const from = this.#last;
    const shape = [...this.#shape];
    const units = this.#draw.int(2, 12);
    this.flatten();
    this.dense(units);
    const first = this.#last;
    this.#last = from;
    this.#shape = shape;
    this.#sameConv(this.#draw.int(1, 8));
    this.activation();
    this.dense(units);
    this.#add('add', (base) => ({ ...base, kind: 'add', inputs: [first, this.#last], shape: [units] }));
    this.activation();
  }

  dense(units: number): void {
    const draw = this.#draw;
    const inputs = this.#shape.reduce((product, value) => product * value, 1);
    const weights = this.weights(inputs, units);
    const bias = draw.chance(0.5) ? { bias: draw.floats(units, -2, 2) } : {};
    this.#add('dense', (base) => ({ ...base, kind: 'dense', shape: [units], weights, ...bias }));
  }

  finish(wanted: number): TrainedGraph {
    const [length = 1, ...more] = this.#shape;
    // Now and then the codes, or their sums, are the logits.
    const done = more.length === 0 && length > 1 && length <= 12 && this.#draw.chance(0.3);
    const classes = done ? length : wanted;
    if (!done) this.dense(classes);
    if (this.#draw.chance(0.3)) this.batchNorm();
    return {
      name: `random ${this.#seed}`,
      input: this.#input,
      nodes: this.#nodes,
      output: this.#last,
      classes,
    };
  }

  #map(): [number, number, number] {
    const [height = 1, width = 1, channels = 1] = this.#shape;
    return [height, width, channels];
  }
}

/** Random samples, and the extremes: all black, all white, all at the zero point. */
export function samplesFor(
  graph: { input: Pick<TrainedGraph['input'], 'shape' | 'zero'> },
  count: number,
  seed = 1,
): Uint8Array[] {
  const draw = new Draw(seed, 'samples');
  const length = graph.input.shape.reduce((product, value) => product * value, 1);
  const { zero } = graph.input;
  const extremes = [
    new Uint8Array(length),
    new Uint8Array(length).fill(255),
    Uint8Array.from({ length }, (_, i) => zero[i % zero.length] ?? 0),
  ];
  const random = Array.from({ length: Math.max(0, count - extremes.length) }, () => draw.bytes(length));
  return [...extremes, ...random].slice(0, count);
}

export const TEST_PROVENANCE: Provenance = {
  appVersion: '0.0.0-test',
  run: 'run-1',
  checkpoint: 'checkpoint-1',
  checkpointSha256: 'a'.repeat(64),
  configHash: 'b'.repeat(64),
  dataset: 'random',
  datasetSha256: 'c'.repeat(64),
  seed: 1,
  accuracy: null,
  classes: [],
};
