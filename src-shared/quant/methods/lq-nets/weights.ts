import { z } from 'zod';
import { numbersOf, variableOf } from '../../parts/group-variable.ts';
import { cellOf } from '../../parts/level-steps.ts';
import { filterOf } from '../../parts/scales.ts';
import { straightThrough } from '../../parts/straight-through.ts';
import { weightSide } from '../../side.ts';
import type { DeployedWeights, WeightShape } from '../../types.ts';
import { codebook } from './codebook.ts';
import { MEDIAN, qemParameters } from './parameters.ts';
import { qem } from './qem.ts';

const parameters = z.strictObject({
  bits: z.int().min(1).max(4).default(2).describe('K: size of the basis of each filter, codes ±1'),
  ...qemParameters,
});
type Parameters = z.output<typeof parameters>;

/** v_k = 0.6745 · σ · 2^k / 2^(K−1), σ the root mean square of the kernel. */
function initialBasis(deviation: number, K: number): number[] {
  return Array.from({ length: K }, (_, k) => MEDIAN * deviation * 2 ** (k + 1 - K));
}

function deploy(
  latent: Float32Array,
  shape: WeightShape,
  { bits: K }: Parameters,
  variables: Record<string, Float32Array>,
): DeployedWeights {
  const basis = numbersOf(variables, 'basis');
  const books = Array.from({ length: shape.filters }, (_, filter) =>
    codebook([...basis.subarray(filter * K, (filter + 1) * K)], 'signs'),
  );
  const cells = Array.from(latent, (w, i) => {
    const book = books[filterOf(shape, i)];
    return book?.codes[cellOf(w, book.thresholds)];
  });
  const levels = Array.from({ length: K }, (_, k) => ({
    codes: Int8Array.from(cells, (codes) => codes?.[k] ?? 1),
    scale: Float32Array.from(books, (_, filter) => basis[filter * K + k] ?? 0),
  }));
  return { levels };
}

export const weights = weightSide({
  parameters,
  form: {
    bits: (p: Parameters) => p.bits,
    variables: (shape, p: Parameters) => [
      {
        name: 'basis',
        shape: [shape.filters, p.bits],
        trainable: false,
        decay: false,
        initial: { kind: 'constant', value: 1 },
      },
    ],
    initialize: (kernel, shape, p: Parameters) => {
      const deviation = Math.sqrt(kernel.reduce((sum, w) => sum + w * w, 0) / Math.max(kernel.length, 1));
      const basis = initialBasis(deviation, p.bits);
      return {
        basis: Float32Array.from({ length: shape.filters * p.bits }, (_, i) => basis[i % p.bits] ?? 0),
      };
    },
    quantize: (latent, shape, p: Parameters, { tf, variables, update }) => {
      const basis = variableOf(variables, 'basis');
      return straightThrough(tf, latent, (w) => {
        const rows = tf.reshape(w, [shape.fanIn, shape.filters]);
        const kept = variables.mask && tf.reshape(variables.mask, [shape.fanIn, shape.filters]);
        const { value, fitted } = qem(tf, rows, basis, 'signs', p.ridge, kept);
        update('basis', tf.add(tf.mul(basis, p.momentum), tf.mul(fitted, 1 - p.momentum)));
        return tf.reshape(value, w.shape);
      });
    },
    deploy,
  },
  curve: {
    drawn: 'for the initial basis of a kernel whose root mean square is 1',
    value: (x: number, p: Parameters) => {
      const { levels, thresholds } = codebook(initialBasis(1, p.bits), 'signs');
      return levels[cellOf(x, thresholds)] ?? 0;
    },
    slope: () => 1,
  },
});
