/** Sums stay below this, so that a threshold one above the range still fits 32 bits. */
export const ACCUMULATOR_LIMIT = 2 ** 31 - 2;

/** Sums that go on as integers, into averages or other sums, stay below this: so that those have room for their factors. */
export const PASSING_LIMIT = 2 ** 22;

/** The finest unit that is ever used is 2^−100, which float32 still holds as a normal number. */
const FINEST = 100;

/** Σ_term slope · x_term + offset of one channel, with |x_term| ≤ limit. */
export interface AffineRow {
  slopes: readonly number[];
  limits: readonly number[];
  offset: number;
}

/** The same in integers: real value ≈ (Σ_term multiplier · x_term + bias) · 2^−exponent, channel by channel. */
export interface FixedPoint {
  /** By term, then by channel. */
  multipliers: Int32Array[];
  bias: Int32Array;
  exponents: Int32Array;
  /** Largest magnitude of each channel's integer. */
  limits: Float64Array;
}

/**
 * Rounds factors to integer multiples of a power of two: the one place where the deployment form of a network rounds what
 * training found. Evaluation and lowering both use it, so that they compute with the very same integers.
 *
 * With the exponent e of a channel, multiplier = round(slope · 2^e) and bias = round(offset · 2^e), halves away from
 * zero; e is the largest for which |bias| + Σ |multiplier| · limit stays within the limit of the sum. So every sum fits 32 bits
 * in any order of its terms, and, up to 2^31 − 2, each factor is off by at most half a unit 2^−e: with sums of a magnitude of n bits, about 2^−(31 − n) of
 * the largest factor (19 bits for 4,096 ternary products, 12 for as many products of int8 codes).
 *
 * Changing the signs of a term and of its slope changes nothing but the sign of its multiplier.
 *
 * @param exponent `channel`: each channel has its own; `common`: all have the same, so that channels can be compared
 * @param limit largest magnitude that a sum may have
 */
export function fixedPoint(
  rows: readonly AffineRow[],
  exponent: 'channel' | 'common',
  limit = ACCUMULATOR_LIMIT,
): FixedPoint {
  const used = rows.map(withoutDeadTerms);
  const common = exponent === 'common' ? exponentOf(used, limit) : 0;
  const terms = Math.max(0, ...rows.map(({ slopes }) => slopes.length));
  const out: FixedPoint = {
    multipliers: Array.from({ length: terms }, () => new Int32Array(rows.length)),
    bias: new Int32Array(rows.length),
    exponents: new Int32Array(rows.length),
    limits: new Float64Array(rows.length),
  };
  used.forEach((row, channel) => {
    const e = exponent === 'common' ? common : exponentOf([row], limit);
    const factor = 2 ** e;
    out.exponents[channel] = e;
    out.bias[channel] = roundAway(row.offset * factor);
    out.limits[channel] = magnitude(row, factor);
    row.slopes.forEach((slope, term) => {
      const multipliers = out.multipliers[term];
      if (multipliers) multipliers[channel] = roundAway(slope * factor);
    });
  });
  return out;
}

/** Nearest integer, halves away from zero; never −0. */
export function roundAway(value: number): number {
  const rounded = Math.floor(Math.abs(value) + 0.5);
  return value < 0 && rounded > 0 ? -rounded : rounded;
}

/** A term that is always 0 needs no multiplier, and must not cost the others their precision. */
function withoutDeadTerms(row: AffineRow): AffineRow {
  return { ...row, slopes: row.slopes.map((slope, term) => (row.limits[term] === 0 ? 0 : slope)) };
}

function exponentOf(rows: readonly AffineRow[], limit: number): number {
  const top = rows.reduce((largest, { slopes, limits, offset }) => {
    const sum = slopes.reduce(
      (total, slope, term) => total + Math.abs(slope) * (limits[term] ?? 0),
      Math.abs(offset),
    );
    return Math.max(largest, sum);
  }, 0);
  if (top === 0) return 0;
  let exponent = Math.min(FINEST, Math.floor(Math.log2(limit / top)) + 1);
  while (rows.some((row) => magnitude(row, 2 ** exponent) > limit)) exponent--;
  return exponent;
}

function magnitude({ slopes, limits, offset }: AffineRow, factor: number): number {
  return slopes.reduce(
    (total, slope, term) => total + Math.abs(roundAway(slope * factor)) * (limits[term] ?? 0),
    Math.abs(roundAway(offset * factor)),
  );
}
