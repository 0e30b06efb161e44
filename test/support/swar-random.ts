import type { IntegerWeights } from '#shared/export/ir/graph.ts';
import { SWAR_TABLES, swarFits } from '#shared/export/plan/packing/swar-tables.ts';
import type { Draw } from './random-quantities.ts';
import { isFlat, LISTED, type SwarCase } from './swar-cases.ts';

/** Ternary codes; `zeros` of 0 makes them binary. */
export function randomCodes(draw: Draw, filters: number, taps: number, zeros: number): IntegerWeights {
  const codes = Int8Array.from({ length: filters * taps }, () =>
    draw.chance(zeros) ? 0 : draw.chance(0.5) ? 1 : -1,
  );
  return { filters, taps, codes };
}

/** A random convolution whose sums fit 16 bits; extreme bytes and thresholds now and then. */
export function randomSwarCase(draw: Draw): SwarCase {
  const kind = draw.pick(['u8', 's8', 's8', 'depthwise'] as const);
  const depthwise = kind === 'depthwise';
  const point = draw.chance(0.25);
  const kernel: [number, number] = point ? [1, 1] : [draw.int(1, 4), draw.int(1, 5)];
  const strides: [number, number] = draw.chance(0.5) ? [1, 1] : [draw.int(1, 3), draw.int(1, 3)];
  const dilation: [number, number] = draw.chance(0.6) ? [1, 1] : [draw.int(1, 3), draw.int(1, 4)];
  const channels = draw.int(1, 9);
  const inHeight = draw.int(1, 9);
  const inWidth = draw.int(1, draw.chance(0.2) ? 70 : 19);
  const [top, left] = point && draw.chance(0.6) ? [0, 0] : [draw.int(0, 3), draw.int(0, 3)];
  const same = point && strides[0] * strides[1] === 1 && top + left === 0;
  const reach = (axis: 0 | 1) => (kernel[axis] - 1) * dilation[axis];
  const outputs = (axis: 0 | 1, length: number, before: number) =>
    Math.max(1, Math.floor((length + before + draw.int(0, 3) - reach(axis) - 1) / strides[axis]) + 1);
  const height = same ? inHeight : outputs(0, inHeight, top);
  const width = same ? inWidth : outputs(1, inWidth, left);
  const filters = depthwise ? channels : draw.int(1, 6);
  const taps = kernel[0] * kernel[1] * (depthwise ? 1 : channels);
  const levelCount = draw.chance(0.7) ? 1 : draw.int(2, 3);
  const zeros = draw.pick([0, 0, 0.3, 0.5, 0.9, 1]);
  const binary = zeros === 0;
  const usable = SWAR_TABLES.filter(
    (table) => table === 'single' || (!depthwise && (table !== 'quads' || binary)),
  );
  const largest = kind === 'u8' ? 255 : 128;
  const levels = Array.from({ length: levelCount }, () => ({
    weights: randomCodes(draw, filters, taps, zeros),
    multipliers: draw.chance(levelCount > 1 ? 0.8 : 0.2)
      ? Array.from({ length: filters }, () => draw.int(-300, 300))
      : null,
  }));
  const tables = draw.pick(usable);
  const out = draw.pick(['binary', 'ternary', 'codes', 'sums'] as const);
  const steps = { binary: 1, ternary: 2, codes: draw.pick([1, 2, 3, 6, 7, 15, 20, 255]), sums: 0 }[out];
  const extreme = draw.chance(0.3);
  const low = kind === 'u8' ? 0 : -128;
  const input = Array.from({ length: inHeight * inWidth * channels }, () =>
    extreme ? (draw.chance(0.5) ? low : low + 255) : draw.int(low, low + 255),
  );
  const spread = draw.pick([2, 40, 600, 20000]);
  const thresholds = Array.from({ length: filters }, () =>
    Array.from({ length: steps }, () =>
      draw.chance(0.05) ? draw.pick([-2147483648, 2147483647, -32768, 32767]) : draw.int(-spread, spread),
    ).toSorted((a, b) => a - b),
  ).flat();
  const made: SwarCase = {
    ...{ kind, inHeight, inWidth, channels, rowGap: draw.chance(0.3) ? draw.int(1, 7) : 0 },
    ...{ kernel, strides, dilation, top, left, height, width, filters, tables },
    rows: draw.int(1, height + 2),
    spare: draw.pick([0, 3, 60, 4000]),
    ready: draw.chance(0.3),
    levels: levels.map((level) => ({
      ...level,
      packing: draw.pick(
        LISTED.filter(({ id }) => id !== 'bits' || (binary && (tables === 'single' || tables === 'pairs'))),
      ).id,
    })),
    bias: draw.chance(0.5) ? Array.from({ length: filters }, () => draw.int(-5000, 5000)) : null,
    ...{ out, outGap: draw.chance(0.5) ? draw.int(0, 9) : 0, steps, thresholds },
    direction: draw.chance(0.4) ? Array.from({ length: filters }, () => (draw.chance(0.5) ? 1 : -1)) : null,
    codes:
      out === 'binary'
        ? [draw.pick([-1, 0]), 1]
        : out === 'ternary'
          ? [-1, 0, 1]
          : Array.from({ length: steps + 1 }, () => draw.int(-128, 127)),
    input,
    zero: Array.from({ length: channels }, () => (kind === 'u8' ? draw.int(0, 255) : 0)),
  };
  if (taps * largest > 32767 || !swarFits({ ...made, flat: isFlat(made) }, tables))
    return randomSwarCase(draw);
  return made;
}
