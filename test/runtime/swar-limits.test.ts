import { describe, expect, it } from 'vitest';
import { boardRunner, hostRunners } from '#test/support/kernel-program.ts';
import { Draw } from '#test/support/random-quantities.ts';
import { expectedOf, streamOf, SWAR_PROGRAM, type SwarCase } from '#test/support/swar-cases.ts';
import { randomCodes } from '#test/support/swar-random.ts';

const PROGRAM = { sources: ['swar', 'packed'], headers: ['bitsmith_swar.h'], body: SWAR_PROGRAM };
const hosts = await hostRunners();
const runners = [...hosts.slice(1, 2), await boardRunner('cortex-m0'), await boardRunner('cortex-m4')];

/** A 1x1 convolution of one row. */
function pointwise(channels: number, width: number, changes: Partial<SwarCase>): SwarCase {
  const draw = new Draw(5, 'swar-limits');
  return {
    ...{ kind: 's8', inHeight: 1, inWidth: width, channels, rowGap: 0 },
    ...{ kernel: [1, 1], strides: [1, 1], dilation: [1, 1], top: 0, left: 0, height: 1, width },
    ...{ filters: 2, tables: 'single', rows: 1, spare: 0, ready: false },
    levels: [{ weights: randomCodes(draw, 2, channels, 0.5), packing: 'delta', multipliers: null }],
    ...{ bias: null, out: 'sums', outGap: 0, steps: 0, thresholds: [], direction: null, codes: [0] },
    input: Array.from({ length: width * channels }, () => draw.int(-128, 127)),
    zero: new Array<number>(channels).fill(0),
    ...changes,
  };
}

/** Sums of exactly 32767 and -32767: 255 times 128 and once 127, by both filters in turn. */
function largest(changes: Partial<SwarCase>): SwarCase {
  const channels = 256;
  const codes = Int8Array.from({ length: 2 * channels }, (_, i) => (i < channels ? 1 : -1) * (i % channels === 0 ? 1 : -1));
  const input = Array.from({ length: 9 * channels }, (_, i): number => (i % channels === 0 ? 127 : -128));
  // A pixel of zeros, and one with a sum of 1.
  input.fill(0, 2 * channels, 4 * channels);
  input[3 * channels] = 1;
  const weights = { filters: 2, taps: channels, codes };
  return pointwise(channels, 9, { levels: [{ weights, packing: 'delta', multipliers: null }], input, ...changes });
}

const limits: [string, SwarCase][] = [
  ['sums of 32767 and -32767', largest({})],
  ...([-2147483648, -32768, -32767, -32766, 0, 32766, 32767, 32768, 2147483647] as const).flatMap(
    (threshold): [string, SwarCase][] => [
      [`threshold ${threshold}`, largest({ out: 'binary', steps: 1, thresholds: [threshold, threshold], codes: [-1, 1] })],
      [
        `falling threshold ${threshold} with a bias`,
        largest({
          ...{ out: 'ternary', steps: 2, thresholds: [threshold, threshold, threshold, threshold], codes: [-1, 0, 1] },
          ...{ direction: [1, -1], bias: [1, -1] },
        }),
      ],
    ],
  ),
];

const tables = ['single', 'pairs', 'paired', 'triples'] as const;
const exact = tables.flatMap((table) =>
  limits.map(([title, of]) => ({ title: `${title}, ${table}`, of: { ...of, tables: table } })),
);

const untouched = 0xa5a5a5a5 | 0;
const nine = Array.from({ length: 9 }, () => pointwise(4, 3, {}).levels[0]).filter((one) => one !== undefined);
const refused: { title: string; status: number; of: SwarCase }[] = [
  { title: 'no room for a filter', status: 2, of: pointwise(4, 3, { spare: -2 }) },
  { title: 'no room for a filter of pairs', status: 2, of: pointwise(4, 3, { spare: -2, tables: 'pairs' }) },
  { title: 'nine levels', status: 1, of: pointwise(4, 3, { levels: nine }) },
  { title: 'offsets past 16 bits', status: 1, of: pointwise(4097, 3, {}) },
];
const widest = pointwise(4096, 3, { input: new Array<number>(4096 * 3).fill(1) });

for (const runner of runners) {
  describe.skipIf(!runner.available)(`SWAR convolutions at their limits, ${runner.title}`, () => {
    it('are exact, and answer what they cannot do without a change to the output', { timeout: 120_000 }, () => {
      const cases = [
        ...exact.map((one) => ({ ...one, expected: [0, ...expectedOf(one.of)] })),
        ...refused.map((one) => ({ ...one, expected: [one.status, ...new Array<number>(6).fill(untouched)] })),
        { title: 'the widest window', of: widest, expected: [0, ...expectedOf(widest)] },
      ];
      const outputs = [...runner.run(PROGRAM, cases.flatMap(({ of }) => streamOf(of)))];
      for (const { title, expected } of cases) expect(outputs.splice(0, expected.length), title).toEqual(expected);
      expect(outputs).toEqual([]);
    });
  });
}

describe('the case with the largest sums', () => {
  it('has the largest sums that kernels may have', () => {
    const sums = expectedOf(largest({}));
    expect(Math.max(...sums)).toBe(32767);
    expect(Math.min(...sums)).toBe(-32767);
  });
});
