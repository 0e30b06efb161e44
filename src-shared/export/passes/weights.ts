import type { WeightLevel } from '../../quant/types.ts';

/** A level whose codes and scale are negated in the filters where `negate` is true: the same real weights times −1. */
export function negateCodes(
  level: WeightLevel,
  filters: number,
  negate: (filter: number) => boolean,
): WeightLevel {
  return {
    // Kernels have their filters on the last axis.
    codes: level.codes.map((code, index) => (negate(index % filters) ? -code : code)),
    scale: level.scale,
  };
}

/** From [taps, filters] (filters fastest, as trained) to [filters, taps], as the integer graph keeps them. */
export function filterMajor(codes: Int8Array, filters: number): Int8Array {
  const taps = codes.length / filters;
  const out = new Int8Array(codes.length);
  for (let tap = 0; tap < taps; tap++) {
    for (let filter = 0; filter < filters; filter++)
      out[filter * taps + tap] = codes[tap * filters + filter] ?? 0;
  }
  return out;
}
