import type { Migration } from './migration.ts';

/** Searches and their trials. A trial outlives its run, whose curve it keeps. */
export const searches: Migration = {
  name: '0003-searches',
  up(sql) {
    sql.script(`
      CREATE TABLE search (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        status TEXT NOT NULL
          CHECK (status IN ('running', 'paused', 'finished', 'stopped', 'failed', 'crashed')),
        reason TEXT,
        created_at TEXT NOT NULL,
        ended_at TEXT,
        config TEXT NOT NULL,              -- JSON, defaults filled in
        config_hash TEXT NOT NULL          -- SHA-256 of config
      ) STRICT;
      CREATE INDEX search_status ON search (status);

      CREATE TABLE trial (
        search TEXT NOT NULL REFERENCES search (id) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        run TEXT REFERENCES run (id) ON DELETE SET NULL,
        point TEXT NOT NULL,               -- JSON, value of each parameter
        status TEXT NOT NULL CHECK (status IN ('active', 'waiting', 'finished', 'stopped', 'failed')),
        reason TEXT,
        generation INTEGER,
        target INTEGER NOT NULL,           -- epoch at whose end it is judged
        epochs INTEGER NOT NULL DEFAULT 0,
        curve TEXT NOT NULL DEFAULT '[]',  -- JSON, [epoch, objective] pairs
        seconds REAL NOT NULL DEFAULT 0,
        retries INTEGER NOT NULL DEFAULT 0,
        created_at TEXT NOT NULL,
        ended_at TEXT,
        PRIMARY KEY (search, number)
      ) STRICT;
      CREATE INDEX trial_run ON trial (run);
    `);
  },
};
