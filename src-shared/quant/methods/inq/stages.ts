import { remains } from '../../parts/masks.ts';

export interface Stages {
  /** Accumulated shares of the weights that are quantized and frozen, rising to 1. */
  portions: readonly number[];
  /** Share of the run at which each stage begins; auto: evenly spaced. */
  starts: readonly number[] | 'auto';
}

/** Share of the run at which each stage begins; evenly spaced: stage i of n at i/(n + 1), so that some training follows. */
export function stageStarts({ portions, starts }: Stages): readonly number[] {
  return starts === 'auto' ? portions.map((_, i) => (i + 1) / (portions.length + 1)) : starts;
}

/** The share of the weights that is frozen when `progress` of the run is done; everything at the end. */
export function portionAt(stages: Stages, progress: number): number {
  if (progress >= 1) return 1;
  const stage = stageStarts(stages).findLastIndex((start) => start <= progress);
  return stage < 0 ? 0 : (stages.portions[stage] ?? 1);
}

/**
 * Freezes further weights, the largest magnitudes first (equal ones by their order), until `portion` of those that remain
 * is frozen; what is frozen stays frozen. A portion of 1 freezes all, pruned weights included.
 *
 * @returns 1 or 0 per weight
 */
export function freezeLargest(
  kernel: Float32Array,
  frozen: Float32Array,
  portion: number,
  mask?: Float32Array,
): Float32Array {
  if (portion >= 1) return new Float32Array(kernel.length).fill(1);
  const result = frozen.slice();
  const open: number[] = [];
  let count = 0;
  for (let i = 0; i < kernel.length; i++) {
    if (!remains(mask, i)) continue;
    count++;
    if (!result[i]) open.push(i);
  }
  open.sort((a, b) => Math.abs(kernel[b] ?? 0) - Math.abs(kernel[a] ?? 0) || a - b);
  const wanted = Math.round(portion * count) - (count - open.length);
  for (const i of open.slice(0, Math.max(wanted, 0))) result[i] = 1;
  return result;
}
