/**
 * Thins a curve for drawing without losing a spike: the axis is cut into `buckets` equal parts (pixels), and of each
 * part the lowest, the highest and the last point stay; the very first point stays too. So the drawn curve covers the
 * same pixels, and its end is the true end.
 *
 * @param x ascending, one per point
 * @param y one per point; values that are no numbers never win, but the last of a part stays whatever it is
 * @param buckets integer ≥ 1
 * @returns ascending indices into x and y, at most 3 · buckets + 1 of them; all of them where that is not fewer
 */
export function decimate(x: ArrayLike<number>, y: ArrayLike<number>, buckets: number): Uint32Array {
  const count = Math.min(x.length, y.length);
  if (count <= 3 * buckets + 1) return Uint32Array.from({ length: count }, (_, index) => index);
  const first = x[0] ?? 0;
  const width = ((x[count - 1] ?? 0) - first) / buckets;
  const kept: number[] = [0];
  const keep = (index: number): void => {
    if (index > (kept.at(-1) ?? -1)) kept.push(index);
  };
  for (let start = 0; start < count;) {
    const bucket = bucketOf(x[start] ?? 0, first, width, buckets);
    let low = -1;
    let high = -1;
    let end = start;
    for (; end < count && bucketOf(x[end] ?? 0, first, width, buckets) === bucket; end++) {
      const value = y[end] ?? NaN;
      if (Number.isNaN(value)) continue;
      if (low < 0 || value < (y[low] ?? 0)) low = end;
      if (high < 0 || value > (y[high] ?? 0)) high = end;
    }
    for (const index of [Math.min(low, high), Math.max(low, high), end - 1]) if (index >= 0) keep(index);
    start = end;
  }
  return Uint32Array.from(kept);
}

function bucketOf(x: number, first: number, width: number, buckets: number): number {
  return width > 0 ? Math.min(buckets - 1, Math.floor((x - first) / width)) : 0;
}
