import { describe, expect, it } from 'vitest';
import { boardRunner, hostRunners, type KernelProgram, type KernelRunner } from '#test/support/kernel-program.ts';
import { Draw } from '#test/support/random-quantities.ts';
import { thresholdCases, type ThresholdCase } from '#test/support/sliced-cases.ts';
import {
  filterNumbers,
  mapNumbers,
  READERS_IN_C,
  slicedWords,
  windowNumbers,
} from '#test/support/sliced-convolution.ts';

/** Bit-sliced convolutions with thresholds against sums of codes taken one by one. */

const program: KernelProgram = {
  sources: ['packed', 'sliced'],
  headers: ['bitsmith_sliced.h'],
  body: `${READERS_IN_C}
static void run_case(int32_t depthwise)
{
    const bs_sliced_window window = window_in();
    const uint32_t *input = planes_in(&window.in);
    const bs_packed weights = packed_in();
    const bs_sliced_map out = map_in();
    const uint32_t tiles = (uint32_t)next();
    const uint32_t variants = (uint32_t)next();
    const size_t rows = (size_t)weights.filters * variants;
    const size_t words = (size_t)out.channels * out.planes * out.words;
    /* Sums of all taps behind each tile. */
    const uint32_t more = (depthwise != 0) ? 0U : BS_TALLY_PLANES;
    const uint32_t tile_words = (weights.taps * bs_tap_words_sliced(&window)) + more;
    uint32_t *tile = (uint32_t *)take((size_t)tiles * tile_words * sizeof *tile);
    /* Weights that are walked where they lie need no list. */
    uint16_t *list = (weights.decode != NULL) ? (uint16_t *)take(weights.taps * sizeof *list) : NULL;
    uint32_t *output = (uint32_t *)take(words * sizeof *output);
    bs_sliced_thresholds thresholds;
    bs_sliced_map skip;
    const uint32_t *skip_input = NULL;
    bs_status status;
    size_t i;
    thresholds.variants = variants;
    thresholds.high = halves_in(rows);
    thresholds.low = (out.planes == 2U) ? halves_in(rows) : NULL;
    if (variants != 1U) {
        skip = map_in();
        skip_input = planes_in(&skip);
    }
    status = ((depthwise != 0) ? bs_depthwise_sliced : bs_conv2d_sliced)(
        &window, &weights, counter_of(&window, &weights), &thresholds, &out, tiles, (variants != 1U) ? &skip : NULL,
        input, skip_input, output, tile, list);
    put((int32_t)status);
    for (i = 0; i < words; i++) {
        put((int32_t)output[i]);
    }
}
`,
};

function numbersOf(test: ThresholdCase): number[] {
  const { window, filters, out, skip } = test;
  return [
    test.depthwise ? 1 : 0,
    ...windowNumbers(window),
    ...slicedWords(window.in),
    ...filterNumbers(filters),
    ...mapNumbers(out),
    test.tiles,
    test.variants,
    ...test.high,
    ...(out.planes === 2 ? test.low : []),
    ...(skip ? [...mapNumbers(skip), ...slicedWords(skip)] : []),
  ];
}

function check(runner: KernelRunner, cases: readonly ThresholdCase[]): void {
  const output = runner.run(program, cases.flatMap(numbersOf));
  let at = 0;
  for (const test of cases) {
    const expected = [0, ...slicedWords(test.out)];
    expect([...output.subarray(at, at + expected.length)], test.title).toEqual(expected);
    at += expected.length;
  }
  expect(at).toBe(output.length);
}

const cases = thresholdCases(new Draw(4, 'sliced-convolution'), 400);
const hosts = await hostRunners();
const boards = await Promise.all((['cortex-m0', 'cortex-m4', 'cortex-m55', 'rv32imc'] as const).map(boardRunner));

describe.each(hosts)('sliced convolutions with $title', (runner) => {
  it.skipIf(!runner.available)('have the codes of sums taken one by one', () => {
    check(runner, cases);
  });
});

describe.each(boards)('sliced convolutions on an emulated $title', (runner) => {
  it.skipIf(!runner.available)('have the codes of sums taken one by one', () => {
    check(runner, cases.slice(0, 150));
  });
});
