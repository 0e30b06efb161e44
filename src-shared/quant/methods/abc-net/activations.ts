import { z } from 'zod';
import type { Tensor } from '../../../base/tensorflow.ts';
import { binaryTermStaircase } from '../../parts/binary-terms.ts';
import { customGradient } from '../../parts/custom-gradient.ts';
import { rootMeanSquare } from '../../parts/first-batch.ts';
import { numbersOf, variableOf } from '../../parts/group-variable.ts';
import { insideMask, signTensor } from '../../parts/sign.ts';
import { activationSide } from '../../side.ts';
import type { MethodContext, Staircase, VariableSpec } from '../../types.ts';

const parameters = z.strictObject({
  bases: z.int().min(1).max(8).default(3).describe('N: shifted binary activations, one bit each'),
  spread: z
    .number()
    .positive()
    .max(10)
    .default(1)
    .describe('initial thresholds are the middles between N + 1 even levels over [−spread, spread]'),
  start: z
    .enum(['constant', 'first-batch'])
    .default('constant')
    .describe('`spread` as a number, or as a multiple of the root mean square of the first batch'),
});
type Parameters = z.output<typeof parameters>;

/** Initial (shift v, scale β) of each base, in float32: the uniform quantizer of N + 1 levels over [−spread, spread]. */
function start({ bases, spread }: Pick<Parameters, 'bases' | 'spread'>): { shift: number; scale: number }[] {
  return Array.from({ length: bases }, (_, n) => ({
    shift: Math.fround(0.5 - (spread * (2 * n + 1 - bases)) / bases),
    scale: Math.fround(spread / bases),
  }));
}

function names(letter: 'v' | 'beta', { bases }: Parameters): string[] {
  return Array.from({ length: bases }, (_, n) => `${letter}${n + 1}`);
}

/** clip(x + v, 0, 1) ≥ 0.5 is x ≥ 0.5 − v, in float32 as the tensor form computes it. */
function thresholdOf(shift: number): number {
  return Math.fround(0.5 - Math.fround(shift));
}

/**
 * Σ_n β_n·A_n with A_n = sgn(x − t_n), t_n = 0.5 − v_n. Backward A_n is differentiated as clip(x + v_n, 0, 1), whose
 * slope is 1 on |x − t_n| ≤ 0.5: d/dx = Σ β_n·1[…], d/dv_n = β_n·1[…], d/dβ_n = A_n.
 */
function quantize(x: Tensor, p: Parameters, { tf, variables }: MethodContext): Tensor {
  const inputs = [...names('v', p), ...names('beta', p)].map((name) => variableOf(variables, name));
  const gap = (value: Tensor, shift: Tensor) => tf.sub(value, tf.sub(0.5, shift));
  return customGradient(
    tf,
    [x, ...inputs],
    (...all) => {
      const [value, ...rest] = all as [Tensor, ...Tensor[]];
      const terms = rest
        .slice(0, p.bases)
        .map((shift, n) => tf.mul(signTensor(tf, gap(value, shift)), rest[p.bases + n] as Tensor));
      return { value: terms.reduce((sum, term) => tf.add(sum, term)), saved: all };
    },
    (dy, saved) => {
      const [value, ...rest] = saved as [Tensor, ...Tensor[]];
      const bases = rest.slice(0, p.bases).map((shift, n) => {
        const beta = rest[p.bases + n] as Tensor;
        const distance = gap(value, shift);
        const passed = tf.mul(tf.mul(dy, insideMask(tf, distance, 0.5)), beta);
        return {
          passed,
          toShift: tf.reshape(tf.sum(passed), [1]),
          toBeta: tf.reshape(tf.sum(tf.mul(dy, signTensor(tf, distance))), [1]),
        };
      });
      return [
        bases.map(({ passed }) => passed).reduce((sum, passed) => tf.add(sum, passed)),
        ...bases.map(({ toShift }) => toShift),
        ...bases.map(({ toBeta }) => toBeta),
      ];
    },
  );
}

function deploy(p: Parameters, variables: Record<string, Float32Array>): Staircase {
  const bases = names('v', p).map((name, n) => ({
    threshold: thresholdOf(numbersOf(variables, name)[0] ?? 0),
    factor: numbersOf(variables, `beta${n + 1}`)[0] ?? 0,
  }));
  const thresholds = bases.map(({ threshold }) => threshold).sort((a, b) => a - b);
  const steps = [-Infinity, ...thresholds];
  return binaryTermStaircase(
    thresholds,
    bases.map(({ threshold, factor }) => ({
      factor,
      bits: steps.map((reached) => (reached >= threshold ? 1 : -1)),
    })),
  );
}

function calibrate(inputs: Float32Array, p: Parameters): Record<string, Float32Array> {
  const size = rootMeanSquare(inputs);
  if (p.start === 'constant' || size === 0) return {};
  const bases = start({ bases: p.bases, spread: p.spread * size });
  return Object.fromEntries(
    bases.flatMap(({ shift, scale }, n) => [
      [`v${n + 1}`, Float32Array.of(shift)],
      [`beta${n + 1}`, Float32Array.of(scale)],
    ]),
  );
}

function variables(p: Parameters): VariableSpec[] {
  const spec = (name: string, value: number): VariableSpec => ({
    name,
    shape: [1],
    trainable: true,
    decay: false,
    initial: { kind: 'constant', value },
  });
  return [
    ...start(p).map(({ shift }, n) => spec(`v${n + 1}`, shift)),
    ...start(p).map(({ scale }, n) => spec(`beta${n + 1}`, scale)),
  ];
}

export const abcActivations = activationSide({
  parameters,
  form: { bits: ({ bases }: Parameters) => bases, variables, calibrate, quantize, deploy },
  curve: {
    drawn: 'with the initial shifts and scales',
    value: (x, p: Parameters) =>
      start(p).reduce((sum, { shift, scale }) => sum + (x >= thresholdOf(shift) ? scale : -scale), 0),
    slope: (x, p: Parameters) =>
      start(p).reduce(
        (sum, { shift, scale }) => sum + (Math.abs(Math.fround(x - thresholdOf(shift))) <= 0.5 ? scale : 0),
        0,
      ),
  },
});
