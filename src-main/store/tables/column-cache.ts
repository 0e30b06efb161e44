import type { Columns } from '#shared/run/compare/columns.ts';
import type { Sql } from '../sql.ts';

/** Points that are kept: 32 bytes each. */
const MOST_POINTS = 2_000_000;

interface Entry {
  /** SQLite gives the number of a deleted series to a new one: the run tells them apart. */
  run: string;
  count: number;
  step: Float64Array;
  epoch: Float64Array;
  time: Float64Array;
  value: Float64Array;
}

/**
 * Series as columns in memory, so that looking again (zooming, panning, a run that grows) reads only what is new. Points
 * are only ever added at the end, or `forget` is told. What another connection wrote empties it. Bounded: the series
 * looked at longest ago go first.
 */
export function columnCache(sql: Sql) {
  const entries = new Map<number, Entry>();
  let held = 0;
  let version: unknown;

  function forget(series: number): void {
    held -= entries.get(series)?.count ?? 0;
    entries.delete(series);
  }

  function read(run: string, series: number): Columns {
    const now = sql.pragma('data_version');
    if (now !== version) {
      entries.clear();
      held = 0;
      version = now;
    }
    const known = entries.get(series);
    const entry = known?.run === run ? known : newEntry(run);
    forget(series);
    const last = entry.count > 0 ? (entry.step[entry.count - 1] ?? -1) : null;
    const rows = sql.rows<[number, number, number, number]>(
      last === null
        ? 'SELECT step, epoch, time, value FROM point WHERE series = ? ORDER BY step'
        : 'SELECT step, epoch, time, value FROM point WHERE series = ? AND step > ? ORDER BY step',
      ...(last === null ? [series] : [series, last]),
    );
    append(entry, rows);
    entries.set(series, entry);
    held += entry.count;
    for (const oldest of entries.keys()) {
      if (held <= MOST_POINTS || oldest === series) break;
      forget(oldest);
    }
    const view = (column: Float64Array) => column.subarray(0, entry.count);
    return {
      step: view(entry.step),
      epoch: view(entry.epoch),
      time: view(entry.time),
      value: view(entry.value),
    };
  }

  return {
    /** All points of a series now. The columns are views: they are not to be written to. */
    read,
    /** The last step that is held, or −1. */
    lastStep(series: number): number {
      const entry = entries.get(series);
      return entry && entry.count > 0 ? (entry.step[entry.count - 1] ?? -1) : -1;
    },
    forget,
  };
}

function newEntry(run: string): Entry {
  const column = () => new Float64Array(64);
  return { run, count: 0, step: column(), epoch: column(), time: column(), value: column() };
}

function append(entry: Entry, rows: readonly [number, number, number, number][]): void {
  const needed = entry.count + rows.length;
  if (needed > entry.step.length) {
    const capacity = Math.max(needed, Math.ceil(entry.step.length * 1.5));
    for (const name of ['step', 'epoch', 'time', 'value'] as const) {
      const wider = new Float64Array(capacity);
      wider.set(entry[name].subarray(0, entry.count));
      entry[name] = wider;
    }
  }
  rows.forEach(([step, epoch, time, value], i) => {
    const at = entry.count + i;
    entry.step[at] = step;
    entry.epoch[at] = epoch;
    entry.time[at] = time;
    entry.value[at] = value;
  });
  entry.count = needed;
}
