/** Fraction bits of a map's multiplier. */
export const MAP_BITS = 20;

/**
 * How features become bytes, in integers:
 *   byte = 0 for v ≤ low, 255 for v ≥ high, else ⌊(v − low) · m / 2²⁰⌉,  m = ⌊255 · 2²⁰ / (high − low)⌉
 * where ⌊x⌉ rounds halves up. All products stay below 2³².
 */
export function mapMultiplier([low, high]: readonly [number, number]): number {
  return Math.round((255 * 2 ** MAP_BITS) / (high - low));
}

/** The byte of one feature. */
export function featureByte(value: number, low: number, high: number, multiplier: number): number {
  if (value <= low) return 0;
  if (value >= high) return 255;
  return Math.floor(((value - low) * multiplier + 2 ** (MAP_BITS - 1)) * 2 ** -MAP_BITS);
}

/** Bytes of features that come in rows of `coefficients`. @param maps one for all, or one for each coefficient */
export function featureBytes(
  features: ArrayLike<number>,
  maps: readonly (readonly [number, number])[],
  out: Uint8Array,
  at = 0,
): void {
  const multipliers = maps.map(mapMultiplier);
  for (let i = 0; i < features.length; i++) {
    const c = i % maps.length;
    const [low, high] = maps[c]!;
    out[at + i] = featureByte(features[i]!, low, high, multipliers[c]!);
  }
}

/** A map from the least to the greatest value; one without width is widened. */
export function soundMap(least: number, greatest: number): [number, number] {
  return greatest > least ? [least, greatest] : [least, least + 1];
}
