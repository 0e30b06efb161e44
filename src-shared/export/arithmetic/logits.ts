import type { AffineRow } from './fixed-point.ts';
import { foldSteps, type Value } from './value.ts';

/** What is pending on the logits, one row for each class; `fixedPoint` with a common exponent makes integers of them. */
export function logitRows(value: Value): AffineRow[] {
  const folded = foldSteps(value);
  return Array.from(folded.offset ?? [], (offset, index) => ({
    slopes: folded.terms.map(({ scale }) => scale[index] ?? 0),
    limits: folded.terms.map(({ limits }) => limits[index] ?? 0),
    offset,
  }));
}
