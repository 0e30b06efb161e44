import type { Migration } from './migration.ts';

/** Configurations that are being edited, and what a person chose once for all windows. */
export const drafts: Migration = {
  name: '0004-drafts',
  up(sql) {
    sql.script(`
      CREATE TABLE draft (
        id TEXT PRIMARY KEY,
        revision INTEGER NOT NULL,
        updated_at TEXT NOT NULL,
        record TEXT NOT NULL               -- JSON, a Draft
      ) STRICT;
      CREATE INDEX draft_updated_at ON draft (updated_at);

      CREATE TABLE setting (
        name TEXT PRIMARY KEY,
        value TEXT NOT NULL                -- JSON
      ) STRICT;
    `);
  },
};
