import type { Split } from '../../format.ts';
import { holdOut } from '../../hold-out.ts';
import type { CsvOptions } from './options.ts';
import type { RowTable } from './rows.ts';

/** Rows that are held out together, in windows: so many windows' rows where nothing says what belongs together. */
const WINDOWS_IN_STRETCH = 10;

/**
 * The part of every row. What belongs together (a group; in windows a file or a stretch of one) is never divided.
 *
 * @param labels class of each row
 */
export function divideRows(
  table: RowTable,
  labels: Uint8Array,
  options: CsvOptions,
): { splits: Uint8Array; notes: string[] } {
  const splits = new Uint8Array(labels.length);
  if (table.runs[0]?.divided) {
    for (const run of table.runs) for (const row of run.rows) splits[row] = code(run.split);
    return { splits, notes: [] };
  }
  const { units, notes } = unitsOf(table, labels, options);
  const rows: number[][] = [];
  units.forEach((unit, row) => (rows[unit] ??= []).push(row));
  const held = holdOut(
    rows.map((members) => majority(members.map((row) => labels[row]!))),
    options.testShare,
    options.seed,
  );
  units.forEach((unit, row) => (splits[row] = held[unit]!));
  return { splits, notes };
}

/** 0: training, 1: test. */
export function code(split: Split): number {
  return split === 'test' ? 1 : 0;
}

/** For every row the number of the unit that it is held out with. */
function unitsOf(
  table: RowTable,
  labels: Uint8Array,
  options: CsvOptions,
): { units: Uint32Array; notes: string[] } {
  const units = new Uint32Array(labels.length);
  const windows = options.samples === 'windows';
  if (options.group === undefined && !windows) {
    units.forEach((_, row) => (units[row] = row));
    return { units, notes: [] };
  }
  const named = new Map<string, number>();
  const number = (name: string): number => {
    const known = named.get(name) ?? named.size;
    named.set(name, known);
    return known;
  };
  for (const { group, rows } of table.runs) for (const row of rows) units[row] = number(group);
  if (options.group !== undefined || everyClassTwice(units, labels)) return { units, notes: [] };
  const stretch = WINDOWS_IN_STRETCH * options.window;
  named.clear();
  table.runs.forEach(({ rows }, r) =>
    rows.forEach((row, i) => (units[row] = number(`${r} ${Math.floor(i / stretch)}`))),
  );
  return {
    units,
    notes: [
      `Nothing says which rows are one recording: stretches of ${stretch} rows were held out as a whole, and no window spans both parts.`,
    ],
  };
}

/** Whether every class is the most frequent one of two units or more, so that either part can have one. */
function everyClassTwice(units: Uint32Array, labels: Uint8Array): boolean {
  const members: number[][] = [];
  units.forEach((unit, row) => (members[unit] ??= []).push(labels[row]!));
  const classes = members.map((list) => majority(list));
  return [...new Set(labels)].every((label) => classes.filter((one) => one === label).length >= 2);
}

/** The most frequent label; of several the lowest. */
export function majority(labels: ArrayLike<number>): number {
  const counts = new Map<number, number>();
  for (let i = 0; i < labels.length; i++) counts.set(labels[i]!, (counts.get(labels[i]!) ?? 0) + 1);
  let best = -1;
  for (const [label, count] of counts) {
    const most = counts.get(best) ?? 0;
    if (count > most || (count === most && label < best)) best = label;
  }
  return best;
}
