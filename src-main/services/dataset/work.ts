import { setImmediate as nextTurn } from 'node:timers/promises';
import { BitsmithError } from '#shared/base/errors.ts';

/** How long work on a data set is watched and stopped. A task's handle fits. */
export interface WorkHandle {
  readonly signal: AbortSignal;
  /** @param progress 0 … 1, or null while unknown; @param message one short line */
  report(progress: number | null, message: string): void;
}

/** Gives way to other work of the host, then stops if the person has asked for it. */
export async function breathe(signal: AbortSignal): Promise<void> {
  await nextTurn();
  checkCancelled(signal);
}

/** @throws BitsmithError `cancelled` */
export function checkCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new BitsmithError('cancelled', 'cancelled');
}

/** The same work as a part of a longer one: its 0 … 1 becomes `from` … `to`. */
export function partOf(work: WorkHandle, from: number, to: number): WorkHandle {
  return {
    signal: work.signal,
    report(progress, message) {
      work.report(progress === null ? null : from + (to - from) * progress, message);
    },
  };
}
