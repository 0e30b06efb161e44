import { BitsmithError } from '../base/errors.ts';
import type { RunSummary } from './record.ts';
import { isLive } from './status.ts';

/** Days that a deleted run can be brought back; then it goes for good. */
export const TRASH_DAYS = 7;

const DAY = 86_400_000;

/** Milliseconds until a run that was deleted at `deletedAt` goes for good; 0 when its time has come. */
export function timeLeft(deletedAt: string, now: number): number {
  return Math.max(0, Date.parse(deletedAt) + TRASH_DAYS * DAY - now);
}

/**
 * Deletion takes all of the given runs or none of them.
 *
 * @throws BitsmithError `conflict` naming the first that still trains or waits for its turn
 */
export function assertDeletable(runs: readonly RunSummary[]): void {
  const live = runs.find((run) => isLive(run.status));
  if (!live) return;
  const others = runs.length > 1 ? '; nothing was deleted' : '';
  throw new BitsmithError(
    'conflict',
    `run ${live.id} is ${live.status}; stop it before you delete it${others}`,
    { run: live.id, status: live.status },
  );
}
