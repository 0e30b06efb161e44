import { describe, expect, it } from 'vitest';
import { boardRunner, hostRunners, type KernelProgram, type KernelRunner } from '#test/support/kernel-program.ts';
import { Draw } from '#test/support/random-quantities.ts';
import { levelsCases, type LevelsCase } from '#test/support/sliced-cases.ts';
import {
  filterNumbers,
  mapNumbers,
  READERS_IN_C,
  slicedWords,
  windowNumbers,
} from '#test/support/sliced-convolution.ts';

/** Bit-sliced convolutions of several levels against totals of codes taken one by one. */

const program: KernelProgram = {
  sources: ['packed', 'sliced'],
  headers: ['bitsmith_sliced.h'],
  body: `${READERS_IN_C}
enum { MOST = 4 };

static void run_case(int32_t form)
{
    bs_sliced_window windows[MOST];
    const uint32_t *inputs[MOST];
    bs_packed weights[MOST];
    bs_sliced_level levels[MOST];
    const uint32_t window_count = (uint32_t)next();
    const uint32_t level_count = (uint32_t)next();
    const uint32_t tiles = (uint32_t)next();
    const int32_t *bias = NULL;
    bs_thresholds thresholds;
    bs_sliced_totals totals;
    bs_sliced_map sliced;
    bs_map map;
    size_t tile_words = 32;
    uint32_t taps = 0;
    uint32_t *tile;
    uint16_t *list;
    void *output;
    size_t count;
    size_t i;
    bs_status status;
    for (i = 0; i < window_count; i++) {
        windows[i] = window_in();
        inputs[i] = planes_in(&windows[i].in);
    }
    for (i = 0; i < level_count; i++) {
        levels[i].window = (uint32_t)next();
        weights[i] = packed_in();
        levels[i].weights = &weights[i];
        levels[i].count = counter_of(&windows[levels[i].window], &weights[i]);
        levels[i].multipliers = (next() != 0) ? ints_in(weights[i].filters) : NULL;
        taps = (weights[i].taps > taps) ? weights[i].taps : taps;
    }
    if (next() != 0) {
        bias = ints_in(weights[0].filters);
    }
    thresholds.channels = weights[0].filters;
    thresholds.steps = (uint32_t)next();
    thresholds.values = ints_in((size_t)thresholds.channels * thresholds.steps);
    thresholds.direction = NULL;
    thresholds.codes = (const int8_t *)bytes_in(thresholds.steps + 1U);
    for (i = 0; i < window_count; i++) {
        const uint32_t own =
            windows[i].kernel_height * windows[i].kernel_width * windows[i].in.channels;
        tile_words += (own * bs_tap_words_sliced(&windows[i])) + BS_TALLY_PLANES;
    }
    tile = (uint32_t *)take(((tiles * tile_words) + (6U * level_count) + window_count) * sizeof *tile);
    list = (uint16_t *)take(taps * sizeof *list);
    totals.sliced = NULL;
    totals.map = NULL;
    totals.thresholds = (thresholds.steps != 0U) ? &thresholds : NULL;
    map.height = windows[0].height;
    map.width = windows[0].width;
    map.channels = weights[0].filters;
    map.row_step = (map.width * map.channels) + 3U;
    count = (size_t)map.height * map.row_step;
    if (form == 2) {
        sliced = map_in();
        totals.sliced = &sliced;
        count = (size_t)sliced.channels * sliced.planes * sliced.words;
    } else {
        totals.map = &map;
    }
    output = take(count * ((form == 1) ? sizeof(int8_t) : sizeof(int32_t)));
    status = bs_conv2d_sliced_levels(windows, window_count, levels, level_count, bias, &totals, tiles, inputs, output,
                                     tile, list);
    put((int32_t)status);
    for (i = 0; i < count; i++) {
        if ((form == 2) || (i % map.row_step < map.width * map.channels)) {
            put((form == 1) ? ((int8_t *)output)[i] : ((int32_t *)output)[i]);
        }
    }
}
`,
};

function numbersOf(test: LevelsCase): number[] {
  const { windows, levels, bias, thresholds, sliced } = test;
  return [
    sliced ? 2 : thresholds ? 1 : 0,
    windows.length,
    levels.length,
    test.tiles,
    ...windows.flatMap((window) => [...windowNumbers(window), ...slicedWords(window.in)]),
    ...levels.flatMap(({ window, filters, multipliers }) => [
      window,
      ...filterNumbers(filters),
      ...(multipliers ? [1, ...multipliers] : [0]),
    ]),
    ...(bias ? [1, ...bias] : [0]),
    thresholds?.steps ?? 0,
    ...(thresholds?.values ?? []),
    ...(thresholds?.codes ?? [0]),
    ...(sliced ? mapNumbers(sliced) : []),
  ];
}

function check(runner: KernelRunner, cases: readonly LevelsCase[]): void {
  const output = runner.run(program, cases.flatMap(numbersOf));
  let at = 0;
  for (const test of cases) {
    const expected = [0, ...(test.sliced ? slicedWords(test.sliced) : test.expected)];
    expect([...output.subarray(at, at + expected.length)], test.title).toEqual(expected);
    at += expected.length;
  }
  expect(at).toBe(output.length);
}

const cases = levelsCases(new Draw(9, 'sliced-levels'), 150);
const hosts = await hostRunners();
const boards = await Promise.all((['cortex-m0', 'rv32imc'] as const).map(boardRunner));

describe.each(hosts)('sliced convolutions of levels with $title', (runner) => {
  it.skipIf(!runner.available)('have the totals of codes taken one by one', () => {
    check(runner, cases);
  });
});

describe.each(boards)('sliced convolutions of levels on an emulated $title', (runner) => {
  it.skipIf(!runner.available)('have the totals of codes taken one by one', () => {
    check(runner, cases.slice(0, 60));
  });
});
