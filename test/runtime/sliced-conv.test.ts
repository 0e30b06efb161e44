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
enum { CONV = 0, DEPTHWISE = 1, CONV_MVE = 2, DEPTHWISE_MVE = 3 };

static bs_counter_mve counter_mve_of(const bs_sliced_window *window, const bs_packed *weights)
{
    if (bs_tap_words_sliced(window) == 2U) {
        return (weights->decode != NULL) ? bs_count_ternary_mve : bs_count_ternary_steps_mve;
    }
    return (weights->decode != NULL) ? bs_count_binary_mve : bs_count_binary_steps_mve;
}

static void run_case(int32_t kernel)
{
    const bs_sliced_window window = window_in();
    const uint32_t *input = planes_in(&window.in);
    const bs_packed weights = packed_in();
    const bs_sliced_map out = map_in();
    const uint32_t tiles = (uint32_t)next();
    const uint32_t variants = (uint32_t)next();
    const size_t rows = (size_t)weights.filters * variants;
    const size_t words = (size_t)out.channels * out.planes * out.words;
    const uint32_t tile_words = weights.taps * bs_tap_words_sliced(&window);
    const uint32_t scratch[4] = {
        tiles * (tile_words + BS_TALLY_PLANES),
        tiles * tile_words,
        tiles * 4U * (tile_words + BS_TALLY_PLANES),
        (14U * weights.taps * tiles) + (4U * tile_words),
    };
    uint32_t *tile = (uint32_t *)take(scratch[kernel] * sizeof *tile);
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
    if ((kernel == CONV_MVE) || (kernel == DEPTHWISE_MVE)) {
        status = ((kernel == DEPTHWISE_MVE) ? bs_depthwise_sliced_mve : bs_conv2d_sliced_mve)(
            &window, &weights, counter_mve_of(&window, &weights), &thresholds, &out, tiles,
            (variants != 1U) ? &skip : NULL, input, skip_input, output, tile, list);
    } else {
        status = ((kernel == DEPTHWISE) ? bs_depthwise_sliced : bs_conv2d_sliced)(
            &window, &weights, counter_of(&window, &weights), &thresholds, &out, tiles,
            (variants != 1U) ? &skip : NULL, input, skip_input, output, tile, list);
    }
    put((int32_t)status);
    for (i = 0; i < words; i++) {
        put((int32_t)output[i]);
    }
}
`,
};

/** Of words, or of vectors of four of them. */
type Form = 'words' | 'mve';

function numbersOf(test: ThresholdCase, form: Form): number[] {
  const { window, filters, out, skip } = test;
  return [
    (test.depthwise ? 1 : 0) + (form === 'mve' ? 2 : 0),
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

function check(runner: KernelRunner, cases: readonly ThresholdCase[], forms: readonly Form[]): void {
  const runs = forms.flatMap((form) => cases.map((test) => ({ test, form })));
  const output = runner.run(
    program,
    runs.flatMap(({ test, form }) => numbersOf(test, form)),
  );
  let at = 0;
  for (const { test, form } of runs) {
    const expected = [0, ...slicedWords(test.out)];
    expect([...output.subarray(at, at + expected.length)], `${test.title}, ${form}`).toEqual(expected);
    at += expected.length;
  }
  expect(at).toBe(output.length);
}

const cases = thresholdCases(new Draw(4, 'sliced-convolution'), 400);
const hosts = await hostRunners();
const boards = await Promise.all((['cortex-m0', 'cortex-m4', 'cortex-m55', 'rv32imc'] as const).map(boardRunner));

describe.each(hosts)('sliced convolutions with $title', (runner) => {
  it.skipIf(!runner.available)('have the codes of sums taken one by one', () => {
    check(runner, cases, ['words', 'mve']);
  });
});

describe.each(boards)('sliced convolutions on an emulated $title', (runner) => {
  it.skipIf(!runner.available)('have the codes of sums taken one by one', () => {
    // Only one of the boards has vectors; elsewhere the same code is portable C.
    check(runner, cases.slice(0, 150), runner.title === 'cortex-m55' ? ['words', 'mve'] : ['words']);
  });
});
