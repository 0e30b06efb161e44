import type { Migration } from './migration.ts';

/** Beside a layer's histogram: scales of all levels, and codes of the further ones. */
export const layerFacts: Migration = {
  name: '0007-layer-facts',
  up(sql) {
    sql.script(`
      ALTER TABLE histogram ADD COLUMN facts TEXT;  -- JSON; NULL in rows of earlier versions
    `);
  },
};
