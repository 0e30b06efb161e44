import { BitsmithError } from '../base/errors.ts';

/**
 * The states of a run, and what may follow what. A run is always in exactly one of them.
 *
 *   queued ──► running ──► finished
 *     ▲          │ ├─────► stopped    (a person ended it; its last checkpoint is kept)
 *     │          │ ├─────► failed     (the job reported an error)
 *     │          │ └─────► crashed    (the process vanished)
 *     │          └───────► paused
 *     └── resume ◄── paused, stopped, failed, crashed
 */
export const RUN_STATUSES = [
  'queued',
  'running',
  'paused',
  'finished',
  'stopped',
  'failed',
  'crashed',
] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

const NEXT: Record<RunStatus, readonly RunStatus[]> = {
  queued: ['running', 'stopped', 'failed', 'crashed'],
  running: ['paused', 'finished', 'stopped', 'failed', 'crashed'],
  paused: ['queued', 'stopped'],
  stopped: ['queued'],
  failed: ['queued'],
  crashed: ['queued'],
  finished: [],
};

export function canFollow(from: RunStatus, to: RunStatus): boolean {
  return NEXT[from].includes(to);
}

/** @throws BitsmithError `conflict` when `to` may not follow `from`. */
export function assertTransition(run: string, from: RunStatus, to: RunStatus): void {
  if (!canFollow(from, to)) {
    throw new BitsmithError('conflict', `run ${run} is ${from}; it cannot become ${to}`, { run, from, to });
  }
}

/** A process works on it now, or is about to. */
export function isLive(status: RunStatus): boolean {
  return status === 'queued' || status === 'running';
}

export function isResumable(status: RunStatus): boolean {
  return canFollow(status, 'queued');
}
