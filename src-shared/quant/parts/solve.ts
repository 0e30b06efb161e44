/** Arithmetic on numbers, or on tensors: the elimination is written once. */
export interface Field<T> {
  add(a: T, b: T): T;
  sub(a: T, b: T): T;
  mul(a: T, b: T): T;
  div(a: T, b: T): T;
}

export const NUMBERS: Field<number> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
};

/** Solves a symmetric positive definite system by elimination without pivoting. */
export function solve<T>({ add, sub, mul, div }: Field<T>, matrix: T[][], right: T[]): T[] {
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
