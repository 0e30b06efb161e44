import { describe, expect, it } from 'vitest';
import { accumulatorRanges } from '#shared/export/passes/accumulator-range.ts';

describe('accumulator ranges', () => {
  const weights = (codes: number[], padded: boolean, low: number, high: number) => ({
    filters: 1,
    taps: codes.length,
    codes: Int8Array.from(codes),
    rangeOf: () => ({ low, high }),
    magnitudeOf: () => Math.max(Math.abs(low), Math.abs(high)),
    padded,
  });

  it('are the worst case over all inputs', () => {
    expect(accumulatorRanges('l', weights([1, -1, 0, 3], false, 1, 4))).toEqual([
      { low: 1 - 4 + 3, high: 4 - 1 + 12 },
    ]);
  });

  it('count that taps in the padding contribute nothing', () => {
    expect(accumulatorRanges('l', weights([1, 2], true, 1, 4))).toEqual([{ low: 0, high: 12 }]);
  });

  it('count that taps in the padding read −1 where it lies there, even if no input has that value', () => {
    const constant = { ...weights([1, 2, -1], true, 1, 1), outside: -1 as const };
    expect(accumulatorRanges('l', constant)).toEqual([{ low: -1 - 2 - 1, high: 1 + 2 + 1 }]);
    const signs = { ...weights([1, 2, -1], true, -1, 1), outside: -1 as const };
    expect(accumulatorRanges('l', signs)).toEqual([{ low: -4, high: 4 }]);
  });

  it('refuse a sum that could leave 32 bits, naming the layer', () => {
    const wide = weights(
      Array.from({ length: 20 }, () => 127),
      false,
      -1_000_000,
      1_000_000,
    );
    expect(() => accumulatorRanges('fc1', wide)).toThrow(/layer fc1 cannot be lowered.*2540000000.*32 bits/);
  });
});
