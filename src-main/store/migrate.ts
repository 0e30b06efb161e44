import { BitsmithError, messageOf } from '#shared/base/errors.ts';
import { versionOf, type Migration } from './migrations/migration.ts';
import type { Sql } from './sql.ts';

/** `Bits`, SQLite's application id of our files. */
const APPLICATION_ID = 0x42697473;

/**
 * The schema version of a file; 0 for an empty one.
 *
 * @throws BitsmithError `corrupt` for another program's database, `unsupported` for one of a newer Bitsmith
 */
export function schemaVersion(sql: Sql, latest: number): number {
  const version = Number(sql.pragma('user_version'));
  const application = Number(sql.pragma('application_id'));
  const tables = sql.get<{ n: number }>('SELECT count(*) AS n FROM sqlite_schema')?.n ?? 0;
  if (application !== APPLICATION_ID && (tables > 0 || application !== 0 || version !== 0)) {
    throw new BitsmithError(
      'corrupt',
      `the store ${sql.file} is a database of another program; move it away`,
    );
  }
  if (version > latest) {
    throw new BitsmithError(
      'unsupported',
      `the store ${sql.file} was written by a newer Bitsmith (schema ${version}, this one knows up to ${latest}); ` +
        'update Bitsmith, or work in another folder with --data-dir',
      { version, latest },
    );
  }
  return version;
}

/**
 * Brings the schema up to date: all steps or none.
 *
 * @throws BitsmithError `internal` naming the step that failed; the file is as it was
 */
export function migrate(sql: Sql, migrations: readonly Migration[]): void {
  const latest = versionOf(migrations.at(-1) ?? { name: '0000', up: () => undefined });
  const version = schemaVersion(sql, latest);
  const pending = migrations.filter((migration) => versionOf(migration) > version);
  if (pending.length === 0) return;
  sql.transaction(() => {
    sql.pragma(`application_id = ${APPLICATION_ID}`);
    for (const migration of pending) {
      try {
        migration.up(sql);
      } catch (error) {
        if (error instanceof BitsmithError) throw error;
        throw new BitsmithError(
          'internal',
          `the store ${sql.file} could not be brought up to date by ${migration.name}: ${messageOf(error)}; it is unchanged`,
          { migration: migration.name },
          { cause: error },
        );
      }
      sql.pragma(`user_version = ${versionOf(migration)}`);
    }
  });
}
