import type { Tensor } from '../../base/tensorflow.ts';
import type { TensorProgram } from './program.ts';

export interface Product {
  /** Integers in float32. */
  name: string;
  /** Their largest magnitude. */
  limit: number;
  /** One integer per channel. */
  multipliers: Float64Array;
}

/**
 * Σ multiplier · x + bias for |sum| ≤ 2^31, rounded to float32 once.
 *
 * With float32 tensors alone: back ends convert int32 tensors as they like, but products and sums of integers below 2^24
 * are exact in float32 on all of them. So multipliers are cut into digits of k bits, the products of each place are
 * added, and the carries go up. k is as large as keeps Σ |x| · 2^k below 2^23; larger x are cut in two before.
 */
export function exactSum(program: TensorProgram, all: readonly Product[], bias: ArrayLike<number>): string {
  const { tf } = program;
  const products = all.flatMap((product) => cutLarge(program, product));
  const total = products.reduce((sum, { limit }) => sum + limit, 1);
  const bits = Math.max(1, Math.floor(23 - Math.log2(total)));
  const base = 2 ** bits;
  // Digits are joined to two numbers that float32 holds exactly: at least 8 bits below, so that at most 23 remain above.
  const lowest = Math.ceil(8 / bits);
  const factors = products.map(({ multipliers }) => digitsOf(multipliers, base));
  const offsets = digitsOf(Float64Array.from(bias), base);
  const count = Math.max(lowest + 1, offsets.length, ...factors.map((digits) => digits.length));
  let carry: string | null = null;
  const digits = Array.from({ length: count }, (_, place) => {
    const parts = products.flatMap(({ name }, i) => {
      const factor = constantOf(program, factors[i]?.[place]);
      return factor ? [{ name, factor }] : [];
    });
    const offset = constantOf(program, offsets[place]);
    const below = carry;
    const sum = program.operation((get) => {
      const terms = parts.map(({ name, factor }): Tensor => tf.mul(get(name), factor));
      if (below !== null) terms.push(get(below));
      const whole = terms.reduce<Tensor | null>((a, b) => (a ? tf.add(a, b) : b), null);
      const start = whole ?? tf.zerosLike(get(products[0]?.name ?? ''));
      return offset ? tf.add(start, offset) : start;
    });
    if (place === count - 1) return sum;
    const up = program.operation((get) => tf.floor(tf.mul(get(sum), 1 / base)));
    carry = up;
    return program.operation((get) => tf.sub(get(sum), tf.mul(get(up), base)));
  });
  const join = (names: readonly string[]) =>
    program.operation((get) =>
      names
        .map((name, i): Tensor => (i === 0 ? get(name) : tf.mul(get(name), base ** i)))
        .reduce((a, b): Tensor => tf.add(a, b)),
    );
  const low = join(digits.slice(0, lowest));
  const high = join(digits.slice(lowest));
  return program.operation((get) => tf.add(tf.mul(get(high), base ** lowest), get(low)));
}

const CUT_BITS = 11;
const LARGE = 2 ** 13;

/** x as high · 2^11 + low where x may be large. */
function cutLarge(program: TensorProgram, product: Product): Product[] {
  const { tf } = program;
  const { name, limit, multipliers } = product;
  if (limit <= LARGE) return [product];
  const unit = 2 ** CUT_BITS;
  const high = program.operation((get) => tf.floor(tf.mul(get(name), 1 / unit)));
  const low = program.operation((get) => tf.sub(get(name), tf.mul(get(high), unit)));
  return [
    { name: high, limit: limit / unit + 1, multipliers: multipliers.map((factor) => factor * unit) },
    { name: low, limit: unit, multipliers },
  ];
}

/** Integers by place: number = Σ digit · base^place, every digit with the number's sign. */
function digitsOf(numbers: Float64Array, base: number): Float64Array[] {
  const digits: Float64Array[] = [];
  let rest = numbers;
  while (rest.some((number) => number !== 0)) {
    const up = rest.map((number) => Math.trunc(number / base));
    digits.push(rest.map((number, i) => number - (up[i] ?? 0) * base));
    rest = up;
  }
  return digits;
}

function constantOf(program: TensorProgram, digit: Float64Array | undefined): Tensor | null {
  return digit?.some((number) => number !== 0) ? program.constant(Float32Array.from(digit)) : null;
}
