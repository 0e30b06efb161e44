import { z } from 'zod';
import type { TF, Tensor } from '../../../base/tensorflow.ts';
import { cellOf, levelTensor } from '../../parts/level-steps.ts';
import { straightThrough } from '../../parts/straight-through.ts';
import { activationSide } from '../../side.ts';
import type { MethodContext } from '../../types.ts';

const parameters = z.strictObject({
  levels: z
    .enum(['uniform', 'non-uniform'])
    .default('uniform')
    .describe('uniform: 0, 1, 2, 3 times the step; non-uniform: 0, 0.453, 1.51'),
  step: z
    .number()
    .positive()
    .max(100)
    .default(0.538)
    .describe('distance of the uniform levels; 0.538 is the best for the positive half of a standard normal'),
  backward: z
    .enum(['clipped', 'relu', 'log-tailed'])
    .default('clipped')
    .describe('slope above the highest level: 0, 1, or falling as 1/(x − highest + 1)'),
});
type Parameters = z.output<typeof parameters>;

/** Codes and their unit: 0.453 and 1.51 are 3 and 10 times 0.151. */
function gridOf(p: Parameters): { codes: number[]; scale: number } {
  return p.levels === 'uniform'
    ? { codes: [0, 1, 2, 3], scale: Math.fround(p.step) }
    : { codes: [0, 3, 10], scale: Math.fround(0.151) };
}

/** 0, then the midpoints of neighbouring positive levels. */
function thresholdsOf({ codes, scale }: { codes: number[]; scale: number }): number[] {
  const positive = codes.slice(1);
  const midpoints = positive
    .slice(1)
    .map((code, i) => Math.fround(((code + (positive[i] ?? 0)) / 2) * scale));
  return [0, ...midpoints];
}

function highest({ codes, scale }: { codes: number[]; scale: number }): number {
  return Math.fround((codes.at(-1) ?? 0) * scale);
}

function slopeTensor(tf: TF, x: Tensor, p: Parameters): Tensor {
  const positive = tf.step(x);
  if (p.backward === 'relu') return positive;
  const beyond = tf.sub(x, highest(gridOf(p)));
  if (p.backward === 'log-tailed') return tf.div(positive, tf.add(tf.relu(beyond), 1));
  return tf.mul(positive, tf.sub(1, tf.step(beyond)));
}

function slope(x: number, p: Parameters): number {
  if (x <= 0) return 0;
  const beyond = x - highest(gridOf(p));
  if (beyond <= 0 || p.backward === 'relu') return 1;
  return p.backward === 'log-tailed' ? 1 / (beyond + 1) : 0;
}

function quantize(x: Tensor, p: Parameters, { tf }: MethodContext): Tensor {
  const grid = gridOf(p);
  return straightThrough(
    tf,
    x,
    (value) => tf.mul(levelTensor(tf, value, thresholdsOf(grid), grid.codes), grid.scale),
    (value) => slopeTensor(tf, value, p),
  );
}

export const activations = activationSide({
  parameters,
  form: {
    quantize,
    deploy: (p: Parameters) => {
      const grid = gridOf(p);
      const thresholds = thresholdsOf(grid);
      return { thresholds, inclusive: thresholds.map(() => false), ...grid };
    },
  },
  curve: {
    value: (x: number, p: Parameters) => {
      const grid = gridOf(p);
      return (grid.codes[cellOf(x, thresholdsOf(grid))] ?? 0) * grid.scale;
    },
    slope,
  },
});
