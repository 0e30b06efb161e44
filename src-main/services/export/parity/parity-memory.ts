import { randomBytes } from 'node:crypto';
import { BitsmithError } from '#shared/base/errors.ts';
import type { ParityResult } from '#shared/contract/api/parity.ts';
import type { ParityRun } from './parity-bundle.ts';

/** Parity runs whose values can be looked at. */
const KEPT = 4;

/** The values of the last parity runs, too many for an answer. */
export function createParityMemory() {
  const runs = new Map<string, ParityRun & { result: ParityResult }>();
  return {
    /** @returns the result with the id by which its values are found */
    keep({ result, values }: ParityRun): ParityResult {
      const id = randomBytes(6).toString('hex');
      const named = { ...result, id };
      runs.set(id, { result: named, values });
      for (const old of [...runs.keys()].slice(0, -KEPT)) runs.delete(old);
      return named;
    },
    /** @throws BitsmithError `not-found` once newer ones have taken its place */
    find(id: string): ParityRun & { result: ParityResult } {
      const found = runs.get(id);
      if (found) return found;
      throw new BitsmithError(
        'not-found',
        `the values of comparison ${id} are not kept any more; compare the sample again`,
      );
    },
  };
}
