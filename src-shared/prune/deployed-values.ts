import type { DeployedWeights, Staircase } from '../quant/types.ts';

/** A weight in its deployed form. @param i element of the kernel, which belongs to `filter` */
export function deployedValue({ levels, float }: DeployedWeights, i: number, filter: number): number {
  if (float) return float[i] ?? 0;
  return levels.reduce(
    (sum, { codes, scale }) => sum + (codes[i] ?? 0) * (scale[scale.length === 1 ? 0 : filter] ?? 0),
    0,
  );
}

/** The step of a staircase on which y stands, from 0. */
export function staircaseStep(
  { thresholds, inclusive }: Pick<Staircase, 'thresholds' | 'inclusive'>,
  y: number,
): number {
  let low = 0;
  let high = thresholds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const threshold = thresholds[middle] ?? Infinity;
    if (inclusive[middle] ? y >= threshold : y > threshold) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The value of a staircase, in float32. */
export function staircaseValue(staircase: Staircase, y: number): number {
  const step = staircaseStep(staircase, y);
  return [staircase, ...(staircase.more ?? [])].reduce(
    (sum, { codes, scale }) => Math.fround(sum + Math.fround((codes[step] ?? 0) * Math.fround(scale))),
    0,
  );
}
