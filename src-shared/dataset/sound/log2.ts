import { LOGARITHMS } from './tables.ts';

/** Fraction bits of a level: 1/1024 octaves. */
export const LEVEL_BITS = 10;

/**
 * The binary logarithm of a whole number below 2⁵³ in 1/1024, by a table with linear interpolation; 0 for 0. It is never
 * further than 0.6/1024 from the true one.
 *   log₂(2ᵉ(1 + f)) = e + T(f),  f truncated to 16 bits, T interpolated between 64 steps, the result rounded to 10 bits
 */
export function level(energy: number): number {
  if (energy < 1) return 0;
  let exponent = 31 - Math.clz32(energy);
  if (energy >= 4294967296) exponent = 63 - Math.clz32(Math.floor(energy / 4294967296));
  const fraction = Math.floor(energy * 2 ** (16 - exponent)) & 0xffff;
  const at = fraction >> 10;
  const low = LOGARITHMS[at]!;
  const high = LOGARITHMS[at + 1]!;
  const value = (low << 10) + (high - low) * (fraction & 1023);
  return (exponent << LEVEL_BITS) + ((value + 16384) >> 15);
}
