import { BitsmithError } from '../../base/errors.ts';
import { REFUSALS } from './refusals.ts';
import type { Combination, Finding } from './types.ts';
import { WARNINGS } from './warnings.ts';

export type { Combination, Finding } from './types.ts';

/** A finding with the id of its rule, and the sentence with which a run is refused. */
export interface Refusal extends Finding {
  rule: string;
  message: string;
}

/**
 * Methods that cannot work together, or not where they stand.
 *
 * @param part whether `model` is only a part of a network: then by the rules that look at one layer alone
 */
export function combinationRefusals(model: Combination, part = false): Refusal[] {
  return REFUSALS.filter(({ alone }) => !part || alone).flatMap(({ id, find }) =>
    find(model).map((found) => ({
      ...found,
      rule: id,
      message: `layer "${found.layer}": ${found.reason}`,
    })),
  );
}

/**
 * Refuses them, before anything is trained.
 *
 * @throws BitsmithError `invalid-input` naming the layer, the methods and the reason; `details.rule` is the rule's id
 */
export function checkCombination(model: Combination): void {
  const [found] = combinationRefusals(model);
  if (!found) return;
  throw new BitsmithError('invalid-input', found.message, { layer: found.layer, rule: found.rule });
}

/** What works but deserves a word: cannot be exported, or departs from every paper of the method. */
export function combinationWarnings(model: Combination): (Finding & { rule: string })[] {
  return WARNINGS.flatMap(({ id, find }) => find(model).map((finding) => ({ ...finding, rule: id })));
}
