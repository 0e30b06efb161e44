import type { Sql } from '../sql.ts';

/** One step of the schema. Forward only; a shipped one is never edited. */
export interface Migration {
  /** `NNNN-intent`, the name of its file. NNNN counts from 0001 without gaps. */
  name: string;
  up(sql: Sql): void;
}

/** The schema version that a migration leads to. */
export function versionOf(migration: Migration): number {
  return Number(migration.name.slice(0, 4));
}
