/** Magnitudes 2^n2 … 2^n1 of a b-bit INQ weight as exponents below the largest: 0 … count − 1. */
export function magnitudeCount(bits: number): number {
  return 2 ** (bits - 2);
}

/** 2^n1 with n1 = floor(log2(4s/3)), s the largest |w|; 1 where all weights are zero. */
export function largestPower(weights: Float32Array): number {
  const largest = weights.reduce((max, w) => Math.max(max, Math.abs(w)), 0);
  if (largest === 0) return 1;
  let power = 2 ** Math.floor(Math.log2((4 * largest) / 3));
  // The logarithm may be off in its last digit; the comparison is not.
  while (2 * power <= (4 * largest) / 3) power *= 2;
  while (power > (4 * largest) / 3) power /= 2;
  return power;
}

/**
 * The steps of |w| → magnitude, ascending, in units of the largest power: from 0 to the smallest power above half of it,
 * then from one power to the next above their midpoint. A weight on a threshold goes down.
 */
export function powerSteps(bits: number): { threshold: number; magnitude: number }[] {
  const count = magnitudeCount(bits);
  return Array.from({ length: count }, (_, i) => {
    const magnitude = 2 ** (i + 1 - count);
    return { magnitude, threshold: (i === 0 ? 0.5 : 0.75) * magnitude };
  });
}

/** Nearest of 0 and the powers, in units of the largest power. */
export function nearestPower(w: number, bits: number): number {
  const magnitude = powerSteps(bits).findLast(({ threshold }) => Math.abs(w) > threshold)?.magnitude ?? 0;
  return w < 0 ? -magnitude : magnitude;
}
