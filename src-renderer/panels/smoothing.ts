/**
 * Exponential moving average with bias correction, as TensorBoard draws it: s ← w·s + (1−w)·y, shown as s / (1 − wⁿ), so
 * that the first points are not pulled towards zero. Values that are not finite are passed over and leave a gap.
 *
 * @param weight 0 (no smoothing) … below 1
 */
export function smooth(values: ArrayLike<number>, weight: number): number[] {
  let state = 0;
  let correction = 1;
  return Array.from(values, (value) => {
    if (!Number.isFinite(value)) return NaN;
    state = weight * state + (1 - weight) * value;
    correction *= weight;
    return state / (1 - correction);
  });
}
