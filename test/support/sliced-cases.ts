import type { Draw } from './random-quantities.ts';
import {
  randomFilters,
  randomMap,
  randomPacking,
  windowSums,
  type CodeMap,
  type CodeWindow,
  type PackedFilters,
} from './sliced-convolution.ts';

/** Random and adversarial sliced convolutions. */

/** A convolution whose sums go through thresholds; `out` has the codes that must come out. */
export interface ThresholdCase {
  title: string;
  depthwise: boolean;
  window: CodeWindow;
  filters: PackedFilters;
  tiles: number;
  variants: number;
  /** For each filter and variant. */
  high: number[];
  low: number[];
  skip: CodeMap | undefined;
  out: CodeMap;
}

const KINDS = ['ternary', 'signs', 'bits'] as const;
const ZEROS = [0, 0.1, 0.5, 0.9, 0.99, 1];
/** Widths that are below, at and above a word, and no multiple of anything. */
const WIDTHS = [1, 2, 5, 7, 8, 13, 16, 31, 32, 33, 40, 64, 65];

/** @param large whether the map may have more than a few channels and rows */
export function randomWindow(draw: Draw, large: boolean): CodeWindow {
  const same = draw.int(0, 2) === 0;
  const width = draw.pick(WIDTHS);
  const height = width > 20 ? draw.int(1, 5) : draw.int(1, 17);
  const channels = draw.pick(large ? [1, 2, 3, 5, 8, 17, 90] : [1, 2, 3, 5, 8]);
  const kernel: [number, number] = [draw.int(1, Math.min(5, height)), draw.int(1, Math.min(5, width))];
  const dilation: [number, number] = same ? [1, 1] : [draw.int(1, 3), draw.int(1, 2)];
  const strides: [number, number] = same ? [1, 1] : [draw.int(1, 3), draw.pick([1, 1, 2, 2, 3, 5, 40])];
  const span = (axis: 0 | 1) => (kernel[axis] - 1) * dilation[axis] + 1;
  const padding = (axis: 0 | 1) => (same ? span(axis) - 1 : draw.int(0, 1) * draw.int(0, span(axis)));
  const outputs = (axis: 0 | 1, length: number, pad: number) =>
    Math.max(1, Math.floor((length + pad - span(axis)) / strides[axis]) + 1);
  const vertical = padding(0);
  const horizontal = padding(1);
  const kind = draw.pick(KINDS);
  return {
    in: randomMap(draw, { height, width, channels }, kind),
    kernel,
    strides,
    dilation,
    top: Math.floor(vertical / 2),
    left: Math.floor(horizontal / 2),
    height: same ? height : outputs(0, height, vertical),
    width: same ? width : outputs(1, width, horizontal),
    outside: kind === 'signs' && draw.int(0, 1) === 0 ? -1 : 0,
  };
}

/** A threshold among the sums, hit exactly more often than not, or at an end of int16. */
function threshold(draw: Draw, sums: readonly number[]): number {
  const kind = draw.int(0, 9);
  if (kind === 0) return 32767;
  if (kind === 1) return -32768;
  return draw.pick(sums) + draw.int(-1, 1);
}

function thresholdCase(draw: Draw, index: number): ThresholdCase {
  const depthwise = index % 4 === 3;
  const window = randomWindow(draw, !depthwise);
  const zeros = draw.pick(ZEROS);
  const taps = window.kernel[0] * window.kernel[1] * (depthwise ? 1 : window.in.channels);
  const weights = randomFilters(draw, depthwise ? window.in.channels : draw.int(1, 9), taps, zeros);
  const filters = randomPacking(draw, weights);
  const sums = windowSums(window, weights, depthwise);
  const shape = { height: window.height, width: window.width, channels: weights.filters };
  const variants = draw.pick([1, 1, 2, 3] as const);
  const skip =
    variants === 1
      ? undefined
      : randomMap(draw, shape, variants === 3 ? 'ternary' : draw.pick(['signs', 'bits']));
  const high: number[] = [];
  const low: number[] = [];
  for (let filter = 0; filter < weights.filters; filter++) {
    const own = [...sums].filter((_, at) => at % weights.filters === filter);
    for (let v = 0; v < variants; v++) {
      const pair = [threshold(draw, own), threshold(draw, own)].toSorted((a, b) => a - b);
      low.push(pair[0]!);
      high.push(pair[1]!);
    }
  }
  const planes = draw.pick([1, 2] as const);
  const bottom = planes === 2 ? 0 : draw.pick([-1, 0] as const);
  const codes = Int8Array.from(sums, (sum, at) => {
    const filter = at % weights.filters;
    const code = skip?.codes[at] ?? 0;
    const v = variants === 3 ? code + 1 : variants === 2 && code === 1 ? 1 : 0;
    if (sum >= high[filter * variants + v]!) return 1;
    return planes === 1 ? bottom : sum < low[filter * variants + v]! ? -1 : 0;
  });
  const { in: map, kernel, strides, dilation } = window;
  const title =
    `case ${index}: ${depthwise ? 'depthwise ' : ''}${map.height}x${map.width}x${map.channels} of ${map.planes} planes, low ` +
    `${map.low}, outside ${window.outside}, kernel ${kernel}, strides ${strides}, dilation ${dilation}, ` +
    `padding ${window.top},${window.left}, outputs ${window.height}x${window.width}x${weights.filters}, ` +
    `zeros ${zeros}, ${filters.packing.id}${filters.walked ? ' walked' : ''}, ${variants} variants`;
  return {
    title,
    depthwise,
    window,
    filters,
    tiles: draw.pick([1, 2, 3, 4, 5, 9, 32]),
    variants,
    high,
    low,
    skip,
    out: { ...shape, planes, low: bottom, codes },
  };
}

export function thresholdCases(draw: Draw, count: number): ThresholdCase[] {
  return Array.from({ length: count }, (_, index) => thresholdCase(draw, index));
}

/** Several convolutions whose sums are added. */
export interface LevelsCase {
  title: string;
  windows: CodeWindow[];
  levels: { window: number; filters: PackedFilters; multipliers: number[] | undefined }[];
  bias: number[] | undefined;
  tiles: number;
  /** Rising, of each filter; none: int32 totals. */
  thresholds: { steps: number; values: number[]; codes: number[] } | undefined;
  /** Where planes are stored. */
  sliced: CodeMap | undefined;
  /** What must come out, in rows, columns, filters: codes or totals. */
  expected: Int32Array;
}

function levelsCase(draw: Draw, index: number): LevelsCase {
  const first = randomWindow(draw, true);
  const second = { ...first, in: randomMap(draw, first.in, draw.pick(KINDS)), outside: 0 as const };
  const windows = draw.chance(0.5) ? [first] : [first, second];
  const count = draw.int(1, 6);
  const levels = Array.from({ length: draw.int(1, 4) }, () => {
    const window = draw.int(0, windows.length - 1);
    const taps = first.kernel[0] * first.kernel[1] * first.in.channels;
    return {
      window,
      filters: randomPacking(draw, randomFilters(draw, count, taps, draw.pick(ZEROS))),
      multipliers: draw.chance(0.3)
        ? undefined
        : Array.from({ length: count }, () => draw.int(-30000, 30000)),
    };
  });
  const bias = draw.chance(0.5)
    ? Array.from({ length: count }, () => draw.int(-1000000, 1000000))
    : undefined;
  const totals = new Int32Array(first.height * first.width * count).map((_, at) => bias?.[at % count] ?? 0);
  for (const { window, filters, multipliers } of levels) {
    const sums = windowSums(windows[window]!, filters.weights, false);
    for (const [at, sum] of sums.entries()) totals[at]! += sum * (multipliers?.[at % count] ?? 1);
  }
  const form = draw.pick(['totals', 'codes', 'planes'] as const);
  const shape = { height: first.height, width: first.width, channels: count };
  const common = { windows, levels, bias, tiles: draw.pick([1, 2, 3, 7]) };
  const title = `levels ${index}: ${levels.length} levels of ${windows.length} windows to ${form}`;
  if (form === 'totals')
    return { ...common, title, thresholds: undefined, sliced: undefined, expected: totals };
  const steps = form === 'planes' ? draw.int(1, 2) : draw.int(1, 6);
  const values = Array.from({ length: count }, (_, filter) => {
    const own = [...totals].filter((_total, at) => at % count === filter);
    return Array.from({ length: steps }, () => draw.pick(own) + draw.int(-1, 1)).toSorted((a, b) => a - b);
  });
  const low = draw.pick([-1, 0] as const);
  const rising = steps === 2 ? [-1, 0, 1] : [low, 1];
  const codes = form === 'planes' ? rising : Array.from({ length: steps + 1 }, () => draw.int(-128, 127));
  const expected = totals.map(
    (total, at) => codes[values[at % count]!.filter((value) => total >= value).length]!,
  );
  const planes = steps === 2 ? 2 : 1;
  return {
    ...common,
    title,
    thresholds: { steps, values: values.flat(), codes },
    sliced:
      form === 'planes'
        ? { ...shape, planes, low: planes === 2 ? 0 : low, codes: Int8Array.from(expected) }
        : undefined,
    expected,
  };
}

export function levelsCases(draw: Draw, count: number): LevelsCase[] {
  return Array.from({ length: count }, (_, index) => levelsCase(draw, index));
}
