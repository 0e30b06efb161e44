import type { Draw } from './random-quantities.ts';

/** Maps of codes as kernels in bit planes read them, built bit by bit and independent of the sources. */
export interface CodeMap {
  height: number;
  width: number;
  channels: number;
  planes: 1 | 2;
  low: -1 | 0;
  /** Row-major, channels fastest. */
  codes: number[];
}

export const FORMS = [
  { planes: 1, low: -1 },
  { planes: 1, low: 0 },
  { planes: 2, low: 0 },
] as const;

/** Random codes of a form; `density`: how many are the larger codes, or not 0. */
export function randomCodes(
  draw: Draw,
  [height, width, channels]: readonly [number, number, number],
  { planes, low }: Pick<CodeMap, 'planes' | 'low'>,
  density = 0.5,
): CodeMap {
  const code = () => {
    if (!draw.chance(density)) return low;
    return planes === 2 && draw.chance(0.5) ? -1 : 1;
  };
  const codes = Array.from({ length: height * width * channels }, code);
  return { height, width, channels, planes, low, codes };
}

export function wordsOfMap({ height, width }: Pick<CodeMap, 'height' | 'width'>): number {
  return Math.ceil((height * width) / 32);
}

/** The numbers of a `bs_sliced_map`. */
export function mapNumbers(map: Omit<CodeMap, 'codes'>): number[] {
  return [map.height, map.width, map.channels, wordsOfMap(map), map.planes, map.low];
}

/** The words of a map, as int32. */
export function wordsOf({ height, width, channels, planes, codes }: CodeMap): number[] {
  const words = wordsOfMap({ height, width });
  const result = new Int32Array(channels * planes * words);
  codes.forEach((code, index) => {
    const pixel = Math.floor(index / channels);
    const plane = (index % channels) * planes + (code === -1 ? 1 : 0);
    if (code === 0 || (planes === 1 && code === -1)) return;
    const at = plane * words + (pixel >> 5);
    result[at] = (result[at] ?? 0) | (1 << (pixel & 31));
  });
  return [...result];
}

/** C that reads a map's numbers and words: `read_map`, `map_words`. */
export const READ_MAP = `
static inline bs_sliced_map read_map(void)
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

static inline uint32_t map_words(const bs_sliced_map *map)
{
    return map->channels * map->planes * map->words;
}

static inline void put_words(const uint32_t *words, uint32_t count)
{
    uint32_t i;
    for (i = 0; i < count; i++) {
        put((int32_t)words[i]);
    }
}
`;
