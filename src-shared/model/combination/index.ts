import { BitsmithError } from '../../base/errors.ts';
import { REFUSALS } from './refusals.ts';
import type { Combination, Finding } from './types.ts';
import { WARNINGS } from './warnings.ts';

export type { Combination, Finding } from './types.ts';

/**
 * Refuses methods that cannot work together, or not where they stand, before anything is trained.
 *
 * @throws BitsmithError `invalid-input` naming the layer, the methods and the reason; `details.rule` is the rule's id
 */
export function checkCombination(model: Combination): void {
  for (const { id, find } of REFUSALS) {
    const [found] = find(model);
    if (!found) continue;
    throw new BitsmithError('invalid-input', `layer "${found.layer}": ${found.reason}`, {
      layer: found.layer,
      rule: id,
    });
  }
}

/** What works but deserves a word: cannot be exported, or departs from every paper of the method. */
export function combinationWarnings(model: Combination): (Finding & { rule: string })[] {
  return WARNINGS.flatMap(({ id, find }) => find(model).map((finding) => ({ ...finding, rule: id })));
}
