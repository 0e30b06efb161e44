import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { prepareDataFolder, resolveDataFolder } from '#main/platform/data-folder.ts';
import { openStore } from '#main/store/index.ts';
import { migrate } from '#main/store/migrate.ts';
import { migrations } from '#main/store/migrations/index.ts';
import { versionOf, type Migration } from '#main/store/migrations/migration.ts';
import { openSql } from '#main/store/sql.ts';
import { newRun } from './support/new-run.ts';
import { temporaryDataFolder } from './support/temporary-folder.ts';

const folderOfMigrations = path.join(import.meta.dirname, '../../../src-main/store/migrations');

/** Everything that makes the schema what it is. */
function schemaOf(file: string): unknown {
  const sql = openSql(file, { readonly: true });
  const rows = sql.all('SELECT type, name, sql FROM sqlite_schema ORDER BY type, name');
  const version = sql.pragma('user_version');
  sql.close();
  return { rows, version };
}

describe('the list of migrations', () => {
  it('holds every file of its folder, in order, without gaps', () => {
    const files = fs
      .readdirSync(folderOfMigrations)
      .filter((name) => /^\d{4}-[a-z0-9-]+\.ts$/.test(name))
      .map((name) => name.slice(0, -3))
      .sort();
    expect(migrations.map(({ name }) => name)).toEqual(files);
    expect(migrations.map(versionOf)).toEqual(files.map((_, index) => index + 1));
  });

  it('has nothing in its folder that is neither a migration nor its frame', () => {
    const others = fs.readdirSync(folderOfMigrations).filter((name) => !/^\d{4}-[a-z0-9-]+\.ts$/.test(name));
    expect(others.sort()).toEqual(['index.ts', 'migration.ts']);
  });

  it('makes strict tables only', () => {
    const sql = openSql(':memory:');
    migrate(sql, migrations);
    const loose = sql.all(
      "SELECT name FROM pragma_table_list WHERE schema = 'main' AND strict = 0 AND name NOT LIKE 'sqlite_%'",
    );
    expect(loose).toEqual([]);
    sql.close();
  });
});

/** Names of migrations that come after the shipped ones. */
const numbered = (ahead: number, intent: string) =>
  `${String(migrations.length + ahead).padStart(4, '0')}-${intent}`;

describe('bringing a store up to date', () => {
  const note: Migration = {
    name: numbered(1, 'note'),
    up: (sql) => sql.script('CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT'),
  };
  const broken: Migration = {
    name: numbered(2, 'broken'),
    up(sql) {
      sql.script('ALTER TABLE run ADD COLUMN mood TEXT; INSERT INTO nowhere VALUES (1)');
    },
  };

  it('takes the steps that are missing and keeps the rows', () => {
    const dataFolder = temporaryDataFolder();
    const before = openStore({ dataFolder, mode: 'write' });
    before.runs.create(newRun('a'));
    before.close();
    const after = openStore({ dataFolder, mode: 'write', migrations: [...migrations, note] });
    expect(after.runs.get('a').name).toBe('run a');
    after.close();
    expect(schemaOf(dataFolder.database)).toMatchObject({ version: migrations.length + 1 });
  });

  it('stops the start when a step fails, naming it, with the file as it was and the lock free', () => {
    const dataFolder = temporaryDataFolder();
    openStore({ dataFolder, mode: 'write' }).close();
    const before = schemaOf(dataFolder.database);
    expect(() => openStore({ dataFolder, mode: 'write', migrations: [...migrations, note, broken] })).toThrow(
      expect.objectContaining({
        code: 'internal',
        message: expect.stringMatching(
          new RegExp(`could not be brought up to date by ${broken.name}: .*nowhere.*unchanged`),
        ),
      }),
    );
    expect(schemaOf(dataFolder.database)).toEqual(before);
    openStore({ dataFolder, mode: 'write' }).close();
  });

  it('refuses the store of a newer version without touching a byte', () => {
    const dataFolder = temporaryDataFolder();
    openStore({ dataFolder, mode: 'write', migrations: [...migrations, note] }).close();
    const bytes = fs.readFileSync(dataFolder.database);
    for (const mode of ['write', 'read'] as const) {
      expect(() => openStore({ dataFolder, mode })).toThrow(
        expect.objectContaining({
          code: 'unsupported',
          message: expect.stringMatching(
            new RegExp(`newer Bitsmith \\(schema ${migrations.length + 1}, .* up to ${migrations.length}\\)`),
          ),
        }),
      );
    }
    expect(fs.readFileSync(dataFolder.database).equals(bytes)).toBe(true);
  });

  it('refuses the database of another program, and a file that is no database', () => {
    const dataFolder = prepareDataFolder(temporaryDataFolder());
    const other = openSql(dataFolder.database);
    other.script('CREATE TABLE theirs (x)');
    other.close();
    expect(() => openStore({ dataFolder, mode: 'write' })).toThrow(
      expect.objectContaining({ code: 'corrupt', message: expect.stringContaining('another program') }),
    );
    fs.writeFileSync(
      dataFolder.database,
      'something else entirely, and long enough to be looked at'.repeat(100),
    );
    expect(() => openStore({ dataFolder, mode: 'write' })).toThrow(
      expect.objectContaining({ code: 'corrupt', message: expect.stringContaining('it is not a database') }),
    );
  });

  it('is done by a reader too where no host runs, and left alone where one does', () => {
    const dataFolder = temporaryDataFolder();
    const host = openStore({ dataFolder, mode: 'write' });
    expect(() => openStore({ dataFolder, mode: 'read', migrations: [...migrations, note] })).toThrow(
      expect.objectContaining({
        code: 'busy',
        message: expect.stringContaining('older Bitsmith that is still running'),
      }),
    );
    host.close();
    openStore({
      dataFolder: resolveDataFolder(dataFolder.root),
      mode: 'read',
      migrations: [...migrations, note],
    }).close();
    expect(schemaOf(dataFolder.database)).toMatchObject({ version: migrations.length + 1 });
  });
});
