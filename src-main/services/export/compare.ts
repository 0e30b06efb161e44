import type { VerifyRow } from '#shared/contract/api/export.ts';
import { argMax } from '#shared/verify/interpret.ts';
import type { Reference, SampleSet } from './reference.ts';

export type Mismatch = NonNullable<VerifyRow['firstMismatch']>;

/** How the firmware's logits compare with the reference's: every integer of every sample. */
export function compareLogits(
  got: Int32Array,
  expected: Int32Array,
  count: number,
  classes: number,
): { matched: number; first: Mismatch | null } {
  let matched = 0;
  let first: Mismatch | null = null;
  for (let sample = 0; sample < count; sample++) {
    let index = 0;
    const at = sample * classes;
    while (index < classes && at + index < got.length && got[at + index] === expected[at + index]) index++;
    if (index === classes) {
      matched++;
      continue;
    }
    first ??= {
      sample,
      layer: 'logits',
      index,
      expected: expected[at + index] ?? 0,
      got: got[at + index] ?? 0,
    };
  }
  return { matched, first };
}

/** Share of the samples with labels whose first largest logit is the label; null without labels. */
export function accuracyOf(
  logits: Int32Array,
  { labels = new Uint8Array(0) }: SampleSet,
  most: number,
  classes: number,
): number | null {
  const count = Math.min(most, labels.length);
  if (count === 0) return null;
  let right = 0;
  for (let i = 0; i < count; i++) {
    if (argMax(logits.subarray(i * classes, (i + 1) * classes)) === labels[i]) right++;
  }
  return right / count;
}

/**
 * The first layer whose values differ from the reference's, in the order in which the firmware computes them.
 *
 * @param values what an observing build wrote: all layers of all `count` samples, int32
 * @param layers ids of the observed layers
 */
export function firstDivergence(
  values: Int32Array,
  expectedOf: Reference['values'],
  layers: readonly string[],
  indices: readonly number[],
): Mismatch | null {
  let at = 0;
  for (const sample of indices) {
    const reference = expectedOf(sample);
    for (const layer of layers) {
      const expected = reference.get(layer) ?? new Int32Array(0);
      for (let index = 0; index < expected.length; index++, at++) {
        if (values[at] !== expected[index]) {
          return { sample, layer, index, expected: expected[index] ?? 0, got: values[at] ?? 0 };
        }
      }
    }
  }
  return null;
}

/**
 * The outcome of one place. A layer that differs while all logits agree still leaves one sample unmatched; a layer is
 * the better name for a difference than the logits.
 */
export function verdict(
  compared: { matched: number; first: Mismatch | null },
  divergence: Mismatch | null,
  count: number,
): Pick<VerifyRow, 'matched' | 'total' | 'firstMismatch'> {
  return {
    matched: divergence && compared.matched === count ? count - 1 : compared.matched,
    total: count,
    firstMismatch: divergence ?? compared.first,
  };
}
