import { describe, expect, it } from 'vitest';
import {
  ACCUMULATOR_LIMIT,
  fixedPoint,
  PASSING_LIMIT,
  roundAway,
  type AffineRow,
} from '#shared/export/arithmetic/fixed-point.ts';
import { Draw } from '#test/support/graphs.ts';

const magnitudeAt = ({ slopes, limits, offset }: AffineRow, e: number) =>
  slopes.reduce(
    (sum, slope, t) => sum + Math.abs(roundAway(slope * 2 ** e)) * (limits[t] ?? NaN),
    Math.abs(roundAway(offset * 2 ** e)),
  );

function randomRows(draw: Draw): AffineRow[] {
  const terms = draw.int(1, 4);
  return Array.from({ length: draw.int(1, 6) }, () => ({
    slopes: Array.from({ length: terms }, () => draw.real(-1, 1) * 2 ** draw.int(-12, 6)),
    limits: Array.from({ length: terms }, () => draw.int(1, 100_000)),
    offset: draw.chance(0.5) ? 0 : draw.real(-50, 50),
  }));
}

describe('fixedPoint', () => {
  it('takes the finest power of two for which the sum fits', () => {
    const row = { slopes: [1, -0.5], limits: [10, 10], offset: 0.25 };
    const { multipliers, bias, exponents, limits } = fixedPoint([row], 'channel');
    // 10 · 2^27 + 10 · 2^26 + 2^25 fits below 2^31, twice as much does not.
    expect([...exponents]).toEqual([27]);
    expect(multipliers.map((list) => [...list])).toEqual([[2 ** 27], [-(2 ** 26)]]);
    expect([...bias]).toEqual([2 ** 25]);
    expect([...limits]).toEqual([10 * 2 ** 27 + 10 * 2 ** 26 + 2 ** 25]);
  });

  it('never leaves the limit, and could not be finer', () => {
    const draw = new Draw(5, 'fixed-point');
    for (let round = 0; round < 500; round++) {
      const rows = randomRows(draw);
      const limit = draw.pick([ACCUMULATOR_LIMIT, PASSING_LIMIT]);
      const { exponents, limits } = fixedPoint(rows, 'channel', limit);
      rows.forEach((row, channel) => {
        const e = exponents[channel] ?? NaN;
        expect(limits[channel]).toBe(magnitudeAt(row, e));
        expect(limits[channel]).toBeLessThanOrEqual(limit);
        expect(magnitudeAt(row, e + 1)).toBeGreaterThan(limit);
      });
    }
  });

  it('is off by at most half a unit in every factor', () => {
    const draw = new Draw(6, 'fixed-point');
    for (let round = 0; round < 200; round++) {
      const rows = randomRows(draw);
      const { multipliers, bias, exponents } = fixedPoint(rows, 'channel');
      rows.forEach(({ slopes, offset }, channel) => {
        const unit = 2 ** -(exponents[channel] ?? NaN);
        slopes.forEach((slope, t) =>
          expect(Math.abs((multipliers[t]?.[channel] ?? NaN) * unit - slope)).toBeLessThanOrEqual(unit / 2),
        );
        expect(Math.abs((bias[channel] ?? NaN) * unit - offset)).toBeLessThanOrEqual(unit / 2);
      });
    }
  });

  it('keeps 19 bits for 4,096 ternary products and 12 for as many of int8 codes', () => {
    const bits = (limit: number) =>
      fixedPoint([{ slopes: [1], limits: [limit], offset: 0 }], 'channel').exponents[0];
    expect(bits(4096)).toBe(18);
    expect(bits(4096 * 127)).toBe(12);
  });

  it('has one exponent for all channels where they are compared', () => {
    const rows = [1, 100].map((slope) => ({ slopes: [slope], limits: [8], offset: 0 }));
    expect([...fixedPoint(rows, 'common').exponents]).toEqual([21, 21]);
    expect([...fixedPoint(rows, 'channel').exponents]).toEqual([27, 21]);
  });

  it('changes nothing but signs where signs change', () => {
    const row = { slopes: [0.3, -0.77], limits: [33, 7], offset: 0.1 };
    const other = { slopes: [-0.3, -0.77], limits: [33, 7], offset: -0.1 };
    const [a, b] = [row, other].map((one) => fixedPoint([one], 'channel'));
    expect(b?.exponents).toEqual(a?.exponents);
    expect(b?.multipliers[0]?.[0]).toBe(-(a?.multipliers[0]?.[0] ?? NaN));
    expect(b?.multipliers[1]).toEqual(a?.multipliers[1]);
    expect(b?.bias[0]).toBe(-(a?.bias[0] ?? NaN));
  });

  it('gives a term that is always 0 no multiplier and no say', () => {
    const { multipliers, exponents } = fixedPoint(
      [{ slopes: [1, 1e9], limits: [4, 0], offset: 0 }],
      'channel',
    );
    expect(multipliers.map(([m]) => m)).toEqual([2 ** 28, 0]);
    expect([...exponents]).toEqual([28]);
    expect([...fixedPoint([{ slopes: [0], limits: [4], offset: 0 }], 'channel').exponents]).toEqual([0]);
  });

  it('rounds halves away from zero, and knows no −0', () => {
    expect([2.5, -2.5, 2.4, -2.6, -0.2, 0.5, -0.5].map(roundAway)).toEqual([3, -3, 2, -3, 0, 1, -1]);
  });
});
