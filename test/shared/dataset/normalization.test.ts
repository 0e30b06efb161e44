import { describe, expect, it } from 'vitest';
import { NORMALIZATION_KINDS, normalizationOf, normalizationTable } from '#shared/dataset/normalization.ts';
import { ChannelStatistics } from '#shared/dataset/statistics.ts';
import { noise } from '#test/support/datasets.ts';

const colour = { shape: [32, 32, 3] as const, mean: [125.3, 122.95, 113.5], standardDeviation: [63, 62, 66] };

describe('normalisation', () => {
  it('has integer zero points, one for each channel, and one scale', () => {
    for (const kind of NORMALIZATION_KINDS) {
      const { zero, scale } = normalizationOf(kind, colour);
      expect(zero).toHaveLength(3);
      expect(zero.every(Number.isInteger)).toBe(true);
      expect(scale).toBeGreaterThan(0);
    }
  });

  it('centred is (p − 128)/128, exactly', () => {
    const table = normalizationTable(normalizationOf('centered', { ...colour, shape: [1, 1, 1] }));
    expect(table).toHaveLength(256);
    for (let p = 0; p < 256; p++) expect(table[p]).toBe((p - 128) / 128);
  });

  it('unit runs from 0 to 1', () => {
    const table = normalizationTable(normalizationOf('unit', { ...colour, shape: [1, 1, 1] }));
    expect([table[0], table[51], table[255]]).toEqual([0, Math.fround(0.2), 1]);
  });

  it('standardize rounds the means and pools the variances', () => {
    const { zero, scale } = normalizationOf('standardize', colour);
    expect(zero).toEqual([125, 123, 114]);
    expect(scale).toBeCloseTo(1 / Math.sqrt((63 ** 2 + 62 ** 2 + 66 ** 2) / 3), 15);
  });

  it('standardize leaves a constant set finite', () => {
    expect(normalizationOf('standardize', { shape: [1, 1, 1], mean: [7], standardDeviation: [0] })).toEqual({
      zero: [7],
      scale: 1,
    });
  });

  it('standardize gives its own statistics a mean near 0 and a deviation of 1', () => {
    const bytes = noise(30_000, 5).map((p, i) => (i % 3 === 0 ? p >> 1 : p));
    const statistics = new ChannelStatistics(3);
    statistics.add(bytes);
    const table = normalizationTable(
      normalizationOf('standardize', { shape: [1, 1, 3], ...statistics.result() }),
    );
    const x = Array.from(bytes, (p, i) => table[(i % 3) * 256 + p]!);
    const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
    const within = [0, 1, 2].map((c) => {
      const channel = x.filter((_, i) => i % 3 === c);
      const average = channel.reduce((sum, value) => sum + value, 0) / channel.length;
      return channel.reduce((sum, value) => sum + (value - average) ** 2, 0) / channel.length;
    });
    expect(Math.abs(mean)).toBeLessThan(0.01);
    expect(within.reduce((sum, value) => sum + value, 0) / 3).toBeCloseTo(1, 5);
  });
});

describe('channel statistics', () => {
  it('equal the textbook formulas, however the bytes are cut', () => {
    const bytes = noise(3 * 1000, 9);
    const whole = new ChannelStatistics(3);
    whole.add(bytes);
    const pieces = new ChannelStatistics(3);
    for (let at = 0; at < bytes.length; at += 7) pieces.add(bytes.subarray(at, at + 7));
    expect(pieces.result()).toEqual(whole.result());
    for (let c = 0; c < 3; c++) {
      const channel = Array.from(bytes).filter((_, i) => i % 3 === c);
      const mean = channel.reduce((sum, p) => sum + p, 0) / channel.length;
      const variance = channel.reduce((sum, p) => sum + (p - mean) ** 2, 0) / channel.length;
      expect(whole.result().mean[c]).toBeCloseTo(mean, 10);
      expect(whole.result().standardDeviation[c]).toBeCloseTo(Math.sqrt(variance), 10);
    }
  });
});
