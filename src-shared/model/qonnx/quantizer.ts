/** The integer quantizers of QONNX, as their definition computes them on float32 numbers, for a scale of 1 and zero point 0. */

export const ROUNDING_MODES = ['ROUND', 'HALF_UP', 'HALF_DOWN'] as const;
export type RoundingMode = (typeof ROUNDING_MODES)[number];

export interface IntegerRange {
  bits: number;
  signed: boolean;
  /** One code fewer: the lowest of signed ones, the highest of the others. */
  narrow: boolean;
}

export function lowestCode({ bits, signed, narrow }: IntegerRange): number {
  if (!signed) return 0;
  return -(2 ** (bits - 1)) + (narrow ? 1 : 0);
}

export function highestCode({ bits, signed, narrow }: IntegerRange): number {
  return signed ? 2 ** (bits - 1) - 1 : 2 ** bits - 1 - (narrow ? 1 : 0);
}

/** The quantizer whose codes are exactly low … high; null where there is none. One signed bit is `BipolarQuant`'s. */
export function rangeOf(low: number, high: number): IntegerRange | null {
  for (let bits = 1; bits <= 8; bits++) {
    for (const signed of [false, true]) {
      for (const narrow of [false, true]) {
        const range = { bits, signed, narrow };
        const fits = lowestCode(range) === low && highestCode(range) === high;
        if (fits && high > low && !(signed && bits === 1)) return range;
      }
    }
  }
  return null;
}

/** The narrowest quantizer with at least `bits` bits that holds all codes, symmetric where that suffices. */
export function rangeFor(codes: Int8Array, bits: number): IntegerRange {
  let [low, high] = [0, 0];
  for (const code of codes) {
    if (code < low) low = code;
    if (code > high) high = code;
  }
  const signed = low < 0;
  for (let wide = Math.max(bits, signed ? 2 : 1); ; wide++) {
    for (const narrow of signed ? [true, false] : [false]) {
      const range = { bits: wide, signed, narrow };
      if (lowestCode(range) <= low && high <= highestCode(range)) return range;
    }
  }
}

/** Clamp first, then round, as `Quant` does. */
export function quantCode(x: number, range: IntegerRange, mode: RoundingMode): number {
  const clamped = Math.min(highestCode(range), Math.max(lowestCode(range), x));
  return rounded(clamped, mode);
}

function rounded(x: number, mode: RoundingMode): number {
  const magnitude = Math.abs(x);
  const below = Math.floor(magnitude);
  const rest = magnitude - below;
  const tie = mode === 'HALF_UP' || (mode === 'ROUND' && below % 2 === 1);
  const up = rest > 0.5 || (rest === 0.5 && tie);
  const size = up ? below + 1 : below;
  return x < 0 && size > 0 ? -size : size;
}
