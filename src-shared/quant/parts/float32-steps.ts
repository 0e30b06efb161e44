const buffer = new DataView(new ArrayBuffer(4));

/** The rank of a float32 among all float32 values: the next greater value has the next greater rank; −0 and 0 share 0. */
export function rankOf(x: number): number {
  buffer.setFloat32(0, x);
  const bits = buffer.getInt32(0);
  return bits >= 0 ? bits : -(bits & 0x7fffffff);
}

/** The float32 of a rank. */
export function float32OfRank(rank: number): number {
  buffer.setInt32(0, Math.abs(rank));
  const magnitude = buffer.getFloat32(0);
  return rank < 0 ? -magnitude : magnitude;
}

export const LARGEST_FLOAT32 = (2 - 2 ** -23) * 2 ** 127;

/**
 * The smallest float32 in [low, high] at which `passed` holds, where it holds from some value on; null where it holds
 * nowhere. Exact to the last bit: it bisects over the float32 values themselves.
 */
export function firstFloat32(passed: (x: number) => boolean, low: number, high: number): number | null {
  let from = rankOf(low);
  let to = rankOf(high);
  if (from > to || !passed(float32OfRank(to))) return null;
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if (passed(float32OfRank(middle))) to = middle;
    else from = middle + 1;
  }
  return float32OfRank(to);
}
