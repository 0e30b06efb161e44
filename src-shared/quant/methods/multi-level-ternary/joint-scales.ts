import type { TF, Tensor } from '../../../base/tensorflow.ts';

/**
 * The scales that approximate w best in the least-squares sense by all levels together: g = (BᵀB + εI)⁻¹ Bᵀw, the codes
 * of the levels being the columns of B. ε keeps the system solvable where two levels have the same codes.
 */
const RIDGE = 1e-3;

/** Arithmetic on numbers, or on tensors: the elimination is written once. */
interface Field<T> {
  add(a: T, b: T): T;
  sub(a: T, b: T): T;
  mul(a: T, b: T): T;
  div(a: T, b: T): T;
}

const NUMBERS: Field<number> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
};

/** Solves a symmetric positive definite system by elimination without pivoting. */
function solve<T>({ add, sub, mul, div }: Field<T>, matrix: T[][], right: T[]): T[] {
  const a = matrix.map((row) => [...row]);
  const b = [...right];
  const size = b.length;
  const at = (i: number, j: number): T => a[i]?.[j] as T;
  for (let pivot = 0; pivot < size; pivot++) {
    for (let row = pivot + 1; row < size; row++) {
      const factor = div(at(row, pivot), at(pivot, pivot));
      for (let column = pivot; column < size; column++) {
        (a[row] as T[])[column] = sub(at(row, column), mul(factor, at(pivot, column)));
      }
      b[row] = sub(b[row] as T, mul(factor, b[pivot] as T));
    }
  }
  for (let row = size - 1; row >= 0; row--) {
    let known: T | undefined;
    for (let column = row + 1; column < size; column++) {
      const term = mul(at(row, column), b[column] as T);
      known = known === undefined ? term : add(known, term);
    }
    b[row] = div(known === undefined ? (b[row] as T) : sub(b[row] as T, known), at(row, row));
  }
  return b;
}

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
