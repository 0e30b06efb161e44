import type { RunSummary } from '#shared/run/record.ts';
import { isLive } from '#shared/run/status.ts';
import type { SearchConfig } from '#shared/search/config.ts';
import type { Trial } from '#shared/search/trial.ts';
import { STOPPED_BY_REQUEST } from '../run/index.ts';

/** What the state of its run means for an active trial. */
export type Outcome =
  /** Its process is at work, or waits for its turn. */
  | { kind: 'live' }
  /** It has to be resumed; `crashed`: because its process vanished under the search's eyes. */
  | { kind: 'interrupted'; crashed: boolean }
  /** A person paused its run. */
  | { kind: 'paused-by-hand' }
  /** It has come to the end of its rung and may go on later. */
  | { kind: 'rung' }
  | { kind: 'settled'; status: 'finished' | 'stopped' | 'failed'; reason: string | null };

/**
 * @param run null when it was deleted
 * @param watched the search itself set it going, and has not asked it to pause or stop since
 */
export function outcomeOf(
  config: SearchConfig,
  trial: Trial,
  run: RunSummary | null,
  watched: boolean,
): Outcome {
  if (!run) return { kind: 'settled', status: 'failed', reason: 'its run was deleted' };
  const { status, reason, epochs, epochsDone } = run;
  if (isLive(status)) return { kind: 'live' };
  if (status === 'finished') return { kind: 'settled', status, reason: null };
  if (status === 'failed') return { kind: 'settled', status, reason };
  if (trial.target < epochs && epochsDone >= trial.target) {
    if (config.algorithm.kind === 'asha') return { kind: 'rung' };
    return { kind: 'settled', status: 'stopped', reason: trial.reason };
  }
  switch (status) {
    case 'stopped':
      return watched || reason === STOPPED_BY_REQUEST
        ? { kind: 'settled', status, reason }
        : { kind: 'interrupted', crashed: false };
    case 'paused':
      return watched ? { kind: 'paused-by-hand' } : { kind: 'interrupted', crashed: false };
    default:
      return { kind: 'interrupted', crashed: watched };
  }
}
