import type { TF, Tensor } from '../../../base/tensorflow.ts';
import { NUMBERS, solve, type Field } from '../../parts/solve.ts';

/**
 * The scales that approximate w best in the least-squares sense by all levels together: g = (BᵀB + εI)⁻¹ Bᵀw, the codes
 * of the levels being the columns of B. ε keeps the system solvable where two levels have the same codes.
 */
const RIDGE = 1e-3;

/** Scales per group, with kept dimensions. */
export function jointScalesTensor(tf: TF, w: Tensor, codes: readonly Tensor[], axes: number[]): Tensor[] {
  const dot = (a: Tensor, b: Tensor) => tf.sum(tf.mul(a, b), axes, true);
  const products = codes.map((a, i) => codes.map((b, j) => (j < i ? undefined : dot(a, b))));
  const matrix = codes.map((_, i) =>
    codes.map((__, j) => {
      const product = products[Math.min(i, j)]?.[Math.max(i, j)] as Tensor;
      return i === j ? tf.add(product, RIDGE) : product;
    }),
  );
  const field: Field<Tensor> = {
    add: (a, b) => tf.add(a, b),
    sub: (a, b) => tf.sub(a, b),
    mul: (a, b) => tf.mul(a, b),
    div: (a, b) => tf.div(a, b),
  };
  return solve(
    field,
    matrix,
    codes.map((code) => dot(code, w)),
  );
}

/** Scales of the group of elements at `members`. */
export function jointScales(
  w: ArrayLike<number>,
  codes: readonly ArrayLike<number>[],
  members: Iterable<number>,
): number[] {
  const indices = [...members];
  const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
    indices.reduce((sum, i) => sum + (a[i] ?? 0) * (b[i] ?? 0), 0);
  return solve(
    NUMBERS,
    codes.map((a, i) => codes.map((b, j) => dot(a, b) + (i === j ? RIDGE : 0))),
    codes.map((code) => dot(code, w)),
  );
}
