import * as fs from 'node:fs';
import * as path from 'node:path';
import Database from 'better-sqlite3';
import { BitsmithError } from '#shared/base/errors.ts';
import type { DataFolder } from './data-folder.ts';
import { fileError, writeFileAtomic } from './files.ts';

/** The right to write a data folder. One host has it at a time. */
export interface HostLock {
  release(): void;
}

/**
 * Takes the data folder for this process. The lock is SQLite's exclusive lock on `host.lock`, which the operating
 * system drops with the process: a crash never leaves the folder locked. `host.json` beside it only tells others whom
 * to ask; it proves nothing.
 *
 * @throws BitsmithError `busy` naming the folder and the holder's process id
 */
export function acquireLock(folder: DataFolder): HostLock {
  let database: Database.Database | undefined;
  try {
    database = new Database(folder.lock, { timeout: 250 });
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database?.close();
    if (sqliteCode(error).startsWith('SQLITE_BUSY')) throw busy(folder);
    if (sqliteCode(error) === 'SQLITE_NOTADB') {
      throw new BitsmithError(
        'corrupt',
        `${folder.lock} is not Bitsmith's lock file; remove it and try again`,
      );
    }
    throw new BitsmithError('io', `cannot lock the data folder ${folder.root}: ${String(error)}`, undefined, {
      cause: error,
    });
  }
  const held = database;
  const holder = holderFile(folder);
  try {
    writeFileAtomic(holder, `${JSON.stringify({ pid: process.pid, since: new Date().toISOString() })}\n`);
  } catch (error) {
    held.close();
    throw fileError(error, `cannot write ${holder}`);
  }
  let released = false;
  return {
    release() {
      if (released) return;
      released = true;
      fs.rmSync(holder, { force: true });
      held.close();
    },
  };
}

/** The lock, or null where another host holds it. */
export function tryLock(folder: DataFolder): HostLock | null {
  try {
    return acquireLock(folder);
  } catch (error) {
    if (error instanceof BitsmithError && error.code === 'busy') return null;
    throw error;
  }
}

function busy(folder: DataFolder): BitsmithError {
  const pid = holderPid(folder);
  const who = pid === undefined ? 'another Bitsmith' : `another Bitsmith (process ${pid})`;
  return new BitsmithError(
    'busy',
    `the data folder ${folder.root} is in use by ${who}; close it, or work in another folder with --data-dir`,
    { folder: folder.root, pid },
  );
}

function holderPid(folder: DataFolder): number | undefined {
  try {
    const { pid } = JSON.parse(fs.readFileSync(holderFile(folder), 'utf8')) as { pid?: unknown };
    return typeof pid === 'number' ? pid : undefined;
  } catch {
    return undefined; // the holder has not written it yet
  }
}

function holderFile(folder: DataFolder): string {
  return path.join(path.dirname(folder.lock), 'host.json');
}

function sqliteCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
