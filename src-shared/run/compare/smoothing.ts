/** How a curve is calmed. All four are weighted means of its own points. */
export const SMOOTHINGS = ['time-weighted', 'ema', 'gaussian', 'running'] as const;
export type SmoothingKind = (typeof SMOOTHINGS)[number];

export interface Smoothing {
  kind: SmoothingKind;
  /** 0: none … below 1: strongest. What it means depends on the kind. */
  weight: number;
}

/** Steps into which the whole axis is cut: the weight of the time-weighted kind is meant for one of them. */
const AXIS_STEPS = 1000;
/** Widths at weight 1, as shares of the number of points. */
export const GAUSSIAN_SHARE = 0.05;
export const RUNNING_SHARE = 0.2;
/** Beyond so many standard deviations a Gaussian weight is below one in thirty thousand. */
const REACH = 4.5;

/**
 * Smoothed values at some of a curve's points, each computed from all of them.
 *
 * - `time-weighted`: exponential moving average in which the past keeps `weight` over one thousandth of the whole axis
 *   and `weight²` over two, so that curves of different density in one chart are smoothed alike; of points at one place
 *   the first one counts
 * - `ema`: exponential moving average in which the past keeps `weight` over one point
 * - `gaussian`: mean weighted by a bell over the points, whose standard deviation is `weight` · 5 % of their number
 * - `running`: plain mean of the points within a centred window of `weight` · 20 % of their number
 *
 * Both averages are corrected for their start; the two windows end at the ends of the curve. Values that are no
 * numbers have no smoothed value and count for none.
 *
 * @param x ascending where the kind is time-weighted
 * @param range length of the chart's whole x axis
 * @param at ascending indices
 */
export function smoothAt(
  x: ArrayLike<number>,
  values: ArrayLike<number>,
  at: ArrayLike<number>,
  { kind, weight }: Smoothing,
  range: number,
): Float64Array {
  const out = new Float64Array(at.length);
  if (weight <= 0) return out.map((_, i) => values[at[i] ?? 0] ?? NaN);
  const count = values.length;
  switch (kind) {
    case 'time-weighted': {
      const scale = range > 0 ? AXIS_STEPS / range : 0;
      return average(values, at, weight, (i, last) =>
        scale === 0 ? 1 : Math.abs((x[i] ?? 0) - (x[last] ?? 0)) * scale,
      );
    }
    case 'ema':
      return average(values, at, weight, () => 1);
    case 'gaussian':
      return bell(values, at, weight * GAUSSIAN_SHARE * count);
    case 'running':
      return running(values, at, Math.floor((weight * RUNNING_SHARE * count) / 2));
  }
}

function average(
  values: ArrayLike<number>,
  at: ArrayLike<number>,
  weight: number,
  distance: (index: number, last: number) => number,
): Float64Array {
  const out = new Float64Array(at.length);
  let state = 0;
  /** How much of all weights the past has: the correction divides by it. */
  let total = 0;
  let last = -1;
  let next = 0;
  const end = at.length > 0 ? (at[at.length - 1] ?? 0) : -1;
  for (let i = 0; i <= end; i++) {
    const value = values[i] ?? NaN;
    const known = Number.isFinite(value);
    if (known) {
      const keep = last < 0 ? weight : weight ** distance(i, last);
      last = i;
      state = keep * state + (1 - keep) * value;
      total = keep * total + (1 - keep);
    }
    for (; next < at.length && at[next] === i; next++) out[next] = known ? state / total : NaN;
  }
  return out;
}

function bell(values: ArrayLike<number>, at: ArrayLike<number>, deviation: number): Float64Array {
  const reach = Math.ceil(deviation * REACH);
  const kernel = Float64Array.from({ length: reach + 1 }, (_, d) =>
    deviation > 0 ? Math.exp(-0.5 * (d / deviation) ** 2) : Number(d === 0),
  );
  const out = new Float64Array(at.length);
  for (let k = 0; k < at.length; k++) {
    const centre = at[k] ?? 0;
    if (!Number.isFinite(values[centre])) {
      out[k] = NaN;
      continue;
    }
    let sum = 0;
    let total = 0;
    const end = Math.min(values.length - 1, centre + reach);
    for (let i = Math.max(0, centre - reach); i <= end; i++) {
      const value = values[i] ?? NaN;
      if (!Number.isFinite(value)) continue;
      const weight = kernel[Math.abs(i - centre)] ?? 0;
      sum += weight * value;
      total += weight;
    }
    out[k] = sum / total;
  }
  return out;
}

function running(values: ArrayLike<number>, at: ArrayLike<number>, half: number): Float64Array {
  const count = values.length;
  const sums = new Float64Array(count + 1);
  const known = new Uint32Array(count + 1);
  for (let i = 0; i < count; i++) {
    const value = values[i] ?? NaN;
    const finite = Number.isFinite(value);
    sums[i + 1] = (sums[i] ?? 0) + (finite ? value : 0);
    known[i + 1] = (known[i] ?? 0) + Number(finite);
  }
  return Float64Array.from(at, (centre) => {
    if (!Number.isFinite(values[centre])) return NaN;
    const from = Math.max(0, centre - half);
    const to = Math.min(count, centre + half + 1);
    return ((sums[to] ?? 0) - (sums[from] ?? 0)) / ((known[to] ?? 0) - (known[from] ?? 0));
  });
}
