import Database from 'better-sqlite3';
import { BitsmithError } from '#shared/base/errors.ts';

export type SqlValue = string | number | bigint | Uint8Array | null;

/** One open SQLite database: prepared statements are kept, errors are clear ones. */
export interface Sql {
  readonly file: string;
  /** @returns number of rows changed */
  run(text: string, ...values: SqlValue[]): number;
  get<T>(text: string, ...values: SqlValue[]): T | undefined;
  all<T>(text: string, ...values: SqlValue[]): T[];
  /** Rows as arrays, for long results. */
  rows<T extends unknown[]>(text: string, ...values: SqlValue[]): T[];
  /** Several statements without values. */
  script(text: string): void;
  pragma(text: string): unknown;
  /** All of `work` or nothing of it. May be nested. */
  transaction<T>(work: () => T): T;
  close(): void;
}

/** @param file path, or `:memory:` @param options.readonly never writes, and fails where the file is missing */
export function openSql(file: string, options: { readonly?: boolean } = {}): Sql {
  const guard = <T>(work: () => T): T => guardSql(file, work);
  const database = guard(
    () =>
      new Database(file, {
        readonly: options.readonly ?? false,
        fileMustExist: options.readonly ?? false,
        timeout: 5000,
      }),
  );
  const prepared = new Map<string, Database.Statement>();

  function statement(text: string): Database.Statement {
    let found = prepared.get(text);
    if (!found) prepared.set(text, (found = database.prepare(text)));
    return found;
  }

  return {
    file,
    run: (text, ...values) => guard(() => statement(text).run(...values).changes),
    get: <T>(text: string, ...values: SqlValue[]) =>
      guard(() => statement(text).get(...values) as T | undefined),
    all: <T>(text: string, ...values: SqlValue[]) => guard(() => statement(text).all(...values) as T[]),
    rows: <T extends unknown[]>(text: string, ...values: SqlValue[]) =>
      guard(() => {
        // A statement of its own: `raw` is a lasting property of a prepared statement.
        const key = `raw:${text}`;
        let found = prepared.get(key);
        if (!found) prepared.set(key, (found = database.prepare(text).raw(true)));
        return found.all(...values) as T[];
      }),
    script: (text) => guard(() => void database.exec(text)),
    pragma: (text) => guard(() => database.pragma(text, { simple: true })),
    transaction: (work) => guard(() => database.transaction(work).call(undefined)),
    close: () => database.close(),
  };
}

const REASONS: readonly [prefix: string, code: 'io' | 'corrupt' | 'busy', reason: string][] = [
  ['SQLITE_FULL', 'io', 'the disk is full'],
  ['SQLITE_IOERR', 'io', 'the disk reported an input/output error'],
  ['SQLITE_READONLY', 'io', 'it cannot be written'],
  ['SQLITE_CANTOPEN', 'io', 'it cannot be opened'],
  ['SQLITE_PERM', 'io', 'permission denied'],
  ['SQLITE_NOTADB', 'corrupt', 'it is not a database'],
  ['SQLITE_CORRUPT', 'corrupt', 'it is damaged; move it away and start again, or put a copy of it back'],
  ['SQLITE_BUSY', 'busy', 'another program holds it'],
  ['SQLITE_LOCKED', 'busy', 'another program holds it'],
];

/** Runs `work`, turning SQLite's errors into clear ones. What is no circumstance but a defect passes as it is. */
export function guardSql<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error;
    const found = REASONS.find(([prefix]) => error.code.startsWith(prefix));
    if (!found) throw error;
    throw new BitsmithError(
      found[1],
      `the store ${file}: ${found[2]}`,
      { sqlite: error.code },
      { cause: error },
    );
  }
}
