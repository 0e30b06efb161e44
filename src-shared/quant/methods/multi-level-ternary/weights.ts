import { z } from 'zod';
import type { TF, Tensor } from '../../../base/tensorflow.ts';
import { GRANULARITIES, groups, statisticAxes } from '../../parts/scales.ts';
import { insideMask } from '../../parts/sign.ts';
import { straightThrough } from '../../parts/straight-through.ts';
import { meanKept, meanKeptTensor, ternaryCode, ternaryTensor } from '../../parts/ternary.ts';
import { weightSide } from '../../side.ts';
import type { DeployedWeights, MethodContext, WeightShape } from '../../types.ts';
import { jointScales, jointScalesTensor } from './joint-scales.ts';

const parameters = z.strictObject({
  levels: z.int().min(1).max(4).default(2).describe('M: residual ternary levels'),
  threshold: z
    .enum(['mean', 'max', 'nearest'])
    .default('mean')
    .describe(
      'threshold of a level: meanFactor · mean |residual|, maxFactor · max |residual|, or half its scale (the nearest level)',
    ),
  meanFactor: z.number().positive().max(3).default(0.7).describe('factor of the threshold rule mean'),
  maxFactor: z.number().positive().lt(1).default(0.05).describe('factor of the threshold rule max'),
  iterations: z
    .int()
    .min(1)
    .max(50)
    .default(8)
    .describe('rounds in which the rule nearest adapts threshold and scale to each other'),
  scales: z
    .enum(['residual', 'joint'])
    .default('residual')
    .describe('mean of the kept residuals level by level, or the best scales of all levels together'),
  nestedSupport: z
    .boolean()
    .default(false)
    .describe(
      'further levels only where the first is not zero, so that a zero weight is zero in every level',
    ),
  granularity: z
    .enum(GRANULARITIES)
    .default('layer')
    .describe('thresholds and scales per layer or per filter'),
  gradient: z
    .enum(['identity', 'clipped'])
    .default('identity')
    .describe('straight-through estimator: 1, or 1[|W| ≤ 1]'),
});
type Parameters = z.output<typeof parameters>;

/** Threshold of one level for the residual `r`; `support` is 1 on the elements that the level may use. */
function thresholdTensor(tf: TF, r: Tensor, support: Tensor | null, axes: number[], p: Parameters): Tensor {
  const inside = support ? tf.mul(r, support) : r;
  const magnitude = tf.abs(inside);
  if (p.threshold === 'max') return tf.mul(tf.max(magnitude, axes, true), p.maxFactor);
  const mean = support
    ? tf.div(tf.sum(magnitude, axes, true), tf.maximum(tf.sum(support, axes, true), 1))
    : tf.mean(magnitude, axes, true);
  if (p.threshold === 'mean') return tf.mul(mean, p.meanFactor);
  let delta = tf.mul(mean, 0.5);
  for (let i = 0; i < p.iterations; i++) {
    delta = tf.mul(meanKeptTensor(tf, inside, ternaryTensor(tf, inside, delta), axes), 0.5);
  }
  return delta;
}

function forward(tf: TF, w: Tensor, shape: WeightShape, p: Parameters): Tensor {
  const axes = statisticAxes(shape, p.granularity);
  const codes: Tensor[] = [];
  let residual = w;
  let approximation: Tensor | null = null;
  for (let level = 0; level < p.levels; level++) {
    const [outer] = codes;
    const support = p.nestedSupport && outer ? tf.abs(outer) : null;
    const delta = thresholdTensor(tf, residual, support, axes, p);
    const free = ternaryTensor(tf, residual, delta);
    const own = support ? tf.mul(free, support) : free;
    const part: Tensor = tf.mul(meanKeptTensor(tf, residual, own, axes), own);
    residual = tf.sub(residual, part);
    approximation = approximation ? tf.add(approximation, part) : part;
    codes.push(own);
  }
  if (p.scales === 'joint') {
    const scales = jointScalesTensor(tf, w, codes, axes);
    return tf.addN(codes.map((code, level) => tf.mul(code, scales[level] as Tensor)));
  }
  return approximation as Tensor;
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

function deploy(latent: Float32Array, shape: WeightShape, p: Parameters): DeployedWeights {
  const codes = Array.from({ length: p.levels }, () => new Int8Array(latent.length));
  const scales = codes.map(() => [] as number[]);
  const residual = latent.slice();
  for (const members of groups(shape, p.granularity)) {
    let support = members;
    const own = codes.map((level, l) => {
      if (p.nestedSupport && l > 0) support = members.filter((i) => codes[0]?.[i] !== 0);
      const delta = threshold(residual, support, p);
      for (const i of support) level[i] = ternaryCode(residual[i] ?? 0, delta);
      const scale = Math.fround(meanKept(residual, level, support));
      for (const i of support) residual[i] = (residual[i] ?? 0) - scale * (level[i] ?? 0);
      return scale;
    });
    const final = p.scales === 'joint' ? jointScales(latent, codes, members) : own;
    final.forEach((scale, l) => scales[l]?.push(scale));
  }
  return {
    levels: codes.map((level, l) => ({ codes: level, scale: Float32Array.from(scales[l] ?? []) })),
  };
}

export const multiLevelWeights = weightSide({
  parameters,
  form: {
    bits: (p: Parameters) => 2 * p.levels,
    quantize: (latent: Tensor, shape: WeightShape, p: Parameters, { tf }: MethodContext) =>
      straightThrough(
        tf,
        latent,
        (w) => forward(tf, w, shape, p),
        p.gradient === 'clipped' ? (w) => insideMask(tf, w, 1) : undefined,
      ),
    deploy,
  },
  curve: {
    // Drawn as nearest levels with scales 1, 1/2, 1/4 …, whatever the rule.
    value: (x: number, p: Parameters) => {
      let residual = x;
      for (let level = 0; level < p.levels; level++) {
        const outside = p.nestedSupport && level > 0 && Math.abs(x) <= 0.5;
        if (!outside) residual -= ternaryCode(residual, 2 ** -(level + 1)) / 2 ** level;
      }
      return x - residual;
    },
    slope: (x: number, p: Parameters) => (p.gradient === 'identity' || Math.abs(x) <= 1 ? 1 : 0),
  },
});
