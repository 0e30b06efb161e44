import type { Histogram } from '#shared/run/record.ts';
import type { Sql } from '../sql.ts';

interface Row {
  layer: string;
  step: number;
  epoch: number;
  edges: Uint8Array;
  counts: Uint8Array;
  codes: string;
}

export type HistogramTable = ReturnType<typeof histogramTable>;

/** Weight histograms, keyed by (run, step, layer). */
export function histogramTable(sql: Sql) {
  return {
    add(run: string, rows: readonly Histogram[]): void {
      sql.transaction(() => {
        for (const row of rows) {
          sql.run(
            'INSERT OR REPLACE INTO histogram (run, layer, step, epoch, edges, counts, codes) VALUES (?, ?, ?, ?, ?, ?, ?)',
            run,
            row.layer,
            row.step,
            row.epoch,
            toBytes(row.edges),
            toBytes(row.counts),
            JSON.stringify(row.codes),
          );
        }
      });
    },

    /** In the order of steps, then of layers. */
    read: (run: string): Histogram[] =>
      sql
        .all<Row>(
          'SELECT layer, step, epoch, edges, counts, codes FROM histogram WHERE run = ? ORDER BY step, rowid',
          run,
        )
        .map((row) => ({
          layer: row.layer,
          epoch: row.epoch,
          step: row.step,
          edges: fromBytes(row.edges),
          counts: fromBytes(row.counts),
          codes: JSON.parse(row.codes) as Record<string, number>,
        })),

    removeAfter: (run: string, step: number): number =>
      sql.run('DELETE FROM histogram WHERE run = ? AND step > ?', run, step),
    clear: (run: string): void => void sql.run('DELETE FROM histogram WHERE run = ?', run),
  };
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
