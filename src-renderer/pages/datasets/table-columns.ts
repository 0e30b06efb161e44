import type { ImportPeek } from '#shared/contract/api/dataset.ts';
import { likelyLabel } from '#shared/dataset/sources/csv/columns.ts';

/** What a column of a table is for. */
export const ROLES = ['input', 'class', 'group', 'none'] as const;
export type Role = (typeof ROLES)[number];
export type Columns = NonNullable<ImportPeek['columns']>;
export type Options = Readonly<Record<string, unknown>>;

export interface ColumnRow {
  name: string;
  role: Role;
  examples: string;
  numeric: boolean;
  /** What was typed for the ends of its range; undefined: as measured. */
  range: readonly [unknown, unknown];
}

/** The columns of a table with what the options make of them. Pure. */
export function columnRows(columns: Columns, options: Options): ColumnRow[] {
  const names = columns.map(({ name }) => name);
  const label = options.labelFrom === 'folder' ? undefined : (options.label ?? likelyLabel(names));
  const chosen = Array.isArray(options.columns) ? (options.columns as unknown[]) : null;
  const ranges = (options.ranges ?? {}) as Record<string, unknown[] | undefined>;
  return columns.map(({ name, numeric, examples }) => {
    const input = chosen ? chosen.includes(name) : numeric;
    const role = name === label ? 'class' : name === options.group ? 'group' : input ? 'input' : 'none';
    const [low, high] = ranges[name] ?? [];
    return { name, role, numeric, examples: examples.join(', '), range: [low, high] };
  });
}

/** The options with another role for one column. A class or group has one column, so another one gives it up. */
export function withRole(columns: Columns, options: Options, name: string, role: Role): Options {
  const rows = columnRows(columns, options).map((row) => {
    if (row.name === name) return { ...row, role };
    const givesUp = row.role === role && (role === 'class' || role === 'group');
    return givesUp ? { ...row, role: row.numeric ? ('input' as const) : ('none' as const) } : row;
  });
  const only = (wanted: Role) => rows.find((row) => row.role === wanted)?.name;
  const { group: _group, label: _label, ...rest } = options;
  const [group, label] = [only('group'), only('class')];
  return {
    ...rest,
    columns: rows.filter((row) => row.role === 'input').map((row) => row.name),
    ...(label === undefined ? {} : { label }),
    ...(group === undefined ? {} : { group }),
  };
}

/** The options with one end of a column's range typed; both ends empty: measured again. */
export function withRange(options: Options, name: string, end: 0 | 1, value: unknown): Options {
  const ranges = { ...(options.ranges as Record<string, unknown[]> | undefined) };
  const [low, high] = ranges[name] ?? [];
  const next = end === 0 ? [value, high] : [low, value];
  if (next.every((one) => one === undefined)) delete ranges[name];
  else ranges[name] = next;
  const { ranges: _ranges, ...rest } = options;
  return Object.keys(ranges).length > 0 ? { ...rest, ranges } : rest;
}
