import { BitsmithError } from '#shared/base/errors.ts';
import type { CheckpointRecord } from '#shared/run/record.ts';

/**
 * The checkpoint of a run to export: the wanted one; else the final one, whose test accuracy is recorded; else, where the
 * run has not finished, the newest.
 *
 * @throws BitsmithError `not-found` naming the run and the checkpoints that it has
 */
export function chooseCheckpoint(
  run: string,
  all: readonly CheckpointRecord[],
  wanted: string | undefined,
): CheckpointRecord {
  if (wanted !== undefined) {
    const named = all.find(({ id }) => id === wanted);
    if (named) return named;
    const known = all.map(({ id }) => id).join(', ');
    throw new BitsmithError(
      'not-found',
      `run ${run} has no checkpoint "${wanted}"; it has: ${known || 'none'}`,
    );
  }
  const newestFirst = all.toSorted((a, b) => b.step - a.step || b.createdAt.localeCompare(a.createdAt));
  const chosen = newestFirst.find(({ kind }) => kind === 'final') ?? newestFirst[0];
  if (!chosen) throw new BitsmithError('not-found', `run ${run} has no checkpoint yet; train it first`);
  return chosen;
}

/** The final checkpoint that was written at the same step as another one, of which it may be a copy. */
export function finalTwin(
  chosen: CheckpointRecord,
  all: readonly CheckpointRecord[],
): CheckpointRecord | undefined {
  return all.find(({ kind, step, id }) => kind === 'final' && step === chosen.step && id !== chosen.id);
}
