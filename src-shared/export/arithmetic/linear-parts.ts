import type { WeightLevel } from '../../quant/types.ts';
import { mergeLevels, scalePerFilter } from './levels.ts';
import type { TermNumbers, Value } from './value.ts';

/** One integer convolution (or dense product) of a layer: weight codes with the integers of one term of its input. */
export interface LinearPart extends TermNumbers {
  /** Which term of the input it reads. */
  term: number;
  /** Which weight level; null where all of them became one. */
  level: number | null;
  /** Filters fastest, as trained. */
  codes: Int8Array;
}

/**
 * A layer with weights Σ_level scale · codes over an input Σ_term scale · x as integer parts, one for each pair: part =
 * codes of the level with x of the term, of scale fl(scale of the level · scale of the term) per filter. Levels whose
 * scales have a common unit become one first (`mergeLevels`).
 *
 * @param filters output channels; the codes of a filter are `filters` apart
 */
export function linearParts(levels: readonly WeightLevel[], filters: number, input: Value): LinearPart[] {
  return input.terms.flatMap((term, index) => {
    const unit = term.scale[0] ?? 0;
    const largest = term.limits.reduce((limit, value) => Math.max(limit, value), 0);
    // As training does it: fl(scale · scale of the input), which is the scale itself where the codes are the values.
    const scaled = levels.map((level) => ({
      codes: level.codes,
      scale: Float64Array.from(scalePerFilter(level, filters), (scale) => Math.fround(scale * unit)),
    }));
    const merged = mergeLevels(scaled, filters);
    return (merged ? [merged] : scaled).map(({ codes, scale }, level): LinearPart => {
      const limits = codeSums(codes, filters).map((sum) => sum * largest);
      return { term: index, level: merged ? null : level, codes, scale, limits };
    });
  });
}

/** Σ |code| of every filter. */
function codeSums(codes: Int8Array, filters: number): Float64Array {
  const sums = new Float64Array(filters);
  for (let i = 0; i < codes.length; i++) {
    const filter = i % filters;
    sums[filter] = (sums[filter] ?? 0) + Math.abs(codes[i] ?? 0);
  }
  return sums;
}
