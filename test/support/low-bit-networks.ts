import type { Padding, TrainedGraph, TrainedNode } from '#shared/export/trained-graph.ts';
import type { DeployedWeights, Staircase } from '#shared/quant/types.ts';
import { Draw, randomLevels } from './random-quantities.ts';

const NO_PADDING: Padding = { top: 0, left: 0, bottom: 0, right: 0 };
/** Products of one inference; whatever would take more is left out. */
const MOST_MACS = 1_500_000;

type ActivationStyle = 'ternary' | 'signs' | 'zero-one' | 'bits';

/**
 * A random network of few-bit codes and weights, as people train them: sums are spread over the codes, so that
 * thresholds decide; maps of any size, channels that are no multiple of anything, strides, dilations, depthwise layers,
 * residual branches, pooling, dense chains; 0 to 95 % of the weights are zero.
 */
export function randomLowBitGraph(seed: number): TrainedGraph {
  const draw = new Draw(seed, 'low-bit-network');
  const builder = new LowBitBuilder(draw);
  if (draw.chance(0.15)) builder.activation();
  else {
    builder.conv(draw.int(3, 24), draw.pick([1, 3, 3, 5]), 1);
    if (draw.chance(0.3)) builder.maxPool();
    builder.normAndAct();
  }
  for (let parts = draw.int(1, 4); parts > 0; parts--) builder.part();
  if (draw.chance(0.4)) builder.globalPool();
  else {
    builder.flatten();
    for (let layers = draw.int(0, 2); layers > 0; layers--) {
      builder.dense(draw.int(3, 150));
      builder.normAndAct();
    }
  }
  return builder.finish(draw.int(2, 12), seed);
}

class LowBitBuilder {
  readonly #draw: Draw;
  readonly #style: ActivationStyle | 'mixed';
  readonly #binaryWeights: boolean;
  readonly #zeros: number;
  readonly #nodes: TrainedNode[] = [];
  readonly #input: TrainedGraph['input'];
  #last = 'input';
  #shape: number[];
  /** Estimated root mean square of the last value. */
  #size: number;
  #macs = 0;

  constructor(draw: Draw) {
    this.#draw = draw;
    this.#style = draw.pick(['ternary', 'ternary', 'signs', 'zero-one', 'mixed', 'bits']);
    this.#binaryWeights = draw.chance(0.3);
    this.#zeros = draw.pick([0, 0.2, 0.5, 0.5, 0.7, 0.9, 0.95]);
    const side = () => draw.pick([draw.int(1, 6), draw.int(5, 12), draw.int(8, 33)]);
    this.#shape = [side(), side(), draw.int(1, 4)];
    this.#input = {
      shape: [...this.#shape],
      zero: Array.from({ length: this.#shape[2] ?? 1 }, () => draw.pick([0, 128, draw.int(0, 255)])),
      scale: 1 / 128,
    };
    this.#size = 0.7;
  }

  #add(
    kind: string,
    node: (base: { id: string; inputs: string[] }) => TrainedNode,
    size = this.#size,
  ): string {
    const added = node({ id: `${kind}-${this.#nodes.length}`, inputs: [this.#last] });
    this.#nodes.push(added);
    this.#last = added.id;
    this.#shape = [...added.shape];
    this.#size = size;
    return added.id;
  }

  /** One stage: a layer or several that keep a map of codes a map of codes. */
  part(): void {
    const draw = this.#draw;
    const [height, width, channels] = this.#map();
    const kind = draw.pick(['conv', 'conv', 'conv', 'depthwise', 'residual', 'residual', 'pool', 'average']);
    switch (kind) {
      case 'conv':
        this.conv(this.#filters(), draw.pick([1, 1, 2, 3, 3, 3, 5]), draw.pick([1, 1, 1, 2, 3]));
        if (draw.chance(0.2) && height > 1 && width > 1) this.maxPool();
        return this.normAndAct();
      case 'depthwise':
        this.conv(channels, 3, draw.pick([1, 1, 2]), true);
        this.normAndAct();
        if (draw.chance(0.7)) {
          this.conv(this.#filters(), 1, 1);
          this.normAndAct();
        }
        return;
      case 'residual':
        return this.residual();
      case 'pool':
        return this.maxPool();
      case 'average':
        if (height < 4 || width < 4) return;
        this.averagePool();
        return this.normAndAct();
    }
  }

  #filters(): number {
    const draw = this.#draw;
    return draw.pick([draw.int(1, 9), draw.int(10, 40), 16, 32, 33, draw.int(60, 70)]);
  }

  #weights(taps: number, filters: number): DeployedWeights {
    const draw = this.#draw;
    if (draw.chance(0.08)) return randomLevels(draw, taps, filters);
    const big = draw.chance(0.05);
    const zeros = draw.chance(0.2) ? draw.real(0, 0.95) : this.#zeros;
    const code = () => {
      if (big) return draw.int(-8, 7);
      return !this.#binaryWeights && draw.chance(zeros) ? 0 : draw.pick([-1, 1]);
    };
    const codes = Int8Array.from({ length: taps * filters }, code);
    // Dead filters, and filters of one sign: their counts are at the ends of what can be.
    if (draw.chance(0.2)) {
      const filter = draw.int(0, filters - 1);
      const change = this.#binaryWeights ? () => 1 : draw.pick([() => 0, (c: number) => Math.abs(c)]);
      for (let tap = 0; tap < taps; tap++)
        codes[tap * filters + filter] = change(codes[tap * filters + filter] ?? 0);
    }
    const deviation = Math.sqrt(taps * Math.max(0.1, 1 - zeros)) * (big ? 4.6 : 1);
    const scale = (1 / deviation) * (draw.chance(0.1) ? -1 : 1);
    return { levels: [{ codes, scale: Float32Array.of(scale) }] };
  }

  conv(filters: number, side: number, stride: number, depthwise = false): void {
    const draw = this.#draw;
    const [height, width, channels] = this.#map();
    const dilation = [draw.pick([1, 1, 1, 1, 2]), draw.pick([1, 1, 1, 1, 2, 3])] as const;
    const kernelOf = (length: number, step: number) =>
      Math.max(1, Math.min(draw.chance(0.85) ? side : draw.int(1, 4), Math.floor((length - 1) / step) + 1));
    const kernel = [kernelOf(height, dilation[0]), kernelOf(width, dilation[1])] as const;
    const strides = [draw.chance(0.9) ? stride : 1, stride] as const;
    const reach = (at: 0 | 1) => (kernel[at] - 1) * dilation[at];
    const same = draw.chance(0.75);
    const pad = (at: 0 | 1): [number, number] => {
      if (same) return [reach(at) >> 1, reach(at) - (reach(at) >> 1)];
      return draw.chance(0.5) ? [0, 0] : [draw.int(0, 2), draw.int(0, 2)];
    };
    const [top, bottom] = pad(0);
    const [left, right] = pad(1);
    const taps = kernel[0] * kernel[1] * (depthwise ? 1 : channels);
    const rows = Math.floor((height + top + bottom - reach(0) - 1) / strides[0]) + 1;
    const columns = Math.floor((width + left + right - reach(1) - 1) / strides[1]) + 1;
    this.#macs += rows * columns * filters * taps;
    if (this.#macs > MOST_MACS) return;
    const weights = this.#weights(taps, filters);
    const padding = { top, left, bottom, right };
    const outside = this.#outside(padding);
    const bias = draw.chance(0.2) ? { bias: draw.floats(filters, -1, 1) } : {};
    this.#add('conv', (base) => ({
      ...base,
      kind: depthwise ? 'depthwise-conv2d' : 'conv2d',
      shape: [rows, columns, filters],
      kernel,
      strides,
      dilation,
      padding,
      ...outside,
      weights,
      ...bias,
    }));
  }

  /** Signs are padded with −1 more often than not. */
  #outside(padding: Padding): { outside?: -1 } {
    const last = this.#nodes.at(-1);
    const signs = last?.kind === 'activation' && last.staircase?.codes.join() === '-1,1';
    const pads = Object.values(padding).some((rows) => rows > 0);
    return signs && last.staircase?.scale === 1 && pads && this.#draw.chance(0.6) ? { outside: -1 } : {};
  }

  normAndAct(style?: ActivationStyle): void {
    const draw = this.#draw;
    const channels = this.#shape.at(-1) ?? 1;
    if (draw.chance(0.9)) {
      const sign = () => (draw.chance(0.15) ? -1 : 1);
      const factor = Float32Array.from({ length: channels }, () =>
        draw.chance(0.02) ? 0 : (sign() * draw.real(0.6, 1.4)) / this.#size,
      );
      this.#add('norm', (base) => ({
        ...base,
        kind: 'batch-norm',
        shape: this.#shape,
        factor,
        offset: draw.floats(channels, -0.5, 0.5),
      }));
    }
    this.activation(style);
  }

  activation(style = this.#style): void {
    const draw = this.#draw;
    const chosen = style === 'mixed' ? draw.pick(['ternary', 'signs', 'zero-one', 'bits'] as const) : style;
    const staircase = staircaseOf(chosen, draw);
    this.#add(
      'act',
      (base) => ({ ...base, kind: 'activation', name: 'random', shape: this.#shape, staircase }),
      chosen === 'bits' ? 4 * staircase.scale : 0.8,
    );
  }

  maxPool(): void {
    const draw = this.#draw;
    const [height, width, channels] = this.#map();
    const side = draw.pick([2, 2, 2, 3]);
    const size = [Math.min(height, side), Math.min(width, side)] as const;
    const strides = [Math.min(size[0], draw.pick([2, 2, 1])), Math.min(size[1], 2)] as const;
    const padded = side === 3 && size[0] === 3 && size[1] === 3 && draw.chance(0.5) ? 1 : 0;
    const shape = [
      Math.floor((height + 2 * padded - size[0]) / strides[0]) + 1,
      Math.floor((width + 2 * padded - size[1]) / strides[1]) + 1,
      channels,
    ];
    const padding = { top: padded, left: padded, bottom: padded, right: padded };
    this.#add('pool', (base) => ({ ...base, kind: 'max-pool', shape, size, strides, padding }));
  }

  averagePool(): void {
    const [height, width, channels] = this.#map();
    this.#add('average', (base) => ({
      ...base,
      kind: 'average-pool',
      shape: [height >> 1, width >> 1, channels],
      size: [2, 2],
      strides: [2, 2],
      padding: NO_PADDING,
    }));
  }

  globalPool(): void {
    this.#add('global', (base) => ({ ...base, kind: 'global-average-pool', shape: [this.#map()[2]] }));
  }

  flatten(): void {
    const length = this.#shape.reduce((product, value) => product * value, 1);
    this.#add('flatten', (base) => ({ ...base, kind: 'flatten', shape: [length] }));
  }

  /** Codes, a branch of one or two convolutions of the same shape, and their sum: of codes, or of a real value and codes. */
  residual(): void {
    const draw = this.#draw;
    if (this.#nodes.at(-1)?.kind !== 'activation') return;
    const from = this.#last;
    const shape = [...this.#shape];
    const before = this.#macs;
    const [height = 1, width = 1, channels = 1] = shape;
    const layers = draw.int(1, 2);
    if (before + layers * height * width * channels * channels * 9 > MOST_MACS) return;
    for (let layer = 0; layer < layers; layer++) {
      if (layer > 0) this.normAndAct();
      this.#sameConv(channels);
    }
    const codes = draw.chance(0.3);
    if (codes) this.normAndAct();
    else if (draw.chance(0.8)) {
      const factor = draw.floats(channels, 0.6 / this.#size, 1.4 / this.#size);
      const offset = draw.floats(channels, -0.4, 0.4);
      this.#add('norm', (base) => ({ ...base, kind: 'batch-norm', shape, factor, offset }), 1);
    }
    const inputs = draw.chance(0.5) ? [from, this.#last] : [this.#last, from];
    this.#add('add', (base) => ({ ...base, kind: 'add', inputs, shape }), 1.2);
    if (draw.chance(0.2)) this.normAndAct();
    else this.activation();
  }

  #sameConv(filters: number): void {
    const [height, width, channels] = this.#map();
    const side = this.#draw.pick([1, 3, 3]);
    const border = side >> 1;
    const padding = { top: border, left: border, bottom: border, right: border };
    this.#macs += height * width * filters * channels * side * side;
    const outside = this.#outside(padding);
    const weights = this.#weights(side * side * channels, filters);
    this.#add(
      'conv',
      (base) => ({
        ...base,
        kind: 'conv2d',
        shape: [height, width, filters],
        kernel: [side, side],
        strides: [1, 1],
        dilation: [1, 1],
        padding,
        ...outside,
        weights,
      }),
      1,
    );
  }

  dense(units: number): void {
    const draw = this.#draw;
    const inputs = this.#shape.reduce((product, value) => product * value, 1);
    const weights = this.#weights(inputs, units);
    const bias = draw.chance(0.3) ? { bias: draw.floats(units, -0.5, 0.5) } : {};
    this.#add('dense', (base) => ({ ...base, kind: 'dense', shape: [units], weights, ...bias }), 0.8);
  }

  finish(classes: number, seed: number): TrainedGraph {
    this.dense(classes);
    return {
      name: `low bit ${seed}`,
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

function staircaseOf(style: ActivationStyle, draw: Draw): Staircase {
  const inclusive = (count: number) => Array.from({ length: count }, () => draw.chance(0.5));
  const scale = draw.pick([1, 1, 1, 0.5]);
  switch (style) {
    case 'ternary':
      return { thresholds: [-0.43, 0.43], inclusive: inclusive(2), codes: [-1, 0, 1], scale };
    case 'signs':
      return { thresholds: [0], inclusive: inclusive(1), codes: [-1, 1], scale };
    case 'zero-one':
      return { thresholds: [0.2], inclusive: inclusive(1), codes: [0, 1], scale };
    case 'bits': {
      const steps = draw.pick([3, 7, 15]);
      const thresholds = Array.from({ length: steps }, (_, i) => ((i + 0.5) * 3) / steps - 1.5);
      const low = draw.pick([0, (steps + 1) / 2]);
      const codes = Array.from({ length: steps + 1 }, (_, i) => i - low);
      return { thresholds, inclusive: inclusive(steps), codes, scale: 0.25 };
    }
  }
}
