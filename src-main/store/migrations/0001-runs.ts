import type { Migration } from './migration.ts';

/** Runs with all that training leaves behind. */
export const runs: Migration = {
  name: '0001-runs',
  up(sql) {
    sql.script(`
      CREATE TABLE run (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        status TEXT NOT NULL
          CHECK (status IN ('queued', 'running', 'paused', 'finished', 'stopped', 'failed', 'crashed')),
        reason TEXT,
        kind TEXT NOT NULL CHECK (kind IN ('train', 'prune')),
        parent TEXT REFERENCES run (id) ON DELETE SET NULL,
        created_at TEXT NOT NULL,
        started_at TEXT,
        ended_at TEXT,
        dataset TEXT NOT NULL,
        model TEXT NOT NULL,
        weight_methods TEXT NOT NULL,      -- JSON array of method ids
        activation_methods TEXT NOT NULL,  -- JSON array of method ids
        device TEXT,
        device_name TEXT,
        truth_probe TEXT,                  -- JSON
        epochs INTEGER NOT NULL,
        epochs_done INTEGER NOT NULL DEFAULT 0,
        steps_done INTEGER NOT NULL DEFAULT 0,
        steps_total INTEGER NOT NULL,
        accuracy REAL,
        loss REAL,
        best_validation_accuracy REAL,
        steps_per_second REAL,
        eta_seconds REAL,
        tags TEXT NOT NULL DEFAULT '[]',   -- JSON array
        notes TEXT NOT NULL DEFAULT '',
        config TEXT NOT NULL,              -- JSON, defaults filled in
        config_hash TEXT NOT NULL,         -- SHA-256 of config
        sequence INTEGER NOT NULL DEFAULT 0
      ) STRICT;
      CREATE INDEX run_status ON run (status);
      CREATE INDEX run_parent ON run (parent);

      CREATE TABLE series (
        id INTEGER PRIMARY KEY,
        run TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
        name TEXT NOT NULL,
        UNIQUE (run, name)
      ) STRICT;
      CREATE TABLE point (
        series INTEGER NOT NULL REFERENCES series (id) ON DELETE CASCADE,
        step INTEGER NOT NULL,
        epoch REAL NOT NULL,
        time REAL NOT NULL,                -- seconds since the start
        value REAL NOT NULL,
        PRIMARY KEY (series, step)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE histogram (
        run TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
        layer TEXT NOT NULL,
        step INTEGER NOT NULL,
        epoch REAL NOT NULL,
        edges BLOB NOT NULL,               -- float64, little endian
        counts BLOB NOT NULL,              -- float64, little endian
        codes TEXT NOT NULL,               -- JSON
        PRIMARY KEY (run, step, layer)
      ) STRICT;

      CREATE TABLE event (
        id INTEGER PRIMARY KEY,
        run TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
        at TEXT NOT NULL,
        level TEXT NOT NULL CHECK (level IN ('info', 'warning', 'error')),
        message TEXT NOT NULL
      ) STRICT;
      CREATE INDEX event_run ON event (run, id);

      CREATE TABLE checkpoint (
        run TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
        id TEXT NOT NULL,
        epoch REAL NOT NULL,
        step INTEGER NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('epoch', 'pause', 'manual', 'best', 'final')),
        sha256 TEXT NOT NULL,
        bytes INTEGER NOT NULL,
        validation_accuracy REAL,
        created_at TEXT NOT NULL,
        PRIMARY KEY (run, id)
      ) STRICT;
    `);
  },
};
