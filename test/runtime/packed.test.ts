import { describe, expect, it } from 'vitest';
import type { IntegerWeights } from '#shared/export/ir/graph.ts';
import { PACKINGS } from '#shared/export/plan/packing/registry.ts';
import type { Packing } from '#shared/export/plan/packing/types.ts';
import { boardRunner, hostRunners, type KernelProgram, type KernelRunner } from '#test/support/kernel-program.ts';
import { Draw } from '#test/support/random-quantities.ts';
import { weightsToPack } from '#test/support/weights-to-pack.ts';

/** Every packing's decoder in C against the weights that its packer was given: counts, order, and what it must not touch. */

const program: KernelProgram = {
  sources: ['packed'],
  headers: ['bitsmith_sliced.h'],
  body: `
static void run_case(int32_t kind)
{
    static const bs_decoder decoders[] = {${PACKINGS.map(({ decoder }) => decoder).join(', ')}};
    const uint32_t filters = (uint32_t)next();
    const uint32_t taps = (uint32_t)next();
    const uint32_t data_bytes = (uint32_t)next();
    const uint8_t *data = bytes_in(data_bytes);
    const uint32_t sign_bytes = (uint32_t)next();
    const uint8_t *signs = bytes_in(sign_bytes);
    uint16_t *list = (uint16_t *)take(taps * sizeof *list);
    bs_reader reader;
    uint32_t filter;
    reader.data = data;
    reader.signs = signs;
    reader.position = 0;
    reader.sign_position = 0;
    for (filter = 0; filter < filters; filter++) {
        uint32_t positives;
        uint32_t negatives;
        uint32_t i;
        memset(list, 0xFF, taps * sizeof *list);
        decoders[kind](&reader, taps, list, &positives, &negatives);
        put((int32_t)positives);
        put((int32_t)negatives);
        for (i = 0; i < taps; i++) {
            put((int32_t)list[i]);
        }
    }
}
`,
};

/** What a decoder leaves: counts, +1 taps ascending, what it must not write, -1 taps descending. */
function expectedLists({ filters, taps, codes }: IntegerWeights): number[] {
  const result: number[] = [];
  for (let filter = 0; filter < filters; filter++) {
    const row = [...codes.subarray(filter * taps, (filter + 1) * taps)];
    const where = (code: number) => row.flatMap((value, tap) => (value === code ? [tap] : []));
    const up = where(1);
    const down = where(-1).toReversed();
    result.push(up.length, down.length, ...up);
    for (let i = up.length + down.length; i < taps; i++) result.push(0xffff);
    result.push(...down);
  }
  return result;
}

/** The weights that lists stand for, each list ascending by itself. */
function weightsOf(lists: readonly number[], { filters, taps }: IntegerWeights): Int8Array {
  const codes = new Int8Array(filters * taps);
  for (let filter = 0; filter < filters; filter++) {
    const [up = 0, down = 0, ...list] = lists.slice(filter * (taps + 2), (filter + 1) * (taps + 2));
    const row = codes.subarray(filter * taps, (filter + 1) * taps);
    const add = (entries: readonly number[], by: number) => {
      expect(entries).toEqual(entries.toSorted((a, b) => a - b));
      expect(entries.every((tap) => tap < taps)).toBe(true);
      for (const tap of entries) row[tap] = (row[tap] ?? 0) + by;
    };
    add(list.slice(0, up), 1);
    add(list.slice(taps - down).toReversed(), -1);
    expect(up + down).toBeLessThanOrEqual(taps);
  }
  return codes;
}

function inputOf(weights: IntegerWeights, packing: Packing): number[] {
  const { data, signs = new Uint8Array() } = packing.pack(weights);
  const kind = PACKINGS.indexOf(packing);
  return [kind, weights.filters, weights.taps, data.length, ...data, signs.length, ...signs];
}

function check(runner: KernelRunner, cases: readonly IntegerWeights[]): void {
  const pairs = PACKINGS.flatMap((packing) =>
    cases.filter((weights) => packing.fits(weights)).map((weights) => ({ packing, weights })),
  );
  const output = runner.run(
    program,
    pairs.flatMap(({ packing, weights }) => inputOf(weights, packing)),
  );
  let at = 0;
  for (const { packing, weights } of pairs) {
    const expected = expectedLists(weights);
    const got = [...output.subarray(at, at + expected.length)];
    const title = `${packing.id}, ${weights.filters} filters of ${weights.taps} taps`;
    // Steps may list a tap in both lists, where it bridges a distance that no byte holds.
    if (packing.id === 'steps') expect(weightsOf(got, weights), title).toEqual(weights.codes);
    else expect(got, title).toEqual(expected);
    at += expected.length;
  }
  expect(at).toBe(output.length);
}

const cases = weightsToPack(new Draw(11, 'packed-weights'));
const hosts = await hostRunners();
const boards = await Promise.all((['cortex-m0', 'cortex-m4', 'rv32imc'] as const).map(boardRunner));

describe.each(hosts)('decoders with $title', (runner) => {
  it.skipIf(!runner.available)('give back the weights that were packed, and touch nothing else', () => {
    check(runner, cases);
  });
});

describe.each(boards)('decoders on an emulated $title', (runner) => {
  it.skipIf(!runner.available)('give back the weights that were packed', () => {
    check(
      runner,
      cases.filter(({ taps }) => taps < 1000),
    );
  });
});

const timed: KernelProgram = {
  ...program,
  body: program.body
    .replace('uint32_t filter;', 'uint32_t filter;\n    uint32_t positives;\n    uint32_t negatives;')
    .replace(/for \(filter = 0;[\s\S]*$/, `begin();
    for (filter = 0; filter < filters; filter++) {
        decoders[kind](&reader, taps, list, &positives, &negatives);
    }
    put_ticks();
}
`),
};

describe.skipIf(!boards[1]?.available)('the laws of decoding cost', () => {
  it('foretell what an emulated Cortex-M4 counts, within 15 %', () => {
    const draw = new Draw(3, 'decoding-cost');
    const pairs = PACKINGS.flatMap((packing) =>
      [16, 144, 250, 288, 640].flatMap((taps) =>
        [0.15, 0.5, 1].map((density) => ({
          packing,
          weights: {
            filters: 24,
            taps,
            codes: Int8Array.from({ length: 24 * taps }, () => (draw.chance(density) ? draw.pick([-1, 1]) : 0)),
          },
        })),
      ),
    ).filter(({ packing, weights }) => packing.fits(weights));
    const ticks = boards[1]?.run(
      timed,
      pairs.flatMap(({ packing, weights }) => inputOf(weights, packing)),
    );
    for (const [index, { packing, weights }] of pairs.entries()) {
      const counted = (ticks?.[index] ?? 0) * (boards[1]?.instructionsPerTick ?? 0);
      const ratio = packing.decodeCost(weights) / counted;
      expect(ratio, `${packing.id}, ${weights.taps} taps`).toBeGreaterThan(0.85);
      expect(ratio, `${packing.id}, ${weights.taps} taps`).toBeLessThan(1.15);
    }
  });
});
