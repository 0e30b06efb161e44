import { z } from 'zod';
import { customGradient } from '../../parts/custom-gradient.ts';
import { numbersOf, variableOf } from '../../parts/group-variable.ts';
import { cellOf } from '../../parts/level-steps.ts';
import { activationSide } from '../../side.ts';
import { codebook } from './codebook.ts';
import { fitBasis } from './first-batch.ts';
import { MEDIAN, qemParameters } from './parameters.ts';
import { qem } from './qem.ts';

const parameters = z.strictObject({
  bits: z.int().min(1).max(4).default(2).describe('K: size of the basis of the layer, codes 0 and 1'),
  ...qemParameters,
  start: z
    .enum(['normal', 'first-batch'])
    .default('normal')
    .describe(
      'the basis starts as 2 · 0.6745/(2^K − 1) · 2^k, for standard normal inputs, or fitted to the first batch',
    ),
});
type Parameters = z.output<typeof parameters>;

const names = ({ bits }: Parameters) => Array.from({ length: bits }, (_, k) => `basis${k}`);

/** v_k = 2 · 0.6745 / (2^K − 1) · 2^k, for inputs from a batch norm. */
function initialBasis({ bits: K }: Parameters): number[] {
  return Array.from({ length: K }, (_, k) => Math.fround(((2 * MEDIAN) / (2 ** K - 1)) * 2 ** k));
}

export const activations = activationSide({
  parameters,
  form: {
    bits: (p: Parameters) => p.bits,
    variables: (p: Parameters) => {
      const start = initialBasis(p);
      return names(p).map((name, k) => ({
        name,
        shape: [],
        trainable: false,
        decay: false,
        initial: { kind: 'constant', value: start[k] ?? 0 },
      }));
    },
    calibrate: (inputs, p: Parameters) => {
      if (p.start === 'normal') return {};
      const positive = inputs.map((x) => Math.max(x, 0));
      const basis = fitBasis(positive, initialBasis(p), p.ridge);
      return Object.fromEntries(names(p).map((name, k) => [name, Float32Array.of(basis[k] ?? 0)]));
    },
    quantize: (x, p: Parameters, { tf, variables, update }) =>
      customGradient(
        tf,
        [x],
        (value) => {
          const old = names(p).map((name) => tf.reshape(variableOf(variables, name), [1, 1]));
          const basis = tf.concat(old, 1);
          const column = tf.reshape(tf.relu(value), [-1, 1]);
          const { value: quantized, fitted, highest } = qem(tf, column, basis, 'bits', p.ridge);
          const next = tf.add(tf.mul(basis, p.momentum), tf.mul(fitted, 1 - p.momentum));
          names(p).forEach((name, k) => update(name, tf.reshape(tf.slice(next, [0, k], [1, 1]), [])));
          return {
            value: tf.reshape(quantized, value.shape),
            saved: [value, tf.reshape(highest, [])],
          };
        },
        (dy, [value, highest]) => {
          if (!value || !highest) throw new RangeError('LQ activations lost a saved tensor');
          const inside = tf.mul(tf.step(value), tf.sub(1, tf.step(tf.sub(value, highest))));
          return [tf.mul(dy, inside)];
        },
      ),
    deploy: (p: Parameters, variables) => {
      const basis = names(p).map((name) => numbersOf(variables, name)[0] ?? 0);
      const book = codebook(basis, 'bits');
      // Negative inputs count as 0, which lies above the thresholds that a negative basis may bring.
      const from = cellOf(0, book.thresholds);
      const thresholds = book.thresholds.slice(from);
      const codes = book.codes.slice(from);
      const [first = { scale: 0, codes: [] }, ...more] = basis.map((scale, k) => ({
        scale,
        codes: codes.map((code) => code[k] ?? 0),
      }));
      return {
        thresholds,
        inclusive: thresholds.map(() => false),
        ...first,
        ...(more.length ? { more } : {}),
      };
    },
  },
  curve: {
    drawn: 'for the initial basis',
    value: (x: number, p: Parameters) => {
      const { levels, thresholds } = codebook(initialBasis(p), 'bits');
      return levels[cellOf(x, thresholds)] ?? 0;
    },
    slope: (x: number, p: Parameters) => {
      const { levels } = codebook(initialBasis(p), 'bits');
      return x > 0 && x <= (levels.at(-1) ?? 0) ? 1 : 0;
    },
  },
});
