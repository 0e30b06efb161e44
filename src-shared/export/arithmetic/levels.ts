import type { WeightLevel } from '../../quant/types.ts';

/**
 * Several weight levels as one, where that is exact and its codes fit a byte: within a filter every scale is an integer
 * times a unit (the smallest of them, or a power of two), so the weights are the unit times Σ_level integer · code.
 * Anything else is not merged.
 *
 * @param levels codes with the filters fastest, one scale for each filter
 */
export function mergeLevels(
  levels: readonly { codes: Int8Array; scale: Float64Array }[],
  filters: number,
): { codes: Int8Array; scale: Float64Array } | undefined {
  const [first] = levels;
  if (!first || levels.length === 1) return first;
  const codes = new Int8Array(first.codes.length);
  const scale = new Float64Array(filters);
  for (let filter = 0; filter < filters; filter++) {
    const scales = levels.map((level) => level.scale[filter] ?? 0);
    const unit = commonUnit(scales);
    if (unit === 0) continue;
    const integers = scales.map((value) => value / unit);
    scale[filter] = unit;
    for (let at = filter; at < codes.length; at += filters) {
      const code = levels.reduce((sum, level, i) => sum + (integers[i] ?? 0) * (level.codes[at] ?? 0), 0);
      if (Math.abs(code) > 127) return undefined;
      codes[at] = code;
    }
  }
  return { codes, scale };
}

/** A number of which all the given float32 numbers are integer multiples; 0 where all are 0. */
export function commonUnit(scales: readonly number[]): number {
  const nonzero = scales.map(Math.abs).filter((scale) => scale > 0);
  if (nonzero.length === 0) return 0;
  const smallest = Math.min(...nonzero);
  // The product of a float32 and a small integer is exact in double precision, so the comparison decides.
  const multiple = nonzero.every((scale) => Math.round(scale / smallest) * smallest === scale);
  return multiple ? smallest : Math.min(...nonzero.map(lowestBit));
}

/** The largest power of two of which a float32 other than 0 is an integer multiple. */
function lowestBit(value: number): number {
  let bit = 2 ** Math.floor(Math.log2(Math.abs(value)) + 1);
  while (!Number.isInteger(value / bit)) bit /= 2;
  return bit;
}

/** The scale of every filter, written out. */
export function scalePerFilter(level: WeightLevel, filters: number): Float32Array {
  const [first] = level.scale;
  return level.scale.length === filters ? level.scale : new Float32Array(filters).fill(first ?? 0);
}
