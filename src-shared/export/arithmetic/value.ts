import { fixedPoint, type AffineRow, type FixedPoint } from './fixed-point.ts';

/**
 * A value inside a network in its deployment form: integers, and the arithmetic that turns them into real numbers. The
 * evaluator has tensors for the integers, lowering has nodes of the integer graph; the numbers here are the same for both,
 * and so are the rules of this file. That is why both compute the same.
 *
 *   real = steps(Σ_term scale · x_term + offset), per channel
 */
export interface Value<T extends TermNumbers = TermNumbers> {
  terms: readonly T[];
  /** Present where steps were folded into the terms (behind an average or an addition). */
  offset?: Float64Array;
  /** Training's float32 arithmetic that is still to be applied, in order. */
  steps: readonly Step[];
  /** True where the scale of every term is one number for all channels and nothing is pending: it can feed weights. */
  codes: boolean;
}
export interface TermNumbers {
  /** Per channel. float32 values, unless `offset` is present. */
  scale: Float64Array;
  /** Per channel: the largest magnitude that the integers can have. */
  limits: Float64Array;
}
export type Step =
  { kind: 'bias'; values: Float32Array } | { kind: 'batch-norm'; factor: Float32Array; offset: Float32Array };

/** A value whose one term's float32 scale is all there is before its steps: training's expression can be evaluated. */
export function isSingle(value: Value): boolean {
  return value.terms.length === 1 && value.offset === undefined;
}

/**
 * The integers that stand for the sum of the terms: real = steps(integer · 2^−exponent).
 *
 * @param limit `ACCUMULATOR_LIMIT` where nothing but thresholds reads them, else `PASSING_LIMIT`
 */
export function sumOfTerms(value: Value, limit: number): FixedPoint {
  const channels = value.terms[0]?.scale.length ?? 0;
  const rows = Array.from({ length: channels }, (_, channel): AffineRow => {
    return {
      slopes: value.terms.map(({ scale }) => scale[channel] ?? 0),
      limits: value.terms.map(({ limits }) => limits[channel] ?? 0),
      offset: value.offset?.[channel] ?? 0,
    };
  });
  return fixedPoint(rows, 'channel', limit);
}

/** The numbers of the term that `sumOfTerms` makes. */
export function summedTerm({ exponents, limits }: FixedPoint): TermNumbers {
  return { scale: Float64Array.from(exponents, (exponent) => 2 ** -exponent), limits };
}

/** The same value with its steps folded into scales and offset, composed in double precision. */
export function foldSteps<T extends TermNumbers>(value: Value<T>): Value<T> {
  const channels = value.terms[0]?.scale.length ?? 0;
  const factor = new Float64Array(channels).fill(1);
  const offset = Float64Array.from({ length: channels }, (_, channel) => value.offset?.[channel] ?? 0);
  for (const step of value.steps) {
    for (let channel = 0; channel < channels; channel++) {
      const before = offset[channel] ?? 0;
      if (step.kind === 'bias') offset[channel] = before + (step.values[channel] ?? 0);
      else {
        const slope = step.factor[channel] ?? 0;
        factor[channel] = (factor[channel] ?? 0) * slope;
        offset[channel] = before * slope + (step.offset[channel] ?? 0);
      }
    }
  }
  const terms = value.terms.map((term) => ({
    ...term,
    scale: term.scale.map((scale, channel) => scale * (factor[channel] ?? 0)),
  }));
  return { terms, offset, steps: [], codes: false };
}

/** How two values are added. */
export type Addition =
  /** Codes of one scale: their integers are added. */
  | 'integers'
  /** Codes of several scales: the terms of both stand side by side. */
  | 'terms'
  /** Anything else: the steps of both are folded first. */
  | 'folded';

export function additionOf(a: Value, b: Value): Addition {
  if (!a.codes || !b.codes) return 'folded';
  const equal = a.terms.length === 1 && b.terms.length === 1 && a.terms[0]?.scale[0] === b.terms[0]?.scale[0];
  return equal ? 'integers' : 'terms';
}

/** The sum of two values by their terms, after `foldSteps` where `additionOf` says so. */
export function addTerms<T extends TermNumbers>(a: Value<T>, b: Value<T>): Value<T> {
  const terms = [...a.terms, ...b.terms];
  if (additionOf(a, b) !== 'folded') return { terms, steps: [], codes: true };
  const [left, right] = [foldSteps(a), foldSteps(b)];
  return {
    terms: [...left.terms, ...right.terms],
    offset: (left.offset ?? new Float64Array()).map((value, i) => value + (right.offset?.[i] ?? 0)),
    steps: [],
    codes: false,
  };
}

/** The numbers of sums over `count` elements, whose value is their average. Codes stay codes, of scale fl(scale/count). */
export function averageOf<T extends TermNumbers>(value: Value<T>, count: number): Value<T> {
  const from = value.codes ? value : foldSteps(value);
  const terms = from.terms.map((term) => ({
    ...term,
    scale: term.scale.map((scale) => (value.codes ? Math.fround(scale / count) : scale / count)),
    limits: term.limits.map((limit) => limit * count),
  }));
  return { ...from, terms };
}

/** Channels of zeros before and after those of a value. */
export function padChannels<T extends TermNumbers>(value: Value<T>, before: number, after: number): Value<T> {
  const padded = <A extends Float32Array | Float64Array>(values: A, filling: number): A => {
    const out = new (values.constructor as new (length: number) => A)(before + values.length + after);
    out.fill(filling).set(values, before);
    return out;
  };
  const terms = value.terms.map((term) => ({
    ...term,
    scale: padded(term.scale, term.scale[0] ?? 0),
    limits: padded(term.limits, 0),
  }));
  const steps = value.steps.map((step): Step =>
    step.kind === 'bias'
      ? { kind: 'bias', values: padded(step.values, 0) }
      : { kind: 'batch-norm', factor: padded(step.factor, 1), offset: padded(step.offset, 0) },
  );
  return { ...value, terms, steps, ...(value.offset ? { offset: padded(value.offset, 0) } : {}) };
}

/** A map as a vector: every number per channel is repeated for every pixel. */
export function repeatChannels<T extends TermNumbers>(value: Value<T>, times: number): Value<T> {
  const terms = value.terms.map((term) => ({
    ...term,
    scale: repeat(term.scale, times),
    limits: repeat(term.limits, times),
  }));
  const steps = value.steps.map((step): Step =>
    step.kind === 'bias'
      ? { kind: 'bias', values: repeat(step.values, times) }
      : { kind: 'batch-norm', factor: repeat(step.factor, times), offset: repeat(step.offset, times) },
  );
  return { ...value, terms, steps, ...(value.offset ? { offset: repeat(value.offset, times) } : {}) };
}

function repeat<A extends Float32Array | Float64Array>(values: A, times: number): A {
  const out = new (values.constructor as new (length: number) => A)(values.length * times);
  for (let i = 0; i < times; i++) out.set(values, i * values.length);
  return out;
}

/**
 * Training's arithmetic on one integer of one channel: float32, one rounding per operation, in order.
 *
 * @param value a single one (`isSingle`)
 */
export function evaluateAt(value: Value, channel: number, integer: number): number {
  let real = Math.fround(Math.fround(integer) * (value.terms[0]?.scale[channel] ?? 0));
  for (const step of value.steps) {
    real =
      step.kind === 'bias'
        ? Math.fround(real + (step.values[channel] ?? 0))
        : Math.fround(Math.fround(real * (step.factor[channel] ?? 0)) + (step.offset[channel] ?? 0));
  }
  return real;
}

/**
 * +1 where a larger integer means a larger (or the same) real value, −1 where it means a smaller one.
 *
 * @param value a single one (`isSingle`)
 */
export function directionOf(value: Value, channel: number): 1 | -1 {
  let direction: 1 | -1 = (value.terms[0]?.scale[channel] ?? 0) < 0 ? -1 : 1;
  for (const step of value.steps) {
    if (step.kind !== 'batch-norm') continue;
    const factor = step.factor[channel] ?? 0;
    if (factor === 0) return 1;
    if (factor < 0) direction = direction === 1 ? -1 : 1;
  }
  return direction;
}
