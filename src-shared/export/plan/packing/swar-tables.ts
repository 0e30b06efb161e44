import type { IntegerWeights } from '../../ir/graph.ts';

/** What the ring of a SWAR convolution holds for each input pixel: `bs_swar_tables` of `bitsmith_swar.h`. */
export const SWAR_TABLES = ['single', 'pairs', 'paired', 'quads', 'triples'] as const;
export type SwarTables = (typeof SWAR_TABLES)[number];

/** Members of `bs_swar_window` that sizes depend on. */
export interface SwarWindow {
  height: number;
  width: number;
  channels: number;
  kernel: readonly [number, number];
  strides: readonly [number, number];
  dilation: readonly [number, number];
  /** A 1x1 kernel with stride 1 over a map, and to a map, without gaps. */
  flat: boolean;
}

/** Channels of the ring. */
export function swarDepth(tables: SwarTables, channels: number): number {
  if (tables === 'single') return channels;
  if (tables === 'triples') return 13 * Math.ceil(channels / 3);
  return tables === 'quads' ? 8 * Math.ceil(channels / 4) : 4 * Math.ceil(channels / 2);
}

/** Where everything lies in the ring; the same numbers as `bs_swar_measure`. */
export function swarShape(window: SwarWindow, tables: SwarTables, rows: number) {
  const [rowUnit, columnUnit] = [0, 1].map((axis) =>
    window.kernel[axis] === 1
      ? (window.strides[axis] ?? 1)
      : commonDivisor(window.strides[axis] ?? 1, window.dilation[axis] ?? 1),
  ) as [number, number];
  const pixels = window.height * window.width;
  const tiles = window.flat ? Math.min(rows, Math.ceil(pixels / 8)) : Math.ceil(window.width / 8);
  const together = window.flat ? 1 : Math.min(rows, window.height);
  const reach = (window.kernel[0] - 1) * window.dilation[0];
  const slots = ((together - 1) * window.strides[0] + reach) / rowUnit + 1;
  const stride = window.strides[1] / columnUnit;
  const step = window.kernel[1] === 1 ? 0 : window.dilation[1] / columnUnit;
  const run = Math.floor((window.kernel[1] - 1) / stride) * step + 4;
  const span = Math.min(stride, window.kernel[1]) * run;
  const depth = swarDepth(tables, window.channels);
  const windowBytes = (reach / rowUnit + 1) * depth * span * 4;
  const tapSlots = reach === 0 ? 0 : window.dilation[0] / rowUnit;
  const runs = Math.min(stride, window.kernel[1]);
  return { tiles, slots, span, depth, windowBytes, tapSlots, runs, run, step };
}

/** Words of `ring`. */
export function swarRingWords(window: SwarWindow, tables: SwarTables, rows: number): number {
  const { tiles, slots, span, depth } = swarShape(window, tables, rows);
  return tiles * slots * depth * span + Math.ceil(window.channels / 4);
}

/** Whether the byte offsets of list entries fit 16 bits. */
export function swarFits(window: SwarWindow, tables: SwarTables): boolean {
  return swarShape(window, tables, 1).windowBytes <= 65536;
}

/** Ternary weights by pairs of channels: at most one nonzero weight among each pair's {a, b, a + b, a - b}. */
export function pairedWeights(weights: IntegerWeights, channels: number): IntegerWeights {
  return grouped(weights, channels, 2, 4, (group) => placeIn(group, TRIPLES.slice(0, 4)));
}

/** Ternary weights by threes of channels: at most one nonzero weight among each group's 13 sums and differences. */
export function tripleWeights(weights: IntegerWeights, channels: number): IntegerWeights {
  return grouped(weights, channels, 3, 13, (group) => placeIn(group, TRIPLES));
}

/** Signs of the channels a, b, c in the words of a group; those of a pair come first. */
const TRIPLES: readonly (readonly [number, number, number])[] = [
  ...([
    [1, 0, 0],
    [0, 1, 0],
    [1, 1, 0],
    [1, -1, 0],
  ] as const),
  ...([
    [0, 0, 1],
    [1, 0, 1],
    [0, 1, 1],
    [1, 1, 1],
    [1, -1, 1],
  ] as const),
  ...([
    [1, 0, -1],
    [0, 1, -1],
    [1, 1, -1],
    [1, -1, -1],
  ] as const),
];

/** Which word holds a group's sum, up to the sign. */
function placeIn([a = 0, b = 0, c = 0]: readonly number[], words: typeof TRIPLES) {
  const sign = a || b || c;
  const kind = words.findIndex(([x, y, z]) => x * sign === a && y * sign === b && z * sign === c);
  return { kind: Math.max(0, kind), sign };
}

/** Binary weights by fours of channels: one nonzero weight among a group's eight a ± b ± c ± d. */
export function quadWeights(weights: IntegerWeights, channels: number): IntegerWeights {
  return grouped(weights, channels, 4, 8, ([a = 1, b = a, c = a, d = a]) => ({
    kind: 4 * Number(b !== a) + 2 * Number(c !== a) + Number(d !== a),
    sign: a,
  }));
}

/** One weight for each group of `size` neighbouring channels, at place `kind` of its `words`. */
function grouped(
  { filters, taps, codes }: IntegerWeights,
  channels: number,
  size: number,
  words: number,
  join: (group: readonly number[]) => { kind: number; sign: number },
): IntegerWeights {
  const groups = Math.ceil(channels / size);
  const places = taps / channels;
  const wide = places * groups * words;
  const joined = new Int8Array(filters * wide);
  for (let filter = 0; filter < filters; filter++) {
    for (let place = 0; place < places; place++) {
      for (let group = 0; group < groups; group++) {
        const from = filter * taps + place * channels + group * size;
        const end = filter * taps + (place + 1) * channels;
        const { kind, sign } = join([...codes.subarray(from, Math.min(end, from + size))]);
        joined[filter * wide + (place * groups + group) * words + kind] = sign;
      }
    }
  }
  return { filters, taps: wide, codes: joined };
}

/**
 * Numbers of `entries` that each filter needs, all levels together. `entries` of `bs_swar_plan` is at least the largest
 * of them; the sum of all means that the ring is filled once.
 *
 * @param levels as the kernel gets them
 */
export function swarSections(
  levels: readonly IntegerWeights[],
  tables: SwarTables,
  channels: number,
): number[] {
  const lists = levels.map((level) => (tables === 'pairs' ? pairedWeights(level, channels) : level));
  return Array.from({ length: levels[0]?.filters ?? 0 }, (_, filter) =>
    lists.reduce((sum, { taps, codes }) => {
      const row = codes.subarray(filter * taps, (filter + 1) * taps);
      const added = row.filter((code) => code > 0).length;
      const subtracted = row.filter((code) => code < 0).length;
      return sum + 2 + 2 * Math.ceil(added / 2) + 2 * Math.ceil(subtracted / 2);
    }, 0),
  );
}

/**
 * The sections of all filters, for `ready` of `bs_swar_plan`: what `bs_swar_section` makes, without a decoder.
 *
 * @param levels weights as the kernel would get them (`pairs`: not joined); `depthwise`: a filter sees one channel
 */
export function swarReady(
  levels: readonly IntegerWeights[],
  tables: SwarTables,
  window: SwarWindow,
  depthwise = false,
): Uint16Array {
  const shape = swarShape(window, tables, 1);
  const depth = depthwise ? 1 : shape.depth;
  const offset = (tap: number) => {
    const place = Math.floor(tap / depth);
    const [dy, dx] = [Math.floor(place / window.kernel[1]), place % window.kernel[1]];
    const column = (dx % shape.runs) * shape.run + Math.floor(dx / shape.runs) * shape.step;
    return 4 * ((dy * shape.tapSlots * shape.depth + (tap % depth)) * shape.span + column);
  };
  const even = (list: readonly number[]) => (list.length % 2 === 0 ? list : [...list, 0]);
  const joined = levels.map((level) => (tables === 'pairs' ? pairedWeights(level, window.channels) : level));
  const filters = Array.from({ length: levels[0]?.filters ?? 0 }, (_, filter) => filter);
  return Uint16Array.from(
    filters.flatMap((filter) =>
      joined.flatMap(({ taps, codes }) => {
        const row = [...codes.subarray(filter * taps, (filter + 1) * taps)];
        const offsets = (sign: number) => row.flatMap((code, tap) => (code === sign ? [offset(tap)] : []));
        const [added, subtracted] = [offsets(1), offsets(-1)];
        return [added.length, subtracted.length, ...even(added), ...even(subtracted)];
      }),
    ),
  );
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}
