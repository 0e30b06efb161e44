import type { TF, Tensor } from '../../../base/tensorflow.ts';
import { numbersOf } from '../../parts/group-variable.ts';
import { meanRemaining } from '../../parts/masks.ts';
import { groups, statisticAxes } from '../../parts/scales.ts';
import { meanKept, meanKeptTensor, ternaryCode, ternaryTensor } from '../../parts/ternary.ts';
import type { WeightLevel, WeightShape } from '../../types.ts';
import { jointScales, jointScalesTensor } from './joint-scales.ts';
import type { Parameters } from './weights.ts';

/** Names of the variables that are trained: `delta1` … for thresholds, `gamma1` … for scales. */
export function trainedNames({ levels, threshold, scales }: Parameters): string[] {
  const numbered = (letter: string) => Array.from({ length: levels }, (_, l) => `${letter}${l + 1}`);
  return [
    ...(threshold === 'trained' ? numbered('delta') : []),
    ...(scales === 'trained' ? numbered('gamma') : []),
  ];
}

export interface Levels {
  /** Σ_l g_l · T_l, of the kernel's shape. */
  value: Tensor;
  codes: Tensor[];
  /** What the levels before left over, one per level. */
  residuals: Tensor[];
}

/** Threshold of one level for the residual `r`; `support` is 1 on the elements that the level may use. */
function thresholdTensor(
  tf: TF,
  r: Tensor,
  support: Tensor | undefined,
  axes: number[],
  p: Parameters,
): Tensor {
  const inside = support ? tf.mul(r, support) : r;
  const magnitude = tf.abs(inside);
  if (p.threshold === 'max') return tf.mul(tf.max(magnitude, axes, true), p.maxFactor);
  const mean = meanRemaining(tf, magnitude, axes, support);
  if (p.threshold === 'mean') return tf.mul(mean, p.meanFactor);
  let delta = tf.mul(mean, 0.5);
  for (let i = 0; i < p.iterations; i++) {
    delta = tf.mul(meanKeptTensor(tf, inside, ternaryTensor(tf, inside, delta), axes), 0.5);
  }
  return delta;
}

/**
 * The residual levels of a kernel.
 *
 * @param trained the trained variables by name, broadcastable to the kernel
 * @param mask of a pruned layer: the first level looks at the weights that remain, further ones too, or at the support
 */
export function levelsTensor(
  tf: TF,
  w: Tensor,
  shape: WeightShape,
  p: Parameters,
  trained: Record<string, Tensor>,
  mask: Tensor | undefined,
): Levels {
  const axes = statisticAxes(shape, p.granularity);
  const codes: Tensor[] = [];
  const residuals: Tensor[] = [];
  let residual = w;
  let approximation: Tensor | null = null;
  for (let level = 0; level < p.levels; level++) {
    const [outer] = codes;
    const nested = p.nestedSupport && outer ? tf.abs(outer) : undefined;
    const own = trained[`delta${level + 1}`];
    const gamma = trained[`gamma${level + 1}`];
    const delta = own
      ? tf.abs(own)
      : p.threshold === 'nearest' && gamma
        ? tf.mul(tf.abs(gamma), 0.5)
        : thresholdTensor(tf, residual, nested ?? mask, axes, p);
    const free = ternaryTensor(tf, residual, delta);
    const code = nested ? tf.mul(free, nested) : free;
    const scale = gamma ? tf.abs(gamma) : meanKeptTensor(tf, residual, code, axes);
    const part: Tensor = tf.mul(scale, code);
    residuals.push(residual);
    codes.push(code);
    residual = tf.sub(residual, part);
    approximation = approximation ? tf.add(approximation, part) : part;
  }
  if (p.scales === 'joint') {
    const scales = jointScalesTensor(tf, w, codes, axes);
    const value = tf.addN(codes.map((code, level) => tf.mul(code, scales[level] as Tensor)));
    return { value, codes, residuals };
  }
  return { value: approximation as Tensor, codes, residuals };
}

/** Threshold of one level for the residuals of one group, as float32. */
function threshold(residual: Float32Array, members: Uint32Array, p: Parameters): number {
  let total = 0;
  let largest = 0;
  for (const i of members) {
    const magnitude = Math.abs(residual[i] ?? 0);
    total += magnitude;
    largest = Math.max(largest, magnitude);
  }
  if (p.threshold === 'max') return Math.fround(Math.fround(p.maxFactor) * largest);
  const mean = total / Math.max(members.length, 1);
  if (p.threshold === 'mean') return Math.fround(mean * p.meanFactor);
  let delta = Math.fround(mean / 2);
  const codes = new Int8Array(residual.length);
  for (let round = 0; round < p.iterations; round++) {
    for (const i of members) codes[i] = ternaryCode(residual[i] ?? 0, delta);
    delta = Math.fround(meanKept(residual, codes, members) / 2);
  }
  return delta;
}

/** The same from plain numbers: the deployed levels, and per level the threshold of each group. */
export function deployLevels(
  latent: Float32Array,
  shape: WeightShape,
  p: Parameters,
  variables: Record<string, Float32Array>,
): { levels: WeightLevel[]; thresholds: Float32Array[] } {
  const codes = Array.from({ length: p.levels }, () => new Int8Array(latent.length));
  const scales = codes.map(() => [] as number[]);
  const thresholds = codes.map(() => [] as number[]);
  const residual = latent.slice();
  const trained = (name: string, group: number) => Math.abs(numbersOf(variables, name)[group] ?? 0);
  groups(shape, p.granularity, variables.mask).forEach((members, group) => {
    let support = members;
    const own = codes.map((level, l) => {
      if (p.nestedSupport && l > 0) support = members.filter((i) => codes[0]?.[i] !== 0);
      const delta =
        p.threshold === 'trained'
          ? trained(`delta${l + 1}`, group)
          : p.threshold === 'nearest' && p.scales === 'trained'
            ? trained(`gamma${l + 1}`, group) / 2
            : threshold(residual, support, p);
      thresholds[l]?.push(delta);
      for (const i of support) level[i] = ternaryCode(residual[i] ?? 0, delta);
      const scale =
        p.scales === 'trained'
          ? trained(`gamma${l + 1}`, group)
          : Math.fround(meanKept(residual, level, support));
      for (const i of support) residual[i] = (residual[i] ?? 0) - scale * (level[i] ?? 0);
      return scale;
    });
    const final = p.scales === 'joint' ? jointScales(latent, codes, members) : own;
    final.forEach((scale, l) => scales[l]?.push(scale));
  });
  return {
    levels: codes.map((level, l) => ({ codes: level, scale: Float32Array.from(scales[l] ?? []) })),
    thresholds: thresholds.map((list) => Float32Array.from(list)),
  };
}
