import { describe, expect, it } from 'vitest';
import { crc32 } from 'node:zlib';
import { expectCases, type KernelCase } from '#test/support/kernel-cases.ts';
import { boardRunner, hostRunners, type KernelProgram } from '#test/support/kernel-program.ts';
import { Draw } from '#test/support/random-quantities.ts';
import { FORMS, mapNumbers, randomCodes, READ_MAP, wordsOf } from '#test/support/sliced-maps.ts';

/** Additions of bytes, four in a word, and what an observer sees of a map in planes. */

const KINDS = { add: 0, value: 1 } as const;
const program: KernelProgram = {
  sources: ['check', 'elementwise/bs_add_s8.c'],
  headers: ['bitsmith_sliced.h'],
  body: `${READ_MAP}
static int8_t *bytes_at(uint32_t shift, uint32_t count)
{
    int8_t *bytes = (int8_t *)take(shift + count) + shift;
    uint32_t i;
    for (i = 0; i < count; i++) {
        bytes[i] = (int8_t)next();
    }
    return bytes;
}

static void run_case(int32_t kind)
{
    uint32_t i;
    if (kind == ${KINDS.add}) {
        bs_map maps[3];
        int8_t *bytes[3];
        uint32_t counts[3];
        for (i = 0; i < 3U; i++) {
            uint32_t shift;
            maps[i].height = (uint32_t)next();
            maps[i].width = (uint32_t)next();
            maps[i].channels = (uint32_t)next();
            maps[i].row_step = (uint32_t)next();
            shift = (uint32_t)next();
            counts[i] = ((maps[i].height - 1U) * maps[i].row_step) + (maps[i].width * maps[i].channels);
            bytes[i] = bytes_at(shift, counts[i]);
        }
        put((int32_t)bs_add_s8(&maps[0], &maps[1], &maps[2], bytes[0], bytes[1], bytes[2]));
        for (i = 0; i < counts[2]; i++) {
            put(bytes[2][i]);
        }
    } else {
        const bs_sliced_map map = read_map();
        const uint32_t *words = words_in(map_words(&map));
        bs_value value;
        value.map.height = map.height;
        value.map.width = map.width;
        value.map.channels = map.channels;
        value.map.row_step = 0;
        value.element_bytes = 0;
        value.sliced = &map;
        value.values = words;
        for (i = 0; i < map.height * map.width * map.channels; i++) {
            put(bs_value_at(&value, i));
        }
        put((int32_t)bs_crc32_value(&value));
    }
}
`,
};

const OK = 0;
const draw = new Draw(41, 'planes-values');
/** Sums fit a byte, as the exporter proves; both ends of it occur. */
function addCase([height, width, channels]: readonly number[], gaps: readonly number[], shifts: readonly number[]): KernelCase {
  const row = (width ?? 1) * (channels ?? 1);
  const rows = height ?? 1;
  const a = Array.from({ length: rows * row }, () => draw.pick([draw.int(-128, 127), -128, 127, 0, -1]));
  const b = a.map((code) => draw.int(Math.max(-128, -128 - code), Math.min(127, 127 - code)));
  const laid = (codes: readonly number[], gap: number) =>
    Array.from({ length: rows }, (_, y) => [
      ...codes.slice(y * row, (y + 1) * row),
      ...Array<number>(y === rows - 1 ? 0 : gap).fill(77),
    ]).flat();
  const filler = a.map(() => 99);
  const part = (codes: readonly number[], index: number) => [
    ...[rows, width ?? 1, channels ?? 1, row + (gaps[index] ?? 0), shifts[index] ?? 0],
    ...laid(codes, gaps[index] ?? 0),
  ];
  const sums = a.map((code, i) => code + (b[i] ?? 0));
  return {
    title: `${rows} rows of ${row}, gaps ${gaps.join(' ')}, shifts ${shifts.join(' ')}`,
    kind: KINDS.add,
    input: [...part(a, 0), ...part(b, 1), ...part(filler, 2)],
    expected: [OK, ...laid(sums, gaps[2] ?? 0)],
  };
}

const additions = [
  [1, 1, 1],
  [2, 3, 1],
  [4, 4, 4],
  [3, 5, 7],
  [2, 16, 16],
  [5, 9, 3],
].flatMap((shape) =>
  [
    [0, 0, 0],
    [4, 0, 0],
    [0, 8, 12],
    [1, 2, 3],
  ].flatMap((gaps) =>
    [
      [0, 0, 0],
      [3, 3, 3],
      [1, 1, 2],
      [0, 2, 0],
    ].map((shifts) => addCase(shape, gaps, shifts)),
  ),
);
const values = FORMS.flatMap((form) =>
  [
    [1, 1, 1],
    [5, 7, 3],
    [1, 100, 1],
    [8, 8, 5],
  ].map(([height = 1, width = 1, channels = 1]): KernelCase => {
    const map = randomCodes(draw, [height, width, channels], form);
    const bytes = Buffer.from(Int32Array.from(map.codes).buffer);
    return {
      title: `value of ${height} x ${width} x ${channels} in ${form.planes} planes, low ${form.low}`,
      kind: KINDS.value,
      input: [...mapNumbers(map), ...wordsOf(map)],
      expected: [...map.codes, crc32(bytes) | 0],
    };
  }),
);
const runners = [
  ...(await hostRunners()),
  ...(await Promise.all((['cortex-m0', 'cortex-m4', 'rv32imc'] as const).map(boardRunner))),
];

describe.each(runners)('with $title', (runner) => {
  it.skipIf(!runner.available)('additions of bytes are exact wherever the maps lie', () => {
    expect(expectCases(runner, program, additions)).toBeGreaterThan(10_000);
  });
  it.skipIf(!runner.available)('an observer sees the codes of a map in planes', () => {
    expect(expectCases(runner, program, values)).toBeGreaterThan(1000);
  });
});
