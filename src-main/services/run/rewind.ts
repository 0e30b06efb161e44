import { BitsmithError } from '#shared/base/errors.ts';
import { BEST_SERIES, type CheckpointRecord } from '#shared/run/record.ts';
import type { Store } from '#main/store/index.ts';
import { checkpointDamage } from './checkpoint-files.ts';

export interface ResumePoint {
  /** The newest sound checkpoint; null: from the beginning. */
  checkpoint: CheckpointRecord | null;
  /** Newer ones that cannot be used, each with what is wrong with it. */
  damaged: { record: CheckpointRecord; damage: string }[];
}

/**
 * The checkpoint to go on from: the newest whose file has the recorded SHA-256.
 *
 * @throws BitsmithError `corrupt` naming the files when there are checkpoints and none is sound, `io` when a file
 *   cannot be read
 */
export async function findResumePoint(store: Store, run: string): Promise<ResumePoint> {
  const damaged: ResumePoint['damaged'] = [];
  for (const record of store.checkpoints.list(run).reverse()) {
    const damage = await checkpointDamage(store.folder, record);
    if (damage === null) return { checkpoint: record, damaged };
    damaged.push({ record, damage });
  }
  if (damaged.length === 0) return { checkpoint: null, damaged };
  throw new BitsmithError(
    'corrupt',
    `run ${run} cannot be resumed, none of its checkpoints is sound: ${damaged.map(({ damage }) => damage).join('; ')}`,
    { run, files: damaged.map(({ damage }) => damage) },
  );
}

/**
 * Forgets what a run recorded after `step`: that future is computed again. Rows only.
 *
 * @returns true when there was something to forget
 */
export function forgetAfter(store: Store, run: string, step: number): boolean {
  return store.transaction(() => {
    const removed =
      store.series.removeAfter(run, step) +
      store.histograms.removeAfter(run, step) +
      store.checkpoints.removeAfter(run, step);
    // A number that no batch carries: a window that follows the run sees the gap and asks again.
    if (removed > 0) store.runs.nextSequence(run);
    return removed > 0;
  });
}

/** Takes a run's rows back to its resume point. Call inside a transaction. */
export function rewind(store: Store, run: string, { checkpoint, damaged }: ResumePoint): void {
  for (const { record } of damaged) store.checkpoints.remove(run, record.id);
  if (checkpoint) {
    forgetAfter(store, run, checkpoint.step);
  } else {
    store.series.clear(run);
    store.histograms.clear(run);
    store.runs.nextSequence(run);
  }
  const best = store.series.extents(run).find(({ series }) => series === BEST_SERIES)?.max;
  store.runs.rewind(run, Math.floor(checkpoint?.epoch ?? 0), checkpoint?.step ?? 0, best ?? null);
}
