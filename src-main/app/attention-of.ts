import type { RunSummary } from '#shared/run/record.ts';
import { isLive } from '#shared/run/status.ts';

/** What ended since last time, and how far the rest is. */
export interface Attention {
  ended: RunSummary[];
  /** Mean share of the live runs that is done; null: nothing is at work. */
  progress: number | null;
}

/** Compares what was at work with what is now. `working` is changed to what is at work now. */
export function attentionOf(runs: readonly RunSummary[], working: Set<string>): Attention {
  const live = runs.filter((run) => isLive(run.status));
  const ended = runs.filter((run) => !isLive(run.status) && working.has(run.id));
  working.clear();
  for (const run of live) working.add(run.id);
  const shares = live.map((run) => (run.stepsTotal > 0 ? run.stepsDone / run.stepsTotal : 0));
  return {
    ended,
    progress: shares.length > 0 ? shares.reduce((sum, share) => sum + share, 0) / shares.length : null,
  };
}
