import * as fs from 'node:fs';
import { BitsmithError } from '#shared/base/errors.ts';
import { systemClock, timestamp, type Clock } from '#main/platform/clock.ts';
import { prepareDataFolder, refuseFile, type DataFolder } from '#main/platform/data-folder.ts';
import { acquireLock, tryLock } from '#main/platform/lock.ts';
import { migrate, schemaVersion } from './migrate.ts';
import { migrations as shipped } from './migrations/index.ts';
import { versionOf, type Migration } from './migrations/migration.ts';
import { repairStore } from './repair.ts';
import { openSql, type Sql } from './sql.ts';
import { createStore, type Store } from './store.ts';

interface OpenOptions {
  dataFolder: DataFolder;
  /**
   * `write`: the host's way. Takes the lock, brings the schema up to date, repairs what a crash left.
   * `read`: beside a host or without one; sees a consistent view, never waits and never writes.
   */
  mode: 'read' | 'write';
  clock?: Clock;
  migrations?: readonly Migration[];
}

/**
 * Opens the store of a data folder.
 *
 * @throws BitsmithError `busy` when another host holds the folder (mode `write` only), `corrupt` when the file is
 *   damaged or foreign, `unsupported` when a newer Bitsmith wrote it, `io` and `invalid-input` when the folder cannot be used
 */
export function openStore(options: OpenOptions): Store {
  return options.mode === 'write' ? openForWriting(options) : openForReading(options);
}

function openForWriting({ dataFolder, clock = systemClock, migrations = shipped }: OpenOptions): Store {
  prepareDataFolder(dataFolder);
  const lock = acquireLock(dataFolder);
  let sql: Sql | undefined;
  try {
    sql = openSql(dataFolder.database);
    schemaVersion(sql, latestOf(migrations)); // refuses before anything is changed
    checkIntegrity(sql);
    sql.pragma('journal_mode = WAL');
    // A commit is on the disk before a checkpoint that it replaces is removed; commits are few, a batch each.
    sql.pragma('synchronous = FULL');
    sql.pragma('foreign_keys = ON');
    migrate(sql, migrations);
    const store = createStore(sql, dataFolder, 'write', () => lock.release());
    repairStore(store, timestamp(clock));
    return store;
  } catch (error) {
    sql?.close();
    lock.release();
    throw error;
  }
}

function openForReading(options: OpenOptions): Store {
  const { dataFolder, migrations = shipped } = options;
  refuseFile(dataFolder);
  if (!fs.existsSync(dataFolder.database) || fs.statSync(dataFolder.database).size === 0) {
    const empty = openSql(':memory:');
    migrate(empty, migrations);
    return createStore(empty, dataFolder, 'read');
  }
  let sql = openSql(dataFolder.database, { readonly: true });
  try {
    if (isStale(sql, migrations)) {
      sql.close();
      bringUpToDate(options);
      sql = openSql(dataFolder.database, { readonly: true });
    }
    const version = schemaVersion(sql, latestOf(migrations));
    if (version < latestOf(migrations)) {
      throw new BitsmithError(
        'busy',
        `the store ${dataFolder.database} is of an older Bitsmith that is still running; close that one first`,
      );
    }
    return createStore(sql, dataFolder, 'read');
  } catch (error) {
    sql.close();
    throw error;
  }
}

/** An older schema, or runs and searches that call themselves live: where no host runs, a reader has to put that right first. */
function isStale(sql: Sql, migrations: readonly Migration[]): boolean {
  if (schemaVersion(sql, latestOf(migrations)) < latestOf(migrations)) return true;
  return (
    sql.get("SELECT 1 FROM run WHERE status IN ('queued', 'running') LIMIT 1") !== undefined ||
    sql.get("SELECT 1 FROM search WHERE status = 'running' LIMIT 1") !== undefined
  );
}

/** Opens and closes for writing, unless a host holds the lock (then what is stored is true). */
function bringUpToDate(options: OpenOptions): void {
  const lock = tryLock(options.dataFolder);
  if (!lock) return;
  lock.release();
  try {
    openForWriting(options).close();
  } catch (error) {
    // A host came between: it does the same. A folder that cannot be written is read as it is.
    if (!(error instanceof BitsmithError && (error.code === 'busy' || error.code === 'io'))) throw error;
  }
}

/** @throws BitsmithError `corrupt` with SQLite's first complaint */
function checkIntegrity(sql: Sql): void {
  const verdict = String(sql.pragma('quick_check(1)'));
  if (verdict !== 'ok') {
    throw new BitsmithError(
      'corrupt',
      `the store ${sql.file} is damaged (${verdict}); move it away and start again, or put a copy of it back`,
    );
  }
}

function latestOf(migrations: readonly Migration[]): number {
  return Math.max(0, ...migrations.map(versionOf));
}
