import { describe, expect, it } from 'vitest';
import { expectCases, type KernelCase } from '#test/support/kernel-cases.ts';
import { boardRunner, hostRunners, type KernelProgram } from '#test/support/kernel-program.ts';
import { Draw } from '#test/support/random-quantities.ts';
import { FORMS, mapNumbers, randomCodes, READ_MAP, wordsOf, type CodeMap } from '#test/support/sliced-maps.ts';

/** Kernels from planes to planes against loops over plain codes: pooling, sums, joins, packing and back, flattening. */

const KINDS = { pool: 0, sum: 1, join: 2, pack: 3, unpack: 4, flatten: 5, pairs: 6 } as const;
const program: KernelProgram = {
  sources: ['planes', 'sliced/bs_count_binary.c', 'sliced/bs_count_ternary.c'],
  headers: ['bitsmith_sliced.h'],
  body: `${READ_MAP}
static bs_map element_map(const bs_sliced_map *map, uint32_t row_step)
{
    bs_map elements;
    elements.height = map->height;
    elements.width = map->width;
    elements.channels = map->channels;
    elements.row_step = row_step;
    return elements;
}

/* Bytes of a map that begins at offset \`shift\` of an aligned buffer and ends with it. */
static int8_t *map_at(const bs_map *map, uint32_t shift, uint32_t *count)
{
    *count = ((map->height - 1U) * map->row_step) + (map->width * map->channels);
    return (int8_t *)take(*count + shift) + shift;
}

static void run_case(int32_t kind)
{
    bs_sliced_map out = read_map();
    const uint32_t out_words = map_words(&out);
    uint32_t *output = (uint32_t *)take(out_words * sizeof *output);
    const bs_sliced_map in = read_map();
    uint32_t i;
    if (kind == ${KINDS.pool} || kind == ${KINDS.pairs}) {
        const uint32_t *input = words_in(map_words(&in));
        bs_pool pool;
        pool.height = in.height;
        pool.width = in.width;
        pool.kernel_height = (uint32_t)next();
        pool.kernel_width = (uint32_t)next();
        pool.stride_height = (uint32_t)next();
        pool.stride_width = (uint32_t)next();
        pool.top = (uint32_t)next();
        pool.left = (uint32_t)next();
        pool.out_height = out.height;
        pool.out_width = out.width;
        put((int32_t)((kind == ${KINDS.pairs}) ? bs_max_pool_pairs_sliced : bs_max_pool_sliced)(&pool, &in, &out, input,
                                                                                            output));
        put_words(output, out_words);
    } else if (kind == ${KINDS.sum}) {
        const uint32_t *input = words_in(map_words(&in));
        int32_t *sums = (int32_t *)take(in.channels * sizeof *sums);
        put((int32_t)bs_sum_sliced_s32(&in, input, sums));
        for (i = 0; i < in.channels; i++) {
            put(sums[i]);
        }
    } else if (kind == ${KINDS.join}) {
        const uint32_t *a = words_in(map_words(&in));
        const bs_sliced_map b_map = read_map();
        const uint32_t *b = words_in(map_words(&b_map));
        const uint32_t *tables = words_in(in.channels);
        put((int32_t)bs_join_sliced(&in, &b_map, &out, tables, a, b, output));
        put_words(output, out_words);
    } else if (kind == ${KINDS.pack}) {
        const uint32_t shift = (uint32_t)next();
        const bs_map elements = element_map(&in, (uint32_t)next());
        uint32_t count;
        int8_t *input = map_at(&elements, shift, &count);
        for (i = 0; i < count; i++) {
            input[i] = (int8_t)next();
        }
        put((int32_t)bs_pack_sliced_s8(&elements, &out, input, output));
        put_words(output, out_words);
    } else if (kind == ${KINDS.unpack}) {
        const uint32_t *input = words_in(map_words(&in));
        const uint32_t shift = (uint32_t)next();
        const bs_map elements = element_map(&in, (uint32_t)next());
        uint32_t count;
        int8_t *bytes = map_at(&elements, shift, &count);
        memset(bytes, 0x55, count);
        put((int32_t)bs_unpack_sliced_s8(&in, &elements, input, bytes));
        for (i = 0; i < count; i++) {
            put(bytes[i]);
        }
    } else {
        const uint32_t *input = words_in(map_words(&in));
        put((int32_t)bs_flatten_sliced(&in, input, output));
        put_words(output, out_words);
    }
}
`,
};
const OK = 0;
const at = (map: CodeMap, y: number, x: number, c: number): number | undefined =>
  y < 0 || x < 0 || y >= map.height || x >= map.width
    ? undefined
    : map.codes[(y * map.width + x) * map.channels + c];
const shapeOf = (map: CodeMap) => `${map.height} x ${map.width} x ${map.channels}, ${map.planes} planes, low ${map.low}`;

interface Window {
  kernel: readonly [number, number];
  strides: readonly [number, number];
  padding?: readonly [top: number, left: number, bottom: number, right: number];
}

function poolCase(
  map: CodeMap,
  { kernel, strides, padding = [0, 0, 0, 0] }: Window,
  kind: 'pool' | 'pairs' = 'pool',
): KernelCase {
  const [top, left, bottom, right] = padding;
  const height = Math.floor((map.height + top + bottom - kernel[0]) / strides[0]) + 1;
  const width = Math.floor((map.width + left + right - kernel[1]) / strides[1]) + 1;
  const codes: number[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < map.channels; c++) {
        let best = -1;
        for (let dy = 0; dy < kernel[0]; dy++) {
          for (let dx = 0; dx < kernel[1]; dx++) {
            best = Math.max(best, at(map, y * strides[0] + dy - top, x * strides[1] + dx - left, c) ?? -1);
          }
        }
        codes.push(best);
      }
    }
  }
  const out = { ...map, height, width, codes };
  return {
    title: `${kind} ${kernel.join(' x ')} step ${strides.join(' x ')} padding ${padding.join(' ')} of ${shapeOf(map)}`,
    kind: KINDS[kind],
    input: [...mapNumbers(out), ...mapNumbers(map), ...wordsOf(map), ...kernel, ...strides, top, left],
    expected: [OK, ...wordsOf(out)],
  };
}

function poolCases(draw: Draw): KernelCase[] {
  const pairs = { kernel: [2, 2], strides: [2, 2] } as const;
  const squares = [2, 4, 8, 16, 32, 64].flatMap((side) =>
    [side, side + 2, 2].map((height) => [height, side, draw.int(1, 3)] as const),
  );
  const odd = [
    [7, 7, 2],
    [14, 14, 2],
    [28, 28, 1],
    [5, 32, 2],
    [9, 8, 2],
    [6, 33, 1],
    [1, 70, 2],
    [40, 3, 2],
    [12, 6, 2],
    [6, 66, 2],
  ] as const;
  const windows: Window[] = [
    pairs,
    { kernel: [3, 3], strides: [2, 2], padding: [1, 1, 1, 1] },
    { kernel: [3, 3], strides: [2, 2], padding: [0, 0, 1, 1] },
    { kernel: [3, 3], strides: [1, 1], padding: [1, 1, 1, 1] },
    { kernel: [2, 3], strides: [1, 2], padding: [1, 1, 0, 1] },
    { kernel: [2, 2], strides: [3, 3], padding: [0, 0, 2, 2] },
    { kernel: [1, 4], strides: [1, 5], padding: [0, 0, 0, 3] },
    { kernel: [1, 1], strides: [2, 2] },
  ];
  const wide: [readonly [number, number, number], Window][] = [
    [[1, 70, 2], { kernel: [1, 32], strides: [1, 3] }],
    [[2, 70, 2], { kernel: [2, 33], strides: [1, 2], padding: [0, 5, 0, 5] }],
    [[3, 200, 1], { kernel: [3, 130], strides: [1, 40], padding: [1, 20, 0, 20] }],
    [[1, 90, 1], { kernel: [1, 2], strides: [1, 45] }],
    [[8, 8, 3], { kernel: [8, 8], strides: [8, 8] }],
  ];
  return FORMS.flatMap((form) => [
    ...[...squares, ...odd.filter(([height]) => height > 1)].map((shape) =>
      poolCase(randomCodes(draw, shape, form, form.planes === 2 ? 0.9 : 0.3), pairs, 'pairs'),
    ),
    ...squares.map((shape) => poolCase(randomCodes(draw, shape, form, form.planes === 2 ? 0.9 : 0.3), pairs)),
    ...odd.flatMap((shape) =>
      windows
        .filter(({ kernel, padding = [0, 0, 0, 0] }) => {
          const [top, left, bottom, right] = padding;
          return shape[0] + top + bottom >= kernel[0] && shape[1] + left + right >= kernel[1];
        })
        .map((window) => poolCase(randomCodes(draw, shape, form, form.planes === 2 ? 0.9 : 0.3), window)),
    ),
    ...wide.map(([shape, window]) => poolCase(randomCodes(draw, shape, form, form.planes === 2 ? 0.99 : 0.02), window)),
  ]);
}

const SHAPES = [
  [1, 1, 1],
  [3, 3, 5],
  [4, 8, 4],
  [5, 7, 8],
  [8, 8, 3],
  [6, 11, 12],
  [16, 4, 2],
] as const;

function sumCases(draw: Draw): KernelCase[] {
  return FORMS.flatMap((form) =>
    SHAPES.map((shape) => {
      const map = randomCodes(draw, shape, form);
      const sums = Array.from({ length: map.channels }, (_, c) =>
        map.codes.reduce((sum, code, index) => sum + (index % map.channels === c ? code : 0), 0),
      );
      return {
        title: `sum of ${shapeOf(map)}`,
        kind: KINDS.sum,
        input: [...mapNumbers(map), ...mapNumbers(map), ...wordsOf(map)],
        expected: [OK, ...sums],
      };
    }),
  );
}

function joinCases(draw: Draw): KernelCase[] {
  const combinations = FORMS.flatMap((a) => FORMS.flatMap((b) => FORMS.map((out) => ({ a, b, out }))));
  return combinations.flatMap(({ a, b, out }) =>
    SHAPES.slice(1, 5).map((shape) => {
      const first = randomCodes(draw, shape, a, 0.6);
      const second = randomCodes(draw, shape, b, 0.6);
      const digits = Array.from({ length: first.channels }, () =>
        Array.from({ length: 9 }, () => (out.planes === 2 ? draw.int(0, 2) : draw.pick([out.low + 1, 2]))),
      );
      const tables = digits.map((row) => row.reduce((table, digit, i) => table | (digit << (2 * i)), 0));
      const codes = first.codes.map(
        (code, i) => (digits[i % first.channels]?.[3 * (code + 1) + ((second.codes[i] ?? 0) + 1)] ?? 0) - 1,
      );
      const joined = { ...first, ...out, codes };
      return {
        title: `join of ${shapeOf(first)} and ${shapeOf(second)} to ${out.planes} planes`,
        kind: KINDS.join,
        input: [
          ...mapNumbers(joined),
          ...mapNumbers(first),
          ...wordsOf(first),
          ...mapNumbers(second),
          ...wordsOf(second),
          ...tables,
        ],
        expected: [OK, ...wordsOf(joined)],
      };
    }),
  );
}

/** A map in bytes, with `gap` bytes between its rows that nobody may read for codes, or write. */
function bytesOf(map: CodeMap, gap: number, filler: number): number[] {
  const row = map.width * map.channels;
  return Array.from({ length: map.height }, (_, y) => [
    ...map.codes.slice(y * row, (y + 1) * row),
    ...Array.from({ length: y === map.height - 1 ? 0 : gap }, () => filler),
  ]).flat();
}

function packCases(draw: Draw): KernelCase[] {
  return FORMS.flatMap((form) =>
    SHAPES.flatMap((shape) =>
      [
        { gap: 0, shift: 0 },
        { gap: 0, shift: 1 },
        { gap: 4, shift: 0 },
        { gap: 3, shift: 2 },
      ].flatMap(({ gap, shift }) => {
        const map = randomCodes(draw, shape, form);
        const step = map.width * map.channels + gap;
        const title = `${shapeOf(map)}, gap ${gap}, shift ${shift}`;
        return [
          {
            title: `packing of ${title}`,
            kind: KINDS.pack,
            input: [...mapNumbers(map), ...mapNumbers(map), shift, step, ...bytesOf(map, gap, 1)],
            expected: [OK, ...wordsOf(map)],
          },
          {
            title: `unpacking of ${title}`,
            kind: KINDS.unpack,
            input: [...mapNumbers(map), ...mapNumbers(map), ...wordsOf(map), shift, step],
            expected: [OK, ...bytesOf(map, gap, 0x55)],
          },
        ];
      }),
    ),
  );
}

function flattenCases(draw: Draw): KernelCase[] {
  return FORMS.flatMap((form) =>
    [...SHAPES, [4, 16, 3] as const].map((shape) => {
      const map = randomCodes(draw, shape, form);
      const pixels = map.height * map.width;
      const codes = Array.from(
        { length: map.codes.length },
        (_, i) => map.codes[(i % pixels) * map.channels + Math.floor(i / pixels)] ?? 0,
      );
      const flat = { ...map, height: 1, width: codes.length, channels: 1, codes };
      return {
        title: `flattening of ${shapeOf(map)}`,
        kind: KINDS.flatten,
        input: [...mapNumbers(flat), ...mapNumbers(map), ...wordsOf(map)],
        expected: [OK, ...wordsOf(flat)],
      };
    }),
  );
}

const draw = new Draw(21, 'planes');
const groups = {
  'max-pooling': poolCases(draw),
  sums: sumCases(draw),
  joins: joinCases(draw),
  'packing and unpacking': packCases(draw),
  flattening: flattenCases(draw),
};
const runners = [...(await hostRunners()), ...(await Promise.all((['cortex-m0', 'cortex-m4', 'rv32imc'] as const).map(boardRunner)))];

describe.each(runners)('planes with $title', (runner) => {
  it.skipIf(!runner.available)('agree with loops over codes', () => {
    const cases = Object.values(groups).flat();
    expect(expectCases(runner, program, cases)).toBeGreaterThan(5000);
  });
});
