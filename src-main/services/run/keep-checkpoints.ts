import type { CheckpointRecord } from '#shared/run/record.ts';

/** How many of the checkpoints that come by themselves (each epoch, each pause) are kept. */
const LATEST = 2;

/**
 * The checkpoints that nobody needs any more. Kept are: the newest two of those written each epoch and on pause, the
 * best by validation accuracy, the final one, and all that a person asked for.
 *
 * @param records of one run, in the order in which they were written
 */
export function checkpointsToDrop(records: readonly CheckpointRecord[]): CheckpointRecord[] {
  const latest = records.filter(({ kind }) => kind === 'epoch' || kind === 'pause').slice(-LATEST);
  const best = bestCheckpoint(records);
  const newest = records.at(-1);
  return records.filter(
    (record) =>
      record.kind !== 'manual' &&
      record.kind !== 'final' &&
      record !== best &&
      record !== newest &&
      !latest.includes(record),
  );
}

/** The one with the highest validation accuracy; of equal ones that of kind `best`, else the latest. */
export function bestCheckpoint(records: readonly CheckpointRecord[]): CheckpointRecord | undefined {
  let best: CheckpointRecord | undefined;
  for (const record of records) {
    if (record.validationAccuracy === null) continue;
    const lead = record.validationAccuracy - (best?.validationAccuracy ?? -Infinity);
    if (lead > 0 || (lead === 0 && (record.kind === 'best' || best?.kind !== 'best'))) best = record;
  }
  return best;
}
