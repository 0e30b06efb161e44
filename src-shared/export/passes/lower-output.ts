import { fixedPoint } from '../arithmetic/fixed-point.ts';
import { logitRows } from '../arithmetic/logits.ts';
import type { AffineNode } from '../ir/graph.ts';
import { combinedRanges } from './combine-terms.ts';
import { hull, type Pending } from './pending.ts';
import { refuse } from './refuse.ts';

/**
 * The logits as fixed-point affine maps of the last integers.
 *
 * What is pending is affine in each class: real = Σ_term a · sum + b, composed in double precision and rounded by
 * `fixedPoint` with one exponent e for all classes. A logit is off by less than (max|sum| + 1) / 2 units of 2^−e per term.
 */
export function lowerOutput(layer: string, input: Pending, classes: number): AffineNode {
  if (input.terms.some((term) => term.type === 'u8')) refuse(layer, 'the output is the raw input');
  if (input.terms.some((term) => term.ranges.length !== classes))
    refuse(layer, `the output is no vector of ${classes} classes`);
  const rows = logitRows(input);
  if (!rows.every(({ slopes, offset }) => [...slopes, offset].every(Number.isFinite)))
    refuse(layer, 'the factors of its logits are not finite');
  const { multipliers, bias, exponents } = fixedPoint(rows, 'common');
  return {
    kind: 'affine',
    id: 'logits',
    inputs: input.terms.map((term) => term.node),
    shape: [classes],
    type: 'i32',
    range: hull(combinedRanges(input.terms, multipliers, bias)),
    multipliers,
    bias,
    exponent: exponents[0] ?? 0,
  };
}
