import type { Migration } from './migration.ts';

/** Exported bundles. `run` is no foreign key: firmware outlives the run that it came from. */
export const bundles: Migration = {
  name: '0002-bundles',
  up(sql) {
    sql.script(`
      CREATE TABLE bundle (
        id TEXT PRIMARY KEY,
        run TEXT NOT NULL,
        created_at TEXT NOT NULL,
        record TEXT NOT NULL,              -- JSON, a Bundle
        verify TEXT                        -- JSON, the last VerifyResult
      ) STRICT;
      CREATE INDEX bundle_run ON bundle (run);
    `);
  },
};
