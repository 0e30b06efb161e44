import type { Tensor } from '../../base/tensorflow.ts';
import { ACCUMULATOR_LIMIT, fixedPoint, type FixedPoint } from '../../export/arithmetic/fixed-point.ts';
import { logitRows } from '../../export/arithmetic/logits.ts';
import {
  isSingle,
  summedTerm,
  sumOfTerms,
  type TermNumbers,
  type Value,
} from '../../export/arithmetic/value.ts';
import { exactSum, type Product } from './exact-sum.ts';
import type { TensorProgram } from './program.ts';

/** Integers of a term as an operation of the program: float32 numbers, exact below 2^24. */
export interface TensorTerm extends TermNumbers {
  name: string;
}

/** A value as integers with the arithmetic that is pending on them. */
export interface IntegerValue extends Value<TensorTerm> {
  /** Present for codes of several terms: the rank of the real value, and the codes of each term by rank. */
  ranks?: { name: string; tables: readonly (readonly number[])[] };
  /** The real value as it is, where it was given. */
  real?: string;
}

/** The real value in float32, as training computes it: one rounding per operation, in order. */
export function realOf(program: TensorProgram, value: IntegerValue): string {
  if (value.real !== undefined) return value.real;
  const { tf } = program;
  const factors = value.terms.map(({ scale }) => program.factor(scale));
  const offset = value.offset ? program.constant(Float32Array.from(value.offset)) : null;
  const apply = value.steps.map((step) => {
    if (step.kind === 'bias') {
      const bias = program.constant(step.values);
      return (x: Tensor): Tensor => tf.add(x, bias);
    }
    const [factor, shift] = [program.constant(step.factor), program.constant(step.offset)];
    return (x: Tensor): Tensor => tf.add(tf.mul(x, factor), shift);
  });
  return program.operation((get) => {
    const terms = value.terms.map(({ name }, i): Tensor => {
      const factor = factors[i] ?? null;
      return factor === null ? get(name) : tf.mul(get(name), factor);
    });
    const sum = terms.reduce((total, term) => tf.add(total, term));
    return apply.reduce((y, step) => step(y), offset ? tf.add(sum, offset) : sum);
  });
}

/**
 * The value as one integer per element, as `combineTerms` of the exporter makes it.
 *
 * @param limit as there; beyond 2^24 the integers are rounded to float32, as `evaluateAt` does
 */
export function combined(
  program: TensorProgram,
  value: IntegerValue,
  limit = ACCUMULATOR_LIMIT,
): IntegerValue {
  if (isSingle(value)) return value;
  const sum = sumOfTerms(value, limit);
  const term: TensorTerm = {
    name: exactSum(program, productsOf(value, sum), sum.bias),
    ...summedTerm(sum),
  };
  return { terms: [term], steps: value.steps, codes: false };
}

/** The logits as the firmware computes them, integers times one power of two; null where they are not finite. */
export function logitsOf(program: TensorProgram, value: IntegerValue): string | null {
  const rows = logitRows(value);
  if (!rows.every(({ slopes, offset }) => [...slopes, offset].every(Number.isFinite))) return null;
  const sum = fixedPoint(rows, 'common');
  const name = exactSum(program, productsOf(value, sum), sum.bias);
  return program.operation((get) => program.tf.mul(get(name), 2 ** -(sum.exponents[0] ?? 0)));
}

function productsOf(value: IntegerValue, sum: FixedPoint): Product[] {
  return value.terms.map(({ name, limits }, i) => ({
    name,
    limit: limits.reduce((largest, one) => Math.max(largest, one), 0),
    multipliers: Float64Array.from(sum.multipliers[i] ?? []),
  }));
}

/** The terms of codes that are stored as ranks. */
export function termsOfRanks(
  program: TensorProgram,
  name: string,
  tables: readonly (readonly number[])[],
  numbers: readonly TermNumbers[],
): IntegerValue {
  const { tf } = program;
  const terms = tables.map((table, i): TensorTerm => {
    const codes = program.constant(Float32Array.from(table));
    const { scale = new Float64Array(), limits = new Float64Array() } = numbers[i] ?? {};
    return { name: program.operation((get) => tf.gather(codes, tf.cast(get(name), 'int32'))), scale, limits };
  });
  return { terms, steps: [], codes: true, ranks: { name, tables } };
}
