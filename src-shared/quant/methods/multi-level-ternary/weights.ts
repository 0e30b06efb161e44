import { z } from 'zod';
import type { Tensor } from '../../../base/tensorflow.ts';
import { customGradient } from '../../parts/custom-gradient.ts';
import { againstKernel, groupCount, variableOf } from '../../parts/group-variable.ts';
import { GRANULARITIES, statisticAxes } from '../../parts/scales.ts';
import { insideMask } from '../../parts/sign.ts';
import { ternaryCode } from '../../parts/ternary.ts';
import { weightSide } from '../../side.ts';
import type { MethodContext, VariableSpec, WeightShape } from '../../types.ts';
import { deployLevels, levelsTensor, trainedNames } from './weight-levels.ts';
import { thresholdSlope, thresholdWindow } from './window.ts';

const parameters = z.strictObject({
  levels: z.int().min(1).max(4).default(2).describe('M: residual ternary levels'),
  threshold: z
    .enum(['mean', 'max', 'nearest', 'trained'])
    .default('mean')
    .describe(
      'threshold of a level: meanFactor · mean |residual|, maxFactor · max |residual|, half its scale (the nearest level), or a trained number that starts as the first',
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
    .enum(['residual', 'joint', 'trained'])
    .default('residual')
    .describe(
      'mean of the kept residuals level by level, the best scales of all levels together, or trained numbers that start as the first',
    ),
  thresholdWindow,
  trainedRate: z
    .number()
    .positive()
    .max(10)
    .default(0.1)
    .describe('learning rate of trained thresholds and scales as a multiple of the run’s'),
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
export type Parameters = z.output<typeof parameters>;

/** Names of the trained variables: of the thresholds, then of the scales. */
function variables(shape: WeightShape, p: Parameters): VariableSpec[] {
  return trainedNames(p).map((name) => ({
    name,
    shape: [groupCount(shape, p.granularity)],
    trainable: true,
    decay: false,
    rate: p.trainedRate,
    initial: { kind: 'constant', value: 1 },
  }));
}

/** Trained thresholds and scales start as the rules `mean` and `residual` have them. */
function initialize(kernel: Float32Array, shape: WeightShape, p: Parameters): Record<string, Float32Array> {
  const names = trainedNames(p);
  if (names.length === 0) return {};
  const threshold = p.threshold === 'trained' ? 'mean' : p.threshold;
  const { thresholds, levels } = deployLevels(kernel, shape, { ...p, threshold, scales: 'residual' }, {});
  const start = Object.fromEntries(
    levels.flatMap(({ scale }, l) => [
      [`delta${l + 1}`, thresholds[l] ?? Float32Array.of()],
      [`gamma${l + 1}`, scale],
    ]),
  );
  return Object.fromEntries(names.map((name) => [name, start[name] ?? Float32Array.of()]));
}

function quantize(latent: Tensor, shape: WeightShape, p: Parameters, context: MethodContext): Tensor {
  const { tf } = context;
  const names = trainedNames(p);
  const axes = statisticAxes(shape, p.granularity);
  const inputs = names.map((name) => againstKernel(tf, variableOf(context.variables, name), shape));
  return customGradient(
    tf,
    [latent, ...inputs],
    (w, ...trained) => {
      const given = Object.fromEntries(names.map((name, i) => [name, trained[i] as Tensor]));
      const levels = levelsTensor(tf, w as Tensor, shape, p, given, context.variables.mask);
      const needed = names.length === 0 ? [] : [...levels.codes, ...levels.residuals, ...trained];
      return { value: levels.value, saved: [w as Tensor, ...needed] };
    },
    (dy, [w, ...saved]) => {
      const direct = p.gradient === 'clipped' ? tf.mul(dy, insideMask(tf, w as Tensor, 1)) : tf.clone(dy);
      const variable = (name: string) => saved[2 * p.levels + names.indexOf(name)] as Tensor;
      const total = (product: Tensor, like: Tensor) =>
        tf.mul(tf.sum(tf.mul(dy, product), axes, true), tf.sign(like));
      const toTrained = names.map((name) => {
        const level = Number(name.at(-1)) - 1;
        const [code, residual] = [saved[level], saved[p.levels + level]] as [Tensor, Tensor];
        const like = variable(name);
        if (name.startsWith('gamma')) return total(code, like);
        const slope = thresholdSlope(tf, residual, tf.abs(like), p.thresholdWindow);
        // The height of a step is the scale of its level, known where it is trained; else the mean of what it keeps.
        const gamma = `gamma${level + 1}`;
        const height = names.includes(gamma) ? tf.abs(variable(gamma)) : levelHeight(residual, code);
        return total(tf.mul(slope, height), like);
      });
      return [direct, ...toTrained];
    },
  );

  function levelHeight(residual: Tensor, code: Tensor): Tensor {
    const kept = tf.maximum(tf.sum(tf.abs(code), axes, true), 1);
    return tf.div(tf.sum(tf.mul(residual, code), axes, true), kept);
  }
}

export const multiLevelWeights = weightSide({
  parameters,
  form: {
    bits: (p: Parameters) => 2 * p.levels,
    variables,
    initialize,
    quantize,
    deploy: (latent, shape, p: Parameters, given) => ({
      levels: deployLevels(latent, shape, p, given).levels,
    }),
  },
  curve: {
    drawn: 'as nearest levels with scales 1, 1/2, 1/4 …, whatever the rule',
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
