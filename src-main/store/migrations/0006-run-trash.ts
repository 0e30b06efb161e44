import type { Migration } from './migration.ts';

/** Runs that were put out of sight: archived, or deleted and not yet gone for good. */
export const runTrash: Migration = {
  name: '0006-run-trash',
  up(sql) {
    sql.script(`
      ALTER TABLE run ADD COLUMN archived_at TEXT;
      ALTER TABLE run ADD COLUMN deleted_at TEXT;
      CREATE INDEX run_deleted ON run (deleted_at) WHERE deleted_at IS NOT NULL;
    `);
  },
};
