import { BitsmithError } from '#shared/base/errors.ts';
import type { SearchConfig } from '#shared/search/config.ts';
import { assertSearchTransition, type SearchStatus } from '#shared/search/status.ts';
import type { Trial } from '#shared/search/trial.ts';
import type { Sql } from '../sql.ts';

/** A search as it is stored, without its trials. */
export interface SearchRecord {
  id: string;
  name: string;
  status: SearchStatus;
  /** Why it has ended, or is not running. */
  reason: string | null;
  createdAt: string;
  endedAt: string | null;
  config: SearchConfig;
  configHash: string;
}

type SearchRow = Omit<SearchRecord, 'config'> & { config: string };
type TrialRow = Omit<Trial, 'values' | 'curve'> & { values: string; curve: string };

const SEARCH = `id, name, status, reason, created_at AS "createdAt", ended_at AS "endedAt", config,
  config_hash AS "configHash"`;
// A run in the trash is no run of a trial any more; out of it, it is again.
const TRIAL = `number, (SELECT r.id FROM run r WHERE r.id = trial.run AND r.deleted_at IS NULL) AS run, point AS "values", status, reason, generation, target, epochs, curve, seconds, retries,
  created_at AS "createdAt", ended_at AS "endedAt"`;

export type SearchTable = ReturnType<typeof searchTable>;

/** Searches with their trials. Every change of a search's status passes its state machine. */
export function searchTable(sql: Sql) {
  const parse = (row: SearchRow): SearchRecord => ({
    ...row,
    config: JSON.parse(row.config) as SearchConfig,
  });
  const must = (id: string): SearchRecord => {
    const row = sql.get<SearchRow>(`SELECT ${SEARCH} FROM search WHERE id = ?`, id);
    if (!row) throw new BitsmithError('not-found', `there is no search ${id}`, { search: id });
    return parse(row);
  };

  return {
    /** @throws BitsmithError `not-found` */
    get: must,
    /** Newest first. */
    list: (): SearchRecord[] =>
      sql.all<SearchRow>(`SELECT ${SEARCH} FROM search ORDER BY id DESC`).map(parse),
    running: (): SearchRecord[] =>
      sql.all<SearchRow>(`SELECT ${SEARCH} FROM search WHERE status = 'running' ORDER BY id`).map(parse),
    idsWithPrefix: (prefix: string, limit: number): string[] =>
      sql
        .all<{ id: string }>(
          'SELECT id FROM search WHERE id >= ? AND id < ? ORDER BY id LIMIT ?',
          prefix,
          `${prefix}~`,
          limit,
        )
        .map(({ id }) => id),
    lastId: (): string | undefined =>
      sql.get<{ id: string }>('SELECT id FROM search ORDER BY id DESC LIMIT 1')?.id,

    /** Stores a search as `running`. */
    create(search: Pick<SearchRecord, 'id' | 'name' | 'createdAt' | 'config' | 'configHash'>): SearchRecord {
      sql.run(
        "INSERT INTO search (id, name, status, created_at, config, config_hash) VALUES (?, ?, 'running', ?, ?, ?)",
        search.id,
        search.name,
        search.createdAt,
        JSON.stringify(search.config),
        search.configHash,
      );
      return must(search.id);
    },

    /** @throws BitsmithError `conflict` when the state machine forbids it */
    setStatus(id: string, to: SearchStatus, change: { at: string; reason?: string | null }): SearchRecord {
      return sql.transaction(() => {
        assertSearchTransition(id, must(id).status, to);
        sql.run(
          'UPDATE search SET status = ?, reason = ?, ended_at = ? WHERE id = ?',
          to,
          change.reason ?? null,
          to === 'running' ? null : change.at,
          id,
        );
        return must(id);
      });
    },

    /** With its trials; their runs stay. */
    remove: (id: string): void => void sql.run('DELETE FROM search WHERE id = ?', id),

    /** In the order of their numbers. */
    trials: (search: string): Trial[] =>
      sql.all<TrialRow>(`SELECT ${TRIAL} FROM trial WHERE search = ? ORDER BY number`, search).map(trial),
    /** Stores a trial, or what has become of it. */
    putTrial(search: string, one: Trial): void {
      sql.run(
        `INSERT OR REPLACE INTO trial (search, number, run, point, status, reason, generation, target, epochs, curve,
           seconds, retries, created_at, ended_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        search,
        one.number,
        one.run,
        JSON.stringify(one.values),
        one.status,
        one.reason,
        one.generation,
        one.target,
        one.epochs,
        JSON.stringify(one.curve),
        one.seconds,
        one.retries,
        one.createdAt,
        one.endedAt,
      );
    },
  };
}

function trial(row: TrialRow): Trial {
  return {
    ...row,
    values: JSON.parse(row.values) as Trial['values'],
    curve: JSON.parse(row.curve) as Trial['curve'],
  };
}
