import type { WeightShape } from '../types.ts';
import { spreadOf, type Spread } from './scales.ts';

/** Where latent weights pass from lower codes to `code` and above. */
export interface CodeThreshold extends Spread {
  code: number;
}

/**
 * The thresholds of a weight quantizer as its weights show them: in each filter, midway between the largest latent weight
 * below a code and the smallest one at or above it; then smallest, mean and largest over the filters. A code that no weight
 * of a filter has, or whose neighbours overlap, has no threshold there.
 *
 * @param mask weights with 0 are pruned: their code says nothing about a threshold
 * @param most no thresholds where there are more different codes than this
 */
export function codeThresholds(
  latent: ArrayLike<number>,
  codes: ArrayLike<number>,
  { filters, shape, filterAxis }: WeightShape,
  mask?: ArrayLike<number>,
  most = 8,
): CodeThreshold[] {
  const present = fewCodes(codes, most);
  const inner = shape.slice(filterAxis + 1).reduce((product, extent) => product * extent, 1);
  const rank = new Map(present.map((code, i) => [code, i]));
  const largest = new Float64Array(present.length * filters).fill(-Infinity);
  const smallest = new Float64Array(present.length * filters).fill(Infinity);
  for (let i = 0; i < latent.length; i++) {
    if (mask && mask[i] === 0) continue;
    const w = latent[i] ?? 0;
    const at = (rank.get(codes[i] ?? 0) ?? 0) * filters + (Math.floor(i / inner) % filters);
    if (w > (largest[at] ?? 0)) largest[at] = w;
    if (w < (smallest[at] ?? 0)) smallest[at] = w;
  }
  return present.slice(1).flatMap((code, below) => {
    const found: number[] = [];
    for (let filter = 0; filter < filters; filter++) {
      const under = largest[below * filters + filter] ?? -Infinity;
      const over = smallest[(below + 1) * filters + filter] ?? Infinity;
      if (Number.isFinite(under) && Number.isFinite(over) && under <= over) found.push((under + over) / 2);
    }
    const spread = spreadOf(found);
    return spread ? [{ code, ...spread }] : [];
  });
}

/** The codes that occur, ascending; none where there are more than `most`. */
function fewCodes(codes: ArrayLike<number>, most: number): number[] {
  const found = new Set<number>();
  for (let i = 0; i < codes.length; i++) {
    found.add(codes[i] ?? 0);
    if (found.size > most) return [];
  }
  return [...found].toSorted((a, b) => a - b);
}
