import type { Session } from '#shared/run/compare/columns.ts';
import type { Sql } from '../sql.ts';

export type SessionTable = ReturnType<typeof sessionTable>;

/** The stretches without a pause in which a run was trained, keyed by (run, step). */
export function sessionTable(sql: Sql) {
  return {
    /** A run goes on from `step`. Sessions from there on are of a future that is computed again. */
    begin(run: string, step: number, at: string): void {
      sql.transaction(() => {
        const { elapsed } = sql.get<{ elapsed: number | null }>(
          `SELECT max((SELECT time FROM point WHERE series = id AND step <= ? ORDER BY step DESC LIMIT 1)) AS elapsed
             FROM series WHERE run = ?`,
          step,
          run,
        ) ?? { elapsed: null };
        sql.run('DELETE FROM session WHERE run = ? AND step >= ?', run, step);
        sql.run(
          'INSERT INTO session (run, step, elapsed, at) VALUES (?, ?, ?, ?)',
          run,
          step,
          step === 0 ? 0 : (elapsed ?? 0),
          at,
        );
      });
    },

    /** In order. Of a run that was recorded before there were sessions: one, from its start on. */
    read(run: string): Session[] {
      const rows = sql.all<{ step: number; elapsed: number; at: string }>(
        'SELECT step, elapsed, at FROM session WHERE run = ? ORDER BY step',
        run,
      );
      if (rows.length > 0)
        return rows.map(({ step, elapsed, at }) => ({ step, elapsed, at: Date.parse(at) }));
      const found = sql.get<{ at: string }>(
        'SELECT coalesce(started_at, created_at) AS at FROM run WHERE id = ?',
        run,
      );
      return found ? [{ step: 0, elapsed: 0, at: Date.parse(found.at) }] : [];
    },
  };
}
