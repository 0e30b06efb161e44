import type { RunEvent } from '#shared/run/record.ts';
import type { Sql } from '../sql.ts';

export type EventTable = ReturnType<typeof eventTable>;

/** A run's journal. It is history: a resume adds to it and takes nothing away. */
export function eventTable(sql: Sql) {
  return {
    add: (run: string, event: RunEvent): void =>
      void sql.run(
        'INSERT INTO event (run, at, level, message) VALUES (?, ?, ?, ?)',
        run,
        event.at,
        event.level,
        event.message,
      ),
    read: (run: string): RunEvent[] =>
      sql.all<RunEvent>('SELECT at, level, message FROM event WHERE run = ? ORDER BY id', run),
  };
}
