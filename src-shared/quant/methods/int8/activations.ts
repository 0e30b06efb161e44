import { z } from 'zod';
import type { TF, Tensor } from '../../../base/tensorflow.ts';
import { customGradient } from '../../parts/custom-gradient.ts';
import { numbersOf, variableOf } from '../../parts/group-variable.ts';
import { SMALLEST_STEP, uniformCode, uniformCodes, uniformStaircase } from '../../parts/uniform.ts';
import { activationSide } from '../../side.ts';
import type { MethodContext, VariableSpec } from '../../types.ts';

const parameters = z.strictObject({
  scheme: z
    .enum(['affine', 'symmetric'])
    .default('symmetric')
    .describe('affine: 256 codes between the smallest and the largest value; symmetric: ±127 times one step'),
  relu: z.boolean().default(true).describe('negative inputs become 0 before they are quantized'),
  start: z
    .enum(['first-batch', 'constant'])
    .default('first-batch')
    .describe('the range before the first step: that of the first batch, or `initialRange`'),
  momentum: z.number().min(0).lt(1).default(0.99).describe('share of the old range that each step keeps'),
  initialRange: z
    .number()
    .positive()
    .max(1000)
    .default(4)
    .describe('start `constant`: largest |x| that is assumed before the first step; 4 fits a batch norm'),
});
type Parameters = z.output<typeof parameters>;

/** One step and the codes that it counts: x_q = step · code. */
interface Grid<N> {
  step: N;
  low: N | number;
  high: N | number;
}

/**
 * The grid of a range. Affine: 256 codes that hold 0 exactly, so its place in the range is rounded (the zero point).
 *
 * @param low ≤ 0
 * @param high ≥ 0
 */
function grid(low: number, high: number, p: Parameters): Grid<number> {
  if (p.scheme === 'symmetric') {
    const bound = Math.fround(Math.max(-low, high));
    const step = Math.max(Math.fround(bound * Math.fround(1 / 127)), SMALLEST_STEP);
    return { step, low: p.relu ? 0 : -127, high: 127 };
  }
  const width = Math.fround(Math.fround(high) - Math.fround(low));
  const step = Math.max(Math.fround(width * Math.fround(1 / 255)), SMALLEST_STEP);
  const zero = p.relu ? 0 : Math.min(255, Math.max(0, Math.floor(Math.fround(-low) / step + 0.5)));
  return { step, low: 0 - zero, high: 255 - zero };
}

function gridTensor(tf: TF, low: Tensor, high: Tensor, p: Parameters): Grid<Tensor> {
  if (p.scheme === 'symmetric') {
    const step = tf.maximum(tf.mul(tf.maximum(tf.neg(low), high), 1 / 127), SMALLEST_STEP);
    return { step, low: p.relu ? 0 : -127, high: 127 };
  }
  const step = tf.maximum(tf.mul(tf.sub(high, low), 1 / 255), SMALLEST_STEP);
  if (p.relu) return { step, low: 0, high: 255 };
  const zero = tf.clipByValue(tf.floor(tf.add(tf.div(tf.neg(low), step), 0.5)), 0, 255);
  return { step, low: tf.neg(zero), high: tf.sub(255, zero) };
}

function variables(p: Parameters): VariableSpec[] {
  const state = (name: string, value: number): VariableSpec => ({
    name,
    shape: [],
    trainable: false,
    decay: false,
    initial: { kind: 'constant', value },
  });
  return [state('low', p.relu ? 0 : -p.initialRange), state('high', p.initialRange)];
}

/** The range of a batch, 0 included. */
function calibrate(inputs: Float32Array, p: Parameters): Record<string, Float32Array> {
  if (p.start === 'constant') return {};
  const low = inputs.reduce((least, x) => Math.min(least, x), 0);
  const high = inputs.reduce((most, x) => Math.max(most, x), 0);
  return { low: Float32Array.of(p.relu ? 0 : low), high: Float32Array.of(high) };
}

function quantize(x: Tensor, p: Parameters, { tf, variables: state, update }: MethodContext): Tensor {
  const low = variableOf(state, 'low');
  const high = variableOf(state, 'high');
  // From inside the operation, so that the tape does not see the arithmetic of the range.
  const nextGrid = (value: Tensor) => {
    const blend = (old: Tensor, fresh: Tensor) =>
      tf.add(tf.mul(old, p.momentum), tf.mul(fresh, 1 - p.momentum));
    const nextHigh = blend(high, tf.maximum(tf.max(value), 0));
    const nextLow = p.relu ? tf.mul(low, 0) : blend(low, tf.minimum(tf.min(value), 0));
    update('low', nextLow);
    update('high', nextHigh);
    return gridTensor(tf, nextLow, nextHigh, p);
  };
  return customGradient(
    tf,
    [x],
    (value) => {
      const { step, low: first, high: last } = nextGrid(value);
      return {
        value: tf.mul(uniformCodes(tf, value, step, first, last), step),
        saved: [value, tf.mul(step, first), tf.mul(step, last)],
      };
    },
    (dy, [value, bottom, top]) => {
      if (!value || !bottom || !top) throw new RangeError('int8 activations lost a saved tensor');
      // Strictly above 0 after a ReLU; else the ends are inside.
      const above = p.relu ? tf.step(value) : tf.sub(1, tf.step(tf.sub(bottom, value)));
      const below = tf.sub(1, tf.step(tf.sub(value, top)));
      return [tf.mul(dy, tf.mul(above, below))];
    },
  );
}

function initialGrid(p: Parameters): Grid<number> {
  return grid(p.relu ? 0 : -p.initialRange, p.initialRange, p);
}

export const activations = activationSide({
  parameters,
  form: {
    dynamic: true,
    variables,
    calibrate,
    quantize,
    deploy: (p: Parameters, state) => {
      const [low = 0] = numbersOf(state, 'low');
      const [high = 0] = numbersOf(state, 'high');
      const { step, ...codes } = grid(low, high, p);
      return uniformStaircase(step, codes.low, codes.high);
    },
  },
  curve: {
    value: (x: number, p: Parameters) => {
      const { step, low, high } = initialGrid(p);
      return uniformCode(x, step, low, high) * step;
    },
    slope: (x: number, p: Parameters) => {
      const { step, low, high } = initialGrid(p);
      const above = p.relu ? x > 0 : x >= Math.fround(low * step);
      return above && x <= Math.fround(high * step) ? 1 : 0;
    },
  },
});
