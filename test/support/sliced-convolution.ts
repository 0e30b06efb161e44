import type { IntegerWeights } from '#shared/export/ir/graph.ts';
import { PACKINGS } from '#shared/export/plan/packing/registry.ts';
import { steps } from '#shared/export/plan/packing/steps.ts';
import type { Packing } from '#shared/export/plan/packing/types.ts';
import type { Draw } from './random-quantities.ts';

/** Convolutions over maps of binary and ternary codes, computed code by code, and their case for a C program. */

/** Codes in rows, columns, channels. A binary map's codes are `low` and +1. */
export interface CodeMap {
  height: number;
  width: number;
  channels: number;
  planes: 1 | 2;
  low: -1 | 0;
  codes: Int8Array;
}

export interface CodeWindow {
  in: CodeMap;
  kernel: [number, number];
  strides: [number, number];
  dilation: [number, number];
  top: number;
  left: number;
  height: number;
  width: number;
  outside: -1 | 0;
}

export interface PackedFilters {
  weights: IntegerWeights;
  packing: Packing;
  /** Whether the kernel walks them where they lie. */
  walked: boolean;
}

const wordsOf = (height: number, width: number): number => Math.ceil((height * width) / 32);

/** The map in the sliced form, as signed words. */
export function slicedWords({ height, width, channels, planes, codes }: CodeMap): number[] {
  const words = wordsOf(height, width);
  const result = new Int32Array(channels * planes * words);
  for (const [index, code] of codes.entries()) {
    const pixel = Math.floor(index / channels);
    const channel = index % channels;
    const plane = channel * planes + (planes === 2 && code === -1 ? 1 : 0);
    const set = planes === 2 ? code !== 0 : code === 1;
    if (set) result[plane * words + (pixel >> 5)]! |= 1 << (pixel & 31);
  }
  return [...result];
}

/** Sums of every output and filter, in rows, columns, filters. */
export function windowSums(window: CodeWindow, weights: IntegerWeights, depthwise: boolean): Int32Array {
  const { in: map, kernel, strides, dilation } = window;
  const sums = new Int32Array(window.height * window.width * weights.filters);
  for (let y = 0; y < window.height; y++)
    for (let x = 0; x < window.width; x++)
      for (let filter = 0; filter < weights.filters; filter++) {
        let sum = 0;
        for (let tap = 0; tap < weights.taps; tap++) {
          const channels = depthwise ? 1 : map.channels;
          const place = Math.floor(tap / channels);
          const row = y * strides[0] + Math.floor(place / kernel[1]) * dilation[0] - window.top;
          const column = x * strides[1] + (place % kernel[1]) * dilation[1] - window.left;
          const channel = depthwise ? filter : tap % channels;
          const inside = row >= 0 && row < map.height && column >= 0 && column < map.width;
          const at = (row * map.width + column) * map.channels + channel;
          sum += weights.codes[filter * weights.taps + tap]! * (inside ? map.codes[at]! : window.outside);
        }
        sums[(y * window.width + x) * weights.filters + filter] = sum;
      }
  return sums;
}

export function randomMap(
  draw: Draw,
  shape: Pick<CodeMap, 'height' | 'width' | 'channels'>,
  kind: 'ternary' | 'signs' | 'bits',
): CodeMap {
  const low = kind === 'signs' ? -1 : 0;
  const values = kind === 'ternary' ? [-1, 0, 1] : [low, 1];
  const codes = Int8Array.from(
    { length: shape.height * shape.width * shape.channels },
    () => values[draw.int(0, values.length - 1)]!,
  );
  return { ...shape, planes: kind === 'ternary' ? 2 : 1, low, codes };
}

/** @param zeros share of zeros among the weights */
export function randomFilters(draw: Draw, filters: number, taps: number, zeros: number): IntegerWeights {
  const codes = Int8Array.from({ length: filters * taps }, () =>
    draw.int(0, 999) < zeros * 1000 ? 0 : draw.int(0, 1) * 2 - 1,
  );
  return { filters, taps, codes };
}

/** One of the packings that fit; steps, which kernels can walk, more often than others. */
export function randomPacking(draw: Draw, weights: IntegerWeights): PackedFilters {
  const fitting = PACKINGS.filter((packing) => packing.fits(weights));
  const walked = draw.chance(0.4) && steps.fits(weights);
  return { weights, packing: walked ? steps : draw.pick(fitting), walked };
}

export const mapNumbers = (map: CodeMap): number[] => [
  map.height,
  map.width,
  map.channels,
  wordsOf(map.height, map.width),
  map.planes,
  map.low,
];

export const windowNumbers = (window: CodeWindow): number[] => [
  ...mapNumbers(window.in),
  ...[...window.kernel, ...window.strides, ...window.dilation],
  ...[window.top, window.left, window.height, window.width, window.outside],
];

export function filterNumbers({ weights, packing, walked }: PackedFilters): number[] {
  const { data, signs = new Uint8Array() } = packing.pack(weights);
  const decoder = walked ? -1 : PACKINGS.indexOf(packing);
  return [weights.filters, weights.taps, decoder, data.length, ...data, signs.length, ...signs];
}

/** Reads what the functions above write. */
export const READERS_IN_C = `
static bs_sliced_map map_in(void)
{
    bs_sliced_map map;
    map.height = (uint32_t)next();
    map.width = (uint32_t)next();
    map.channels = (uint32_t)next();
    map.words = (uint32_t)next();
    map.planes = (uint32_t)next();
    map.low = next();
    return map;
}

static uint32_t *planes_in(const bs_sliced_map *map)
{
    return words_in((size_t)map->channels * map->planes * map->words);
}

static bs_sliced_window window_in(void)
{
    bs_sliced_window window;
    window.in = map_in();
    window.kernel_height = (uint32_t)next();
    window.kernel_width = (uint32_t)next();
    window.stride_height = (uint32_t)next();
    window.stride_width = (uint32_t)next();
    window.dilation_height = (uint32_t)next();
    window.dilation_width = (uint32_t)next();
    window.top = (uint32_t)next();
    window.left = (uint32_t)next();
    window.height = (uint32_t)next();
    window.width = (uint32_t)next();
    window.outside = next();
    return window;
}

static bs_packed packed_in(void)
{
    static const bs_decoder decoders[] = {${PACKINGS.map(({ decoder }) => decoder).join(', ')}};
    bs_packed packed;
    uint32_t bytes;
    int32_t decoder;
    packed.filters = (uint32_t)next();
    packed.taps = (uint32_t)next();
    decoder = next();
    packed.decode = (decoder < 0) ? NULL : decoders[decoder];
    bytes = (uint32_t)next();
    packed.data = bytes_in(bytes);
    bytes = (uint32_t)next();
    packed.signs = bytes_in(bytes);
    return packed;
}

/** The loop that counts a window's entries. */
static bs_counter counter_of(const bs_sliced_window *window, const bs_packed *weights)
{
    if (bs_tap_words_sliced(window) == 2U) {
        return (weights->decode != NULL) ? bs_count_ternary : bs_count_ternary_steps;
    }
    return (weights->decode != NULL) ? bs_count_binary : bs_count_binary_steps;
}
`;
