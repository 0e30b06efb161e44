import { z } from 'zod';
import type { Tensor } from '../../../base/tensorflow.ts';
import { customGradient } from '../../parts/custom-gradient.ts';
import { numbersOf, variableOf } from '../../parts/group-variable.ts';
import { openMask } from '../../parts/open-mask.ts';
import { staircaseOf } from '../../parts/staircases.ts';
import { meanKeptTensor, ternaryTensor } from '../../parts/ternary.ts';
import { activationSide } from '../../side.ts';
import type { MethodContext, Staircase, VariableSpec } from '../../types.ts';
import { constantLevels, fitLevels, levelCodes, THRESHOLDS, type Level } from './activation-levels.ts';
import { thresholdSlope, thresholdWindow } from './window.ts';

const parameters = z.strictObject({
  levels: z.int().min(1).max(4).default(2).describe('M: residual ternary levels'),
  initial: z
    .enum(['first-batch', 'normal', 'rebnet'])
    .default('first-batch')
    .describe(
      'start of the scales and thresholds: fitted to the first batch, best for standard normal inputs, or (M − l + 1)/(1 + … + M) as in ReBNet',
    ),
  threshold: z
    .enum(THRESHOLDS)
    .default('nearest')
    .describe(
      'threshold of a level: half its scale (the nearest level), a running average of meanFactor · mean |residual| or of maxFactor · max |residual|, or a trained number',
    ),
  meanFactor: z.number().positive().max(3).default(0.7).describe('factor of the threshold rule mean'),
  maxFactor: z.number().positive().lt(1).default(0.05).describe('factor of the threshold rule max'),
  scales: z
    .enum(['trained', 'mean'])
    .default('trained')
    .describe('scales are trained numbers, or running averages of the mean residual that a level keeps'),
  momentum: z.number().positive().max(1).default(0.1).describe('weight of a batch in the running averages'),
  thresholdWindow,
  clip: z
    .number()
    .positive()
    .max(100)
    .default(1)
    .describe('a level passes the gradient where its residual lies in (−clip, clip)'),
});
type Parameters = z.output<typeof parameters>;

function start(p: Parameters): Level[] {
  return constantLevels(p.levels, p.initial === 'rebnet' ? 'rebnet' : 'normal');
}

const gammaName = (l: number) => `gamma${l + 1}`;
const deltaName = (l: number) => `delta${l + 1}`;

function variables(p: Parameters): VariableSpec[] {
  const variable = (name: string, trainable: boolean, value: number): VariableSpec => ({
    name,
    shape: [],
    trainable,
    decay: false,
    initial: { kind: 'constant', value },
  });
  const levels = start(p);
  return [
    ...levels.map(({ scale }, l) => variable(gammaName(l), p.scales === 'trained', scale)),
    ...(p.threshold === 'nearest'
      ? []
      : levels.map(({ threshold }, l) => variable(deltaName(l), p.threshold === 'trained', threshold))),
  ];
}

function calibrate(inputs: Float32Array, p: Parameters): Record<string, Float32Array> {
  if (p.initial !== 'first-batch') return {};
  const levels = fitLevels(inputs, p.levels, p.threshold, { mean: p.meanFactor, max: p.maxFactor });
  // A batch of zeros says nothing.
  if (levels.some(({ scale }) => scale === 0)) return {};
  const names = new Set(variables(p).map(({ name }) => name));
  const values = levels.flatMap(({ scale, threshold }, l) => [
    [gammaName(l), Float32Array.of(scale)] as const,
    [deltaName(l), Float32Array.of(threshold)] as const,
  ]);
  return Object.fromEntries(values.filter(([name]) => names.has(name)));
}

/** The slope 1 − Π_l (1 − g_l · s_l), s_l = 1[|residual| < clip], and the sum of the levels. */
function evaluate(x: number, p: Parameters): { value: number; slope: number } {
  const levels = start(p);
  let residual = x;
  let left = 1;
  let value = 0;
  levelCodes(x, levels).forEach((code, l) => {
    const scale = levels[l]?.scale ?? 0;
    if (Math.abs(residual) < p.clip) left *= 1 - scale;
    residual = Math.fround(residual - scale * code);
    value += scale * code;
  });
  return { value, slope: 1 - left };
}

/** What the backward pass needs of one level. */
interface Saved {
  code: Tensor;
  residual: Tensor;
  gamma: Tensor;
  delta: Tensor | undefined;
}

function quantize(x: Tensor, p: Parameters, context: MethodContext): Tensor {
  const { tf, update } = context;
  const gammas = start(p).map((_, l) => variableOf(context.variables, gammaName(l)));
  const deltas =
    p.threshold === 'nearest' ? [] : gammas.map((_, l) => variableOf(context.variables, deltaName(l)));
  const averaged = (before: Tensor, now: Tensor) =>
    tf.add(tf.mul(before, 1 - p.momentum), tf.mul(tf.reshape(now, []), p.momentum));
  return customGradient(
    tf,
    [x, ...gammas, ...deltas],
    (input, ...numbers) => {
      let residual = input as Tensor;
      const axes = residual.shape.map((_, axis) => axis);
      const codes: Tensor[] = [];
      const residuals: Tensor[] = [];
      const parts = gammas.map((_, l) => {
        const [gamma, own] = [numbers[l] as Tensor, numbers[p.levels + l]];
        const scale = tf.abs(gamma);
        const code = ternaryTensor(tf, residual, own ? tf.abs(own) : tf.mul(scale, 0.5));
        // Deployment has the averages as they are now, so training uses them too; this batch goes into the next.
        if (own && p.threshold === 'mean')
          update(deltaName(l), averaged(own, tf.mul(tf.mean(tf.abs(residual)), p.meanFactor)));
        if (own && p.threshold === 'max')
          update(deltaName(l), averaged(own, tf.mul(tf.max(tf.abs(residual)), p.maxFactor)));
        if (p.scales === 'mean')
          update(gammaName(l), averaged(gamma, meanKeptTensor(tf, residual, code, axes)));
        codes.push(code);
        residuals.push(residual);
        const part = tf.mul(code, scale);
        residual = tf.sub(residual, part);
        return part;
      });
      return {
        value: parts.reduce((sum, part) => tf.add(sum, part)),
        saved: [...codes, ...residuals, ...(numbers as Tensor[])],
      };
    },
    (dy, saved) => {
      const levels = gammas.map((_, l): Saved => ({
        code: saved[l] as Tensor,
        residual: saved[p.levels + l] as Tensor,
        gamma: saved[2 * p.levels + l] as Tensor,
        delta: saved[3 * p.levels + l],
      }));
      // Π over the levels after l of (1 − g · s): what they leave of a change of level l.
      let left: Tensor | null = null;
      const toGammas: Tensor[] = [];
      const toDeltas: Tensor[] = [];
      for (const { code, residual, gamma, delta } of levels.toReversed()) {
        const reaching: Tensor = left ? tf.mul(dy, left) : dy;
        const scale = tf.abs(gamma);
        const total = (change: Tensor, of: Tensor) => tf.mul(tf.sum(tf.mul(reaching, change)), tf.sign(of));
        toGammas.unshift(total(code, gamma));
        if (delta) {
          const slope = thresholdSlope(tf, residual, tf.abs(delta), p.thresholdWindow);
          toDeltas.unshift(total(tf.mul(slope, scale), delta));
        }
        const kept: Tensor = tf.sub(1, tf.mul(openMask(tf, residual, p.clip), scale));
        left = left ? tf.mul(left, kept) : kept;
      }
      return [tf.mul(dy, tf.sub(1, left as Tensor)), ...toGammas, ...toDeltas];
    },
  );
}

/** A staircase of M terms; the codes of a level go up and down along it. */
function deploy(p: Parameters, state: Record<string, Float32Array>): Staircase {
  const magnitude = (name: string) => Math.abs(numbersOf(state, name)[0] ?? 0);
  const levels = start(p).map((_, l) => {
    const scale = magnitude(gammaName(l));
    return { scale, threshold: p.threshold === 'nearest' ? scale / 2 : magnitude(deltaName(l)) };
  });
  let offsets = [0];
  const breaks: number[] = [];
  for (const { scale, threshold } of levels) {
    breaks.push(...offsets.flatMap((offset) => [offset - threshold, offset + threshold]));
    offsets = offsets.flatMap((offset) => [offset - scale, offset, offset + scale]);
  }
  return staircaseOf(
    (x) => levelCodes(x, levels),
    [...new Set(breaks)],
    levels.map(({ scale }) => scale),
  );
}

export const multiLevelActivations = activationSide({
  parameters,
  form: {
    bits: (p: Parameters) => 2 * p.levels,
    variables,
    calibrate,
    quantize,
    deploy,
  },
  curve: {
    drawn: 'with the scales and thresholds of a standard normal input (or of the series)',
    value: (x: number, p: Parameters) => evaluate(x, p).value,
    slope: (x: number, p: Parameters) => evaluate(x, p).slope,
  },
});
