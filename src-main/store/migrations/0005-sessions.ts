import type { Migration } from './migration.ts';

/** When a run was started and resumed: with it, seconds of training become times of day. */
export const sessions: Migration = {
  name: '0005-sessions',
  up(sql) {
    sql.script(`
      CREATE TABLE session (
        run TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
        step INTEGER NOT NULL,             -- steps that were done when it began
        elapsed REAL NOT NULL,             -- seconds of training that were done when it began
        at TEXT NOT NULL,
        PRIMARY KEY (run, step)
      ) STRICT, WITHOUT ROWID;
    `);
  },
};
