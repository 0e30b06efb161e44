/** Steps into which the whole axis is cut: the weight is meant for one of them. */
const AXIS_STEPS = 1000;

/**
 * Exponential moving average with bias correction, weighted by distance: over one thousandth of the axis the past keeps
 * `weight`, over two of them `weight²`. So a curve of twelve epochs is not bent by a weight that calms ten thousand
 * steps, and curves of different density in one chart are smoothed alike. Values that are not finite leave a gap.
 *
 * @param x ascending, one per value
 * @param range length of the chart's whole x axis
 * @param weight 0 (no smoothing) … below 1
 */
export function smooth(
  x: ArrayLike<number>,
  values: ArrayLike<number>,
  range: number,
  weight: number,
): number[] {
  let state = 0;
  /** How much of all weights the past has: the correction divides by it. */
  let total = 0;
  let last: number | undefined;
  return Array.from(values, (value, i) => {
    if (!Number.isFinite(value)) return NaN;
    const at = x[i] ?? 0;
    const distance = last === undefined || range <= 0 ? 1 : ((at - last) / range) * AXIS_STEPS;
    last = at;
    const keep = weight ** distance;
    state = keep * state + (1 - keep) * value;
    total = keep * total + (1 - keep);
    return state / total;
  });
}
