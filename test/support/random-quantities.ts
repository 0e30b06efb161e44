import { RandomStream } from '#shared/base/random.ts';
import type { DeployedWeights, Staircase } from '#shared/quant/types.ts';

/** Draws for one random network. */
export class Draw {
  readonly #stream: RandomStream;
  constructor(seed: number, purpose: string) {
    this.#stream = new RandomStream(seed, purpose);
  }
  /** An integer of [low, high]. */
  int(low: number, high: number): number {
    return low + this.#stream.nextBelow(high - low + 1);
  }
  real(low: number, high: number): number {
    return Math.fround(low + (high - low) * this.#stream.nextUniform());
  }
  chance(probability: number): boolean {
    return this.#stream.nextUniform() < probability;
  }
  pick<T>(values: readonly T[]): T {
    return values[this.int(0, values.length - 1)] as T;
  }
  floats(length: number, low: number, high: number): Float32Array {
    return Float32Array.from({ length }, () => this.real(low, high));
  }
  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.int(0, 255));
  }
}

export type WeightStyle = 'binary' | 'ternary' | 'int8';

/** Two or three levels: scales without a common unit, now and then with one, per layer or per filter. */
export function randomLevels(draw: Draw, taps: number, filters: number): DeployedWeights {
  const levels = Array.from({ length: draw.int(2, 3) }, () => {
    const style = draw.pick(['binary', 'ternary', 'ternary', 'int8'] as const);
    return randomWeights(draw, taps, filters, style).levels[0];
  }).filter((level) => level !== undefined);
  const commensurate = draw.chance(0.25);
  return {
    levels: levels.map((level, i) => ({
      codes: commensurate ? level.codes.map((code) => Math.sign(code)) : level.codes,
      scale: commensurate ? Float32Array.of(0.3 * 2 ** i) : level.scale,
    })),
  };
}

/** A staircase of two or three terms whose codes go up and down along it, as residual levels and learned bases have. */
export function randomTerms(draw: Draw, spread: number): Staircase {
  const steps = draw.int(2, 8);
  const thresholds = Array.from({ length: steps }, () => draw.real(-spread, spread)).sort((a, b) => a - b);
  const alphabet = draw.pick([
    [-1, 1],
    [-1, 0, 1],
    [0, 1],
  ]);
  const term = () => ({
    codes: Array.from({ length: steps + 1 }, () => draw.pick(alphabet)),
    scale: draw.real(0.05, 1.2) * (draw.chance(0.2) ? -1 : 1),
  });
  return {
    thresholds,
    inclusive: thresholds.map(() => draw.chance(0.5)),
    ...term(),
    more: Array.from({ length: draw.int(1, 2) }, term),
  };
}

/** Random weights of one level; scales are of either sign, some filters are all zero. */
export function randomWeights(
  draw: Draw,
  taps: number,
  filters: number,
  style: WeightStyle,
): DeployedWeights {
  const density = draw.real(0.1, 0.9);
  const code = () => {
    if (style === 'binary') return draw.pick([-1, 1]);
    if (style === 'int8') return draw.int(-127, 127);
    return draw.chance(density) ? draw.pick([-1, 1]) : 0;
  };
  const codes = Int8Array.from({ length: taps * filters }, code);
  if (style === 'ternary' && draw.chance(0.3)) {
    const dead = draw.int(0, filters - 1);
    for (let tap = 0; tap < taps; tap++) codes[tap * filters + dead] = 0;
  }
  const scale = draw.chance(0.5)
    ? draw.floats(1, 0.01, 0.5)
    : draw.floats(filters, 0.01, 0.5).map((value) => (draw.chance(0.2) ? -value : value));
  return { levels: [{ codes, scale }] };
}

/** A random staircase: with ascending codes (binary, ternary, 2 to 4 bits), or of several terms. */
export function randomStaircase(draw: Draw, spread: number, large = false): Staircase {
  if (!large && draw.chance(0.25)) return randomTerms(draw, spread);
  const style = large ? 'large' : draw.pick(['binary', 'ternary', 'bits', 'unsigned', 'large'] as const);
  const steps = style === 'binary' ? 1 : style === 'ternary' ? 2 : large ? 15 : draw.pick([3, 7, 15]);
  const thresholds = Array.from({ length: steps }, () => draw.real(-spread, spread)).sort((a, b) => a - b);
  const codes =
    style === 'binary'
      ? [-1, 1]
      : style === 'ternary'
        ? [-1, 0, 1]
        : Array.from({ length: steps + 1 }, (_, i) =>
            style === 'large' ? 8 * i : i - (style === 'bits' ? (steps + 1) / 2 : 0),
          );
  return {
    thresholds,
    inclusive: thresholds.map(() => draw.chance(0.5)),
    codes,
    scale: draw.pick([1, 1, 0.5, 0.37]),
  };
}

/** Codes −1, 0, 1 of scale 1. */
export function plainTernary(): Staircase {
  return { thresholds: [-0.5, 0.5], inclusive: [true, false], codes: [-1, 0, 1], scale: 1 };
}

/** Codes −1 and 1 of scale 1. */
export function plainSigns(): Staircase {
  return { thresholds: [0], inclusive: [true], codes: [-1, 1], scale: 1 };
}
