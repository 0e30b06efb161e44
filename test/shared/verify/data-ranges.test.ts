import { describe, expect, it } from 'vitest';
import { parseGraphText } from '#shared/export/ir/parse.ts';
import { channelRanges } from '#shared/export/passes/channel-ranges.ts';
import { lower } from '#shared/export/passes/lower.ts';
import { accumulatorStatement, bitsOf, dataRanges } from '#shared/verify/data-ranges.ts';
import { interpretAll } from '#shared/verify/interpret.ts';
import { randomTrainedGraph, samplesFor } from '#test/support/graphs.ts';

const graph = parseGraphText(`
  net: input u8[1,1,2] zero [0,0]
  conv: i32[1,1,2] in [-255,510] = conv2d(input) 1x1 /1,1 pad 0,0,0,0 dilated 1,1 2 filters of [++ -0]
  act: i8[1,1,2] in [-1,1] = threshold(conv) x>=[9] x>=[-9] -> [-1,1]
  fc: i32[2] in [-2,2] = dense(act) 2 filters of [++ -+]
  logits: i32[2] in [-200000,200000] = affine(fc) * [100000,100000] + [0,0] exponent 0
  output logits 2 classes`);

describe('ranges from data', () => {
  it('are the smallest and largest sums that the samples reach, beside the proven ones', () => {
    const found = dataRanges(graph, [Uint8Array.of(3, 4), Uint8Array.of(200, 100)]);
    expect(found).toEqual([
      { node: 'conv', proven: { low: -255, high: 510 }, observed: { low: -200, high: 300 }, samples: 2 },
      { node: 'fc', proven: { low: -2, high: 2 }, observed: { low: -2, high: 2 }, samples: 2 },
      {
        node: 'logits',
        proven: { low: -200_000, high: 200_000 },
        observed: { low: -200_000, high: 200_000 },
        samples: 2,
      },
    ]);
    expect(found.map(accumulatorStatement)).toEqual([
      'conv: all possible sums lie in [-255, 510], 10 bits, proven, so 16 bits hold every one; those of 2 samples lie in [-200, 300], 10 bits',
      'fc: all possible sums lie in [-2, 2], 3 bits, proven, so 16 bits hold every one; those of 2 samples lie in [-2, 2], 3 bits',
      'logits: all possible sums lie in [-200000, 200000], 19 bits, proven, so 16 bits do not hold every one; those of 2 samples lie in [-200000, 200000], 19 bits',
    ]);
  });

  it('need a sample', () => {
    expect(() => dataRanges(graph, [])).toThrow('ranges from data need a sample');
  });

  it('lie within what is proven for every channel, in random networks', () => {
    for (let seed = 0; seed < 60; seed++) {
      const integer = lower(randomTrainedGraph(seed));
      const ranges = channelRanges(integer);
      const samples = samplesFor(integer, 4, seed);
      for (const { node, proven, observed } of dataRanges(integer, samples)) {
        expect(observed.low, `seed ${seed}, ${node}`).toBeGreaterThanOrEqual(proven.low);
        expect(observed.high, `seed ${seed}, ${node}`).toBeLessThanOrEqual(proven.high);
      }
      for (const sample of samples) {
        for (const [id, values] of interpretAll(integer, sample).values) {
          const own = ranges.get(id) ?? [];
          const outside = values.findIndex((value, i) => {
            const { low, high } = own[i % own.length] ?? { low: NaN, high: NaN };
            return !(value >= low && value <= high);
          });
          expect(outside, `seed ${seed}, ${id}`).toBe(-1);
        }
      }
    }
  });
});

describe('the bits of an interval', () => {
  it('are those of the smallest number that holds it', () => {
    const cases = [
      [0, 0, 1],
      [-1, 0, 1],
      [0, 1, 2],
      [-128, 127, 8],
      [-129, 0, 9],
      [0, 128, 9],
      [-32_768, 32_767, 16],
      [0, 32_768, 17],
      [-(2 ** 31), 2 ** 31 - 1, 32],
    ] as const;
    for (const [low, high, bits] of cases) expect(bitsOf({ low, high }), `${low} … ${high}`).toBe(bits);
  });
});
