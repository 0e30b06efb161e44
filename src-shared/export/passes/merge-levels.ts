/**
 * Several weight levels as one, where that is exact.
 *
 * Training adds fl(S_level · scale_level) in order. If within a filter every scale is an integer times one power of
 * two, and the integers stay below 2^24, then no product and no sum is rounded, and the total is that power of two
 * times the sum with the codes Σ_level integer_level · code_level. Anything else is not merged.
 */
export function mergeLevels(
  levels: readonly { codes: Int8Array; scale: Float64Array }[],
  filters: number,
  largestInput: number,
): { codes: Int8Array; scale: Float64Array } | undefined {
  const [first] = levels;
  if (!first) return undefined;
  if (levels.length === 1) return first;
  const taps = first.codes.length / filters;
  const codes = new Int8Array(first.codes.length);
  const scale = new Float64Array(filters);
  for (let filter = 0; filter < filters; filter++) {
    const scales = levels.map((level) => level.scale[filter] ?? 0);
    const unit = Math.min(...scales.map(lowestBit));
    if (!Number.isFinite(unit)) continue;
    const integers = scales.map((value) => value / unit);
    scale[filter] = unit;
    let total = 0;
    for (let tap = 0; tap < taps; tap++) {
      const at = filter * taps + tap;
      let code = 0;
      levels.forEach((level, index) => {
        const part = (integers[index] ?? 0) * (level.codes[at] ?? 0);
        code += part;
        total += Math.abs(part) * largestInput;
      });
      if (Math.abs(code) > 127) return undefined;
      codes[at] = code;
    }
    if (total >= 2 ** 24) return undefined;
  }
  return { codes, scale };
}

/** The largest power of two of which a float32 is an integer multiple; infinite for 0. */
function lowestBit(value: number): number {
  if (value === 0) return Infinity;
  let bit = 2 ** Math.floor(Math.log2(Math.abs(value)) + 1);
  while (!Number.isInteger(value / bit)) bit /= 2;
  return bit;
}
