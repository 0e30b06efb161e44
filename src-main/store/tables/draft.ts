import { BitsmithError } from '#shared/base/errors.ts';
import { DraftSchema, summarizeDraft, type Draft, type DraftSummary } from '#shared/draft/draft.ts';
import type { Sql } from '../sql.ts';

interface DraftRow {
  id: string;
  revision: number;
  updatedAt: string;
  record: string;
}

const COLUMNS = 'id, revision, updated_at AS "updatedAt", record';

export type DraftTable = ReturnType<typeof draftTable>;

/** Configurations that are being edited. */
export function draftTable(sql: Sql) {
  /** A record of an earlier version gets the fields that have come since. */
  const parse = (row: DraftRow): Draft => {
    const record = JSON.parse(row.record) as Draft;
    return { ...(DraftSchema.safeParse(record).data ?? record), revision: row.revision };
  };
  const find = (id: string): DraftRow | undefined =>
    sql.get<DraftRow>(`SELECT ${COLUMNS} FROM draft WHERE id = ?`, id);

  return {
    /** Newest change first. */
    list: (): DraftSummary[] =>
      sql
        .all<DraftRow>(`SELECT ${COLUMNS} FROM draft ORDER BY updated_at DESC, id DESC`)
        .map((row) => summarizeDraft(parse(row), row.updatedAt)),

    get(id: string): Draft {
      const row = find(id);
      if (!row) throw new BitsmithError('not-found', `there is no draft "${id}"`, { draft: id });
      return parse(row);
    },

    /**
     * @returns the revision that it has now
     * @throws BitsmithError `conflict` where it was changed since the revision that `draft` came from
     */
    put(draft: Draft, at: string): number {
      return sql.transaction(() => {
        const row = find(draft.id);
        if (row && row.revision !== draft.revision) {
          throw new BitsmithError('conflict', `draft "${draft.id}" was changed in another window meanwhile`, {
            draft: draft.id,
            revision: row.revision,
          });
        }
        const revision = draft.revision + 1;
        sql.run(
          'INSERT OR REPLACE INTO draft (id, revision, updated_at, record) VALUES (?, ?, ?, ?)',
          draft.id,
          revision,
          at,
          JSON.stringify({ ...draft, revision }),
        );
        return revision;
      });
    },

    remove: (id: string): void => void sql.run('DELETE FROM draft WHERE id = ?', id),
  };
}
