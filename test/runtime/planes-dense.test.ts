import { describe, expect, it } from 'vitest';
import { packPlane, wordsOf as planeWordsOf } from '#shared/export/plan/encoding.ts';
import type { IntegerWeights } from '#shared/export/ir/graph.ts';
import { laneWordsPerTap, packLanes } from '#shared/export/plan/packing/lanes.ts';
import { PACKINGS } from '#shared/export/plan/packing/registry.ts';
import { expectCases, type KernelCase } from '#test/support/kernel-cases.ts';
import { boardRunner, hostRunners, type KernelProgram } from '#test/support/kernel-program.ts';
import { Draw } from '#test/support/random-quantities.ts';
import { FORMS, mapNumbers, randomCodes, READ_MAP, wordsOf, type CodeMap } from '#test/support/sliced-maps.ts';

/** Dense layers over vectors in planes, all four ways, against sums of products. */

const KINDS = { planes: 0, packed: 1, lanes: 2, lanesSliced: 3 } as const;
const program: KernelProgram = {
  sources: ['planes', 'packed', 'sliced/bs_count_binary.c', 'sliced/bs_count_ternary.c'],
  headers: ['bitsmith_sliced.h'],
  body: `${READ_MAP}
static void run_case(int32_t kind)
{
    static const bs_decoder decoders[] = {${PACKINGS.map(({ decoder }) => decoder).join(', ')}};
    const bs_sliced_map in = read_map();
    const uint32_t *input = words_in(map_words(&in));
    const uint32_t filters = (uint32_t)next();
    const uint32_t taps = (uint32_t)next();
    int32_t *sums = (int32_t *)take(filters * sizeof *sums);
    uint16_t *list = (uint16_t *)take((kind == ${KINDS.packed}) ? ((3U * taps) + 1U) / 2U * sizeof *list
                                                                : taps * sizeof *list);
    uint32_t i;
    if (kind == ${KINDS.planes}) {
        bs_planes weights;
        const uint32_t has_nonzero = (uint32_t)next();
        weights.filters = filters;
        weights.taps = taps;
        weights.words = (taps + 31U) / 32U;
        weights.negative = words_in((size_t)filters * weights.words);
        weights.nonzero = (has_nonzero != 0U) ? words_in((size_t)filters * weights.words) : NULL;
        put((int32_t)bs_dense_sliced(&weights, &in, input, sums));
    } else if (kind == ${KINDS.packed}) {
        bs_packed weights;
        size_t count;
        weights.filters = filters;
        weights.taps = taps;
        weights.decode = decoders[next()];
        count = (size_t)next();
        weights.data = bytes_in(count);
        count = (size_t)next();
        weights.signs = bytes_in(count);
        put((int32_t)bs_dense_sliced_packed(&weights, &in, input, sums, list));
    } else {
        bs_lane_weights weights;
        weights.filters = filters;
        weights.taps = taps;
        weights.words = (uint32_t)next();
        weights.lanes = words_in((size_t)((filters + 31U) / 32U) * taps * weights.words);
        if (kind == ${KINDS.lanes}) {
            put((int32_t)bs_dense_lanes(&weights, &in, input, sums, list));
        } else {
            bs_sliced_thresholds thresholds;
            const bs_sliced_map out = read_map();
            uint32_t *output = (uint32_t *)take(map_words(&out) * sizeof *output);
            thresholds.variants = 1;
            thresholds.high = halves_in(filters);
            thresholds.low = (out.planes == 2U) ? halves_in(filters) : NULL;
            put((int32_t)bs_dense_lanes_sliced(&weights, &thresholds, &in, &out, input, output, list));
            put_words(output, map_words(&out));
            return;
        }
    }
    for (i = 0; i < filters; i++) {
        put(sums[i]);
    }
}
`,
};

const OK = 0;
const signed = (words: Uint32Array) => [...new Int32Array(words.buffer)];

function sumsOf({ filters, taps, codes }: IntegerWeights, vector: CodeMap): number[] {
  return Array.from({ length: filters }, (_, filter) =>
    vector.codes.reduce((sum, code, tap) => sum + code * (codes[filter * taps + tap] ?? 0), 0),
  );
}

function casesOf(draw: Draw, weights: IntegerWeights, vector: CodeMap): KernelCase[] {
  const { filters, taps } = weights;
  const sums = sumsOf(weights, vector);
  const start = [...mapNumbers(vector), ...wordsOf(vector), filters, taps];
  const binary = !weights.codes.includes(0);
  const what = `${taps} x ${filters}, ${binary ? 'binary' : 'ternary'}, input of ${vector.planes} planes, low ${vector.low}`;
  const negative = signed(packPlane(weights, (code) => code < 0));
  const nonzero = binary ? [] : signed(packPlane(weights, (code) => code !== 0));
  expect(negative.length).toBe(filters * planeWordsOf(taps));
  const lanes = [laneWordsPerTap(weights), ...signed(packLanes(weights))];
  return [
    {
      title: `gated XNOR, ${what}`,
      kind: KINDS.planes,
      input: [...start, binary ? 0 : 1, ...negative, ...nonzero],
      expected: [OK, ...sums],
    },
    ...PACKINGS.filter((packing) => packing.fits(weights)).map((packing) => {
      const { data, signs = new Uint8Array() } = packing.pack(weights);
      const tables = [PACKINGS.indexOf(packing), data.length, ...data, signs.length, ...signs];
      return {
        title: `${packing.id}, ${what}`,
        kind: KINDS.packed,
        input: [...start, ...tables],
        expected: [OK, ...sums],
      };
    }),
    { title: `lanes, ${what}`, kind: KINDS.lanes, input: [...start, ...lanes], expected: [OK, ...sums] },
    ...FORMS.map((form) => {
      // On the sums, and one beside them, so that the comparison's edge is hit.
      const high = sums.map((sum) => sum + draw.int(-1, 2));
      const low = high.map((threshold) => threshold - draw.int(0, 3));
      const codes = sums.map((sum, i) => {
        if (sum >= (high[i] ?? 0)) return 1;
        return form.planes === 2 ? (sum < (low[i] ?? 0) ? -1 : 0) : form.low;
      });
      const out = { ...form, height: 1, width: filters, channels: 1, codes };
      return {
        title: `lanes to ${form.planes} planes, ${what}`,
        kind: KINDS.lanesSliced,
        input: [...start, ...lanes, ...mapNumbers(out), ...high, ...(form.planes === 2 ? low : [])],
        expected: [OK, ...wordsOf(out)],
      };
    }),
  ];
}

function randomWeights(draw: Draw, filters: number, taps: number, density: number): IntegerWeights {
  const code = () => (draw.chance(density) ? draw.pick([-1, 1]) : 0);
  return { filters, taps, codes: Int8Array.from({ length: filters * taps }, code) };
}

const draw = new Draw(31, 'planes-dense');
const random = [
  [1, 1],
  [3, 31],
  [32, 32],
  [33, 65],
  [10, 196],
  [40, 300],
  [64, 640],
].flatMap(([filters = 1, taps = 1]) =>
  FORMS.flatMap((form) =>
    [0.1, 0.5, 1].flatMap((density) =>
      casesOf(
        draw,
        randomWeights(draw, filters, taps, density),
        randomCodes(draw, [1, taps, 1], form, form.planes === 2 ? 0.6 : 0.5),
      ),
    ),
  ),
);
/** Counters at their ends: everything of one sign, on both sides; and inputs of nothing but zeros. */
const extreme = [1, -1].flatMap((weight) =>
  [1, -1, 0].flatMap((code) =>
    [7, 8, 127, 128, 257].flatMap((taps) =>
      casesOf(
        draw,
        { filters: 35, taps, codes: new Int8Array(35 * taps).fill(weight) },
        { height: 1, width: taps, channels: 1, planes: 2, low: 0, codes: Array<number>(taps).fill(code) },
      ),
    ),
  ),
);
const runners = [
  ...(await hostRunners()),
  ...(await Promise.all((['cortex-m0', 'cortex-m4', 'rv32imc'] as const).map(boardRunner))),
];

describe.each(runners)('dense layers over planes with $title', (runner) => {
  it.skipIf(!runner.available)('agree with sums of products', () => {
    expect(expectCases(runner, program, [...random, ...extreme])).toBeGreaterThan(5000);
  });
});

describe.skipIf(!runners[0]?.available)('the largest dense layer', () => {
  it('has 65535 inputs', () => {
    const taps = 65535;
    const weights = { filters: 2, taps, codes: new Int8Array(2 * taps).fill(1).fill(-1, taps) };
    const vector = { height: 1, width: taps, channels: 1, planes: 1, low: -1, codes: Array<number>(taps).fill(1) } as const;
    const all = casesOf(draw, weights, { ...vector, codes: [...vector.codes] });
    const sums = all.filter(({ title }) => /^(gated|delta|lanes,)/.test(title));
    expect(sums.length).toBe(3);
    for (const runner of runners.slice(0, 2)) expect(expectCases(runner, program, sums)).toBe(9);
  });
});
