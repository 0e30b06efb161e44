import { elementsOf, type AffineNode } from '../ir/graph.ts';
import type { Pending } from './pending.ts';
import { refuse } from './refuse.ts';

const INT32_MAX = 2 ** 31 - 1;

/**
 * The logits as fixed-point affine maps of the last integers.
 *
 * What is pending is affine in each class: real = Σ_term a · sum + b, composed in double precision. With one exponent e
 * for all classes, multiplier = round(a · 2^e) and bias = round(b · 2^e), rounding halves away from zero; e is the
 * largest for which |bias| + Σ |multiplier| · max|sum| ≤ 2^31 − 1 in every class, so 32 bits always suffice. A logit is
 * off by less than (max|sum| + 1) / 2 units of 2^−e per term.
 */
export function lowerOutput(layer: string, input: Pending, classes: number): AffineNode {
  const affine = Array.from({ length: classes }, (_, index) => compose(input, index));
  const limits = input.terms.map((term) =>
    term.ranges.map((range) => Math.max(Math.abs(range.low), Math.abs(range.high))),
  );
  if (input.terms.some((term) => term.type === 'u8')) refuse(layer, 'the output is the raw input');
  if (limits.some((rows) => rows.length !== classes))
    refuse(layer, `the output is no vector of ${classes} classes`);
  const finite = affine.every(({ slopes, offset }) => [...slopes, offset].every(Number.isFinite));
  if (!finite) refuse(layer, 'the factors of its logits are not finite');
  const largest = affine.map(({ slopes, offset }, index) =>
    slopes.reduce(
      (sum, slope, term) => sum + Math.abs(slope) * (limits[term]?.[index] ?? 0),
      Math.abs(offset),
    ),
  );
  const top = Math.max(...largest, ...affine.flatMap(({ slopes }) => slopes.map(Math.abs)));
  let exponent = top > 0 ? Math.min(100, Math.floor(Math.log2(INT32_MAX / top)) + 1) : 0;
  while (!fits(affine, limits, exponent)) exponent--;
  const factor = 2 ** exponent;
  const multipliers = input.terms.map((_, term) =>
    Int32Array.from(affine, ({ slopes }) => roundAway((slopes[term] ?? 0) * factor)),
  );
  const bias = Int32Array.from(affine, ({ offset }) => roundAway(offset * factor));
  const range = affine.reduce(
    (hull, _, index) => {
      let low = bias[index] ?? 0;
      let high = low;
      input.terms.forEach((term, t) => {
        const multiplier = multipliers[t]?.[index] ?? 0;
        const { low: least, high: most } = term.ranges[index] ?? { low: 0, high: 0 };
        low += Math.min(multiplier * least, multiplier * most);
        high += Math.max(multiplier * least, multiplier * most);
      });
      return { low: Math.min(hull.low, low), high: Math.max(hull.high, high) };
    },
    { low: Infinity, high: -Infinity },
  );
  return {
    kind: 'affine',
    id: 'logits',
    inputs: input.terms.map((term) => term.node),
    shape: [classes],
    type: 'i32',
    range,
    multipliers,
    bias,
    exponent,
  };
}

interface Affine {
  slopes: number[];
  offset: number;
}

/** Slope of each term, and offset, of one class in double precision. */
function compose(input: Pending, index: number): Affine {
  const classes = elementsOf(input.shape);
  const at = (length: number) => (length === classes ? index : index % length);
  const slopes = input.terms.map((term) => term.scale[at(term.scale.length)] ?? 0);
  let offset = 0;
  let factor = 1;
  for (const step of input.steps) {
    if (step.kind === 'bias') offset += step.values[index] ?? 0;
    else {
      factor *= step.factor[index] ?? 0;
      offset = offset * (step.factor[index] ?? 0) + (step.offset[index] ?? 0);
    }
  }
  return { slopes: slopes.map((slope) => slope * factor), offset };
}

function fits(affine: readonly Affine[], limits: readonly number[][], exponent: number): boolean {
  const factor = 2 ** exponent;
  return affine.every(({ slopes, offset }, index) => {
    const parts = slopes.map((slope) => Math.abs(roundAway(slope * factor)));
    const sum = parts.reduce((total, part, term) => total + part * (limits[term]?.[index] ?? 0), 0);
    return (
      sum + Math.abs(roundAway(offset * factor)) <= INT32_MAX && parts.every((part) => part <= INT32_MAX)
    );
  });
}

/** Nearest integer, halves away from zero; never −0. */
export function roundAway(value: number): number {
  const magnitude = Math.floor(Math.abs(value) + 0.5);
  return value < 0 && magnitude > 0 ? -magnitude : magnitude;
}
