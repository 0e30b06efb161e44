import type { CheckpointRecord } from '#shared/run/record.ts';
import type { Sql } from '../sql.ts';

const COLUMNS = `id, run, epoch, step, kind, sha256, bytes, validation_accuracy AS "validationAccuracy",
  created_at AS "createdAt"`;

export type CheckpointTable = ReturnType<typeof checkpointTable>;

/** Checkpoints, keyed by (run, id). The file is `<data folder>/runs/<run>/<id>.safetensors`. */
export function checkpointTable(sql: Sql) {
  return {
    /** A record with the id of another one replaces it: its file was written over the other's. */
    add(record: CheckpointRecord): void {
      sql.run(
        `INSERT OR REPLACE INTO checkpoint
           (id, run, epoch, step, kind, sha256, bytes, validation_accuracy, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        record.id,
        record.run,
        record.epoch,
        record.step,
        record.kind,
        record.sha256,
        record.bytes,
        record.validationAccuracy,
        record.createdAt,
      );
    },

    /** In the order in which they were written. */
    list: (run: string): CheckpointRecord[] =>
      sql.all<CheckpointRecord>(`SELECT ${COLUMNS} FROM checkpoint WHERE run = ? ORDER BY step, rowid`, run),
    find: (run: string, id: string): CheckpointRecord | undefined =>
      sql.get<CheckpointRecord>(`SELECT ${COLUMNS} FROM checkpoint WHERE run = ? AND id = ?`, run, id),
    remove: (run: string, id: string): void =>
      void sql.run('DELETE FROM checkpoint WHERE run = ? AND id = ?', run, id),
    removeAfter: (run: string, step: number): number =>
      sql.run('DELETE FROM checkpoint WHERE run = ? AND step > ?', run, step),
  };
}
