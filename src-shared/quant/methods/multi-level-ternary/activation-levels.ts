import { meanAbove, meanMagnitude } from '../../parts/first-batch.ts';
import { ternaryCode } from '../../parts/ternary.ts';

/** The rule behind the thresholds of activations: fixed by the scales, statistics of the residuals, or trained. */
export const THRESHOLDS = ['nearest', 'mean', 'max', 'trained'] as const;
export type ThresholdRule = (typeof THRESHOLDS)[number];

/** One residual level: x counts as ±scale beyond ±threshold. float32 numbers. */
export interface Level {
  threshold: number;
  scale: number;
}

/** Scales g_l that are their own mean kept residual for standard normal inputs and thresholds g_l/2. */
const NORMAL_SCALES = [1.224, 0.4884, 0.2196, 0.1233];

/** Levels before anything is known of the inputs; thresholds at half the scales. */
export function constantLevels(count: number, series: 'normal' | 'rebnet'): Level[] {
  return Array.from({ length: count }, (_, l) => {
    const scale = series === 'normal' ? (NORMAL_SCALES[l] ?? 0) : (count - l) / ((count * (count + 1)) / 2);
    return { scale: Math.fround(scale), threshold: Math.fround(scale / 2) };
  });
}

/** Codes of all levels, the residuals taken in float32 as in the tensor form. */
export function levelCodes(x: number, levels: readonly Level[]): number[] {
  let residual = x;
  return levels.map(({ scale, threshold }) => {
    const code = ternaryCode(residual, threshold);
    residual = Math.fround(residual - scale * code);
    return code;
  });
}

/** Rounds in which threshold and scale of a nearest level adapt to each other. */
const ROUNDS = 20;

/** The levels of a batch: level by level the threshold by its rule, and the mean of the residuals beyond it as scale. */
export function fitLevels(
  inputs: Float32Array,
  count: number,
  rule: ThresholdRule,
  factors: { mean: number; max: number },
): Level[] {
  const residual = inputs.slice();
  return Array.from({ length: count }, () => {
    const threshold = Math.fround(thresholdOf(residual, rule, factors));
    const scale = Math.fround(meanAbove(residual, threshold));
    residual.forEach((r, i) => (residual[i] = r - scale * ternaryCode(r, threshold)));
    return { threshold, scale };
  });
}

function thresholdOf(
  residual: Float32Array,
  rule: ThresholdRule,
  factors: { mean: number; max: number },
): number {
  if (rule === 'mean') return factors.mean * meanMagnitude(residual);
  if (rule === 'max') return factors.max * residual.reduce((most, r) => Math.max(most, Math.abs(r)), 0);
  let threshold = meanMagnitude(residual) / 2;
  for (let round = 0; round < ROUNDS; round++) threshold = meanAbove(residual, threshold) / 2;
  return threshold;
}
