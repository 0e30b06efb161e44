import { BitsmithError } from '#shared/base/errors.ts';
import {
  BundleSchema,
  VerifyResultSchema,
  type Bundle,
  type VerifyResult,
} from '#shared/contract/api/export.ts';
import type { Sql } from '../sql.ts';

export type BundleTable = ReturnType<typeof bundleTable>;

/** Exported bundles with the verdict of their last verification. */
export function bundleTable(sql: Sql) {
  /** A record of an earlier version gets the fields that have come since. */
  const parse = (row: { record: string }): Bundle => {
    const record = JSON.parse(row.record) as Bundle;
    return BundleSchema.safeParse(record).data ?? record;
  };

  return {
    add(bundle: Bundle): void {
      sql.run(
        'INSERT OR REPLACE INTO bundle (id, run, created_at, record) VALUES (?, ?, ?, ?)',
        bundle.id,
        bundle.run,
        bundle.createdAt,
        JSON.stringify(bundle),
      );
    },

    find(id: string): Bundle | undefined {
      const row = sql.get<{ record: string }>('SELECT record FROM bundle WHERE id = ?', id);
      return row && parse(row);
    },
    /** Newest first; `run` absent: of all runs. */
    list: (run?: string): Bundle[] =>
      (run === undefined
        ? sql.all<{ record: string }>('SELECT record FROM bundle ORDER BY created_at DESC, id DESC')
        : sql.all<{ record: string }>(
            'SELECT record FROM bundle WHERE run = ? ORDER BY created_at DESC, id DESC',
            run,
          )
      ).map(parse),

    setVerify(result: VerifyResult): void {
      const changed = sql.run(
        'UPDATE bundle SET verify = ? WHERE id = ?',
        JSON.stringify(result),
        result.bundle,
      );
      if (changed === 0) {
        throw new BitsmithError('not-found', `there is no bundle ${result.bundle}`, {
          bundle: result.bundle,
        });
      }
    },
    verify(id: string): VerifyResult | null {
      const row = sql.get<{ verify: string | null }>('SELECT verify FROM bundle WHERE id = ?', id);
      // One of an earlier version, which says less, counts as none: it can be run again.
      return row?.verify ? (VerifyResultSchema.safeParse(JSON.parse(row.verify)).data ?? null) : null;
    },

    remove: (id: string): void => void sql.run('DELETE FROM bundle WHERE id = ?', id),
  };
}
