import { NO_COLUMNS, type Columns } from '#shared/run/compare/columns.ts';
import type { MetricPoint, Series } from '#shared/run/record.ts';
import type { Sql } from '../sql.ts';
import { columnCache } from './column-cache.ts';

/** Last, smallest and largest value of a series. */
export interface SeriesExtent {
  series: string;
  last: number;
  min: number;
  max: number;
}

interface LastValue {
  run: string;
  value: number | null;
}

export type SeriesTable = ReturnType<typeof seriesTable>;

/** Metric points, keyed by (run, series name, step). Values are finite. */
export function seriesTable(sql: Sql) {
  const cache = columnCache(sql);
  const known = (run: string): { id: number; name: string }[] =>
    sql.all('SELECT id, name FROM series WHERE run = ? ORDER BY name', run);

  function idOf(run: string, name: string): number {
    sql.run('INSERT INTO series (run, name) VALUES (?, ?) ON CONFLICT DO NOTHING', run, name);
    return sql.get<{ id: number }>('SELECT id FROM series WHERE run = ? AND name = ?', run, name)?.id ?? 0;
  }

  return {
    names: (run: string): string[] => known(run).map(({ name }) => name),
    /** Names that any run out of the trash has. */
    allNames: (): string[] =>
      sql
        .all<{ name: string }>(
          `SELECT DISTINCT series.name FROM series JOIN run ON run.id = series.run
             WHERE run.deleted_at IS NULL ORDER BY series.name`,
        )
        .map(({ name }) => name),
    /** The last value of a series for each run that has it; `runs` absent: all. */
    lastValues(name: string, runs?: readonly string[]): Map<string, number> {
      const text = `SELECT run, (SELECT value FROM point WHERE series = id ORDER BY step DESC LIMIT 1) AS value
         FROM series WHERE name = ?`;
      const rows = runs
        ? runs.flatMap((run) => sql.all<LastValue>(`${text} AND run = ?`, name, run))
        : sql.all<LastValue>(text, name);
      return new Map(rows.flatMap(({ run, value }) => (value === null ? [] : [[run, value] as const])));
    },

    /** Adds a batch. A point for a step that has one already replaces it. */
    add(run: string, points: readonly MetricPoint[]): void {
      sql.transaction(() => {
        const ids = new Map<string, number>();
        for (const { series, step, epoch, time, value } of points) {
          let id = ids.get(series);
          if (id === undefined) ids.set(series, (id = idOf(run, series)));
          if (step <= cache.lastStep(id)) cache.forget(id);
          sql.run(
            'INSERT OR REPLACE INTO point (series, step, epoch, time, value) VALUES (?, ?, ?, ?, ?)',
            id,
            step,
            epoch,
            time,
            value,
          );
        }
      });
    },

    /** One series as columns that stay in memory: for looking at it again and again. */
    columns(run: string, name: string): Columns {
      const found = sql.get<{ id: number }>('SELECT id FROM series WHERE run = ? AND name = ?', run, name);
      return found ? cache.read(run, found.id) : NO_COLUMNS;
    },

    /** Whole series as columns in step order; `names` absent: all of them. Unknown names give nothing. */
    read(run: string, names?: readonly string[]): Series[] {
      return known(run)
        .filter(({ name }) => !names || names.includes(name))
        .map(({ id, name }) => {
          const rows = sql.rows<[number, number, number, number]>(
            'SELECT step, epoch, time, value FROM point WHERE series = ? ORDER BY step',
            id,
          );
          const series: Series = { name, step: [], epoch: [], time: [], value: [] };
          for (const [step, epoch, time, value] of rows) {
            series.step.push(step);
            series.epoch.push(epoch);
            series.time.push(time);
            series.value.push(value);
          }
          return series;
        });
    },

    extents(run: string): SeriesExtent[] {
      return known(run).flatMap(({ id, name }) => {
        const row = sql.get<{ last: number | null; min: number; max: number }>(
          `SELECT (SELECT value FROM point WHERE series = ? ORDER BY step DESC LIMIT 1) AS last,
             min(value) AS min, max(value) AS max FROM point WHERE series = ?`,
          id,
          id,
        );
        return row && row.last !== null ? [{ series: name, last: row.last, min: row.min, max: row.max }] : [];
      });
    },

    /** Removes the points of a lost future, those of steps after `step`, and says how many they were. */
    removeAfter(run: string, step: number): number {
      for (const { id } of known(run)) cache.forget(id);
      return sql.run(
        'DELETE FROM point WHERE series IN (SELECT id FROM series WHERE run = ?) AND step > ?',
        run,
        step,
      );
    },

    /** Removes all series of a run, for a start from nothing. */
    clear(run: string): void {
      for (const { id } of known(run)) cache.forget(id);
      sql.run('DELETE FROM series WHERE run = ?', run);
    },
  };
}
