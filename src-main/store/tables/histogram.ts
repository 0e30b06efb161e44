import type { Histogram } from '#shared/run/record.ts';
import type { Sql } from '../sql.ts';

interface Row {
  layer: string;
  step: number;
  epoch: number;
  edges: Uint8Array;
  counts: Uint8Array;
  codes: string;
  facts: string | null;
}

export type HistogramTable = ReturnType<typeof histogramTable>;

/** Weight histograms, keyed by (run, step, layer). */
export function histogramTable(sql: Sql) {
  return {
    add(run: string, rows: readonly Histogram[]): void {
      sql.transaction(() => {
        for (const row of rows) {
          sql.run(
            `INSERT OR REPLACE INTO histogram (run, layer, step, epoch, edges, counts, codes, facts)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
            run,
            row.layer,
            row.step,
            row.epoch,
            toBytes(row.edges),
            toBytes(row.counts),
            JSON.stringify(row.codes),
            JSON.stringify({ scales: row.scales, more: row.more }),
          );
        }
      });
    },

    /**
     * In the order of steps, then of layers.
     *
     * @param wanted.layer one layer only; absent: all
     * @param wanted.most so many epochs at most, evenly chosen, the last among them; absent: all
     */
    read(run: string, wanted: { layer?: string | undefined; most?: number | undefined } = {}): Histogram[] {
      const { layer = null, most } = wanted;
      const steps = sql
        .all<{ step: number }>('SELECT DISTINCT step FROM histogram WHERE run = ? ORDER BY step', run)
        .map(({ step }) => step);
      const chosen = most === undefined ? steps : evenly(steps, most);
      return sql
        .all<Row>(
          `SELECT layer, step, epoch, edges, counts, codes, facts FROM histogram
             WHERE run = ? AND layer = coalesce(?, layer) AND step IN (SELECT value FROM json_each(?))
             ORDER BY step, rowid`,
          run,
          layer,
          JSON.stringify(chosen),
        )
        .map(toHistogram);
    },

    removeAfter: (run: string, step: number): number =>
      sql.run('DELETE FROM histogram WHERE run = ? AND step > ?', run, step),
    clear: (run: string): void => void sql.run('DELETE FROM histogram WHERE run = ?', run),
  };
}

function toHistogram(row: Row): Histogram {
  return {
    layer: row.layer,
    epoch: row.epoch,
    step: row.step,
    edges: fromBytes(row.edges),
    counts: fromBytes(row.counts),
    codes: JSON.parse(row.codes) as Record<string, number>,
    ...(JSON.parse(row.facts ?? '{}') as Pick<Histogram, 'scales' | 'more'>),
  };
}

/** At most `most` of them, the first and the last among them. */
function evenly(values: readonly number[], most: number): readonly number[] {
  if (values.length <= most) return values;
  if (most === 1) return values.slice(-1);
  const stride = (values.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, i) => values[Math.round(i * stride)] ?? 0);
}

/** Little endian whatever the machine, so that a data folder can move. */
function toBytes(values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 8);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => view.setFloat64(index * 8, value, true));
  return bytes;
}

function fromBytes(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.byteLength / 8 }, (_, index) => view.getFloat64(index * 8, true));
}
