import type { ConfigRow } from './config-diff.ts';

/** What makes runs one group: everything in their configurations but the seed, or the value of some fields. */
export type GroupBy = { kind: 'replicates' } | { kind: 'fields'; paths: readonly string[] };

export interface RunGroup {
  /** Stays the same while the group stands for the same values. */
  key: string;
  /** What sets it apart from the other groups, in few words. */
  label: string;
  /** In the order that was given. */
  runs: string[];
}

/** Words about a run, and what tells replicates apart: no part of the experiment. */
const IGNORED = new Set(['seed', 'name', 'notes', 'tags', 'version']);

const isIgnored = (path: string): boolean => IGNORED.has(path.replace(/[.[].*$/, ''));

/**
 * Runs in groups, in the order in which each group first occurs.
 *
 * @param rows the runs' configurations side by side; column i belongs to `runs[i]`
 */
export function groupRuns(rows: readonly ConfigRow[], runs: readonly string[], by: GroupBy): RunGroup[] {
  const wanted = new Set(by.kind === 'fields' ? by.paths : []);
  const fields = rows.filter(({ path }) => (by.kind === 'fields' ? wanted.has(path) : !isIgnored(path)));
  const told = fields.filter(({ differs }) => differs);
  const groups = new Map<string, RunGroup>();
  runs.forEach((run, column) => {
    const key = JSON.stringify(fields.map(({ path, values }) => [path, values[column]]));
    const found = groups.get(key);
    if (found) found.runs.push(run);
    else groups.set(key, { key, label: labelOf(told, column), runs: [run] });
  });
  return [...groups.values()];
}

/** Fields by which a person may want to group: those in which runs differ, the words about a run left out. */
export function groupableFields(rows: readonly ConfigRow[]): string[] {
  return rows.filter(({ path, differs }) => differs && !isIgnored(path)).map(({ path }) => path);
}

/** What is chosen says more than how it is set: `weights ttq` comes before `weights.factor 0.05`. */
const CHOICE = /\.(method|preset|kind)$/;

function labelOf(rows: readonly ConfigRow[], column: number): string {
  const present = rows.filter(({ values }) => values[column] !== null);
  const told = present.length > 0 ? present : rows;
  const ordered = [
    ...told.filter(({ path }) => CHOICE.test(path)),
    ...told.filter(({ path }) => !CHOICE.test(path)),
  ];
  const parts = ordered.slice(0, 4).map(({ path, values }) => `${shortName(path)} ${show(values[column])}`);
  return [...parts, ...(ordered.length > 4 ? ['…'] : [])].join(', ') || 'all alike';
}

/** `quantization.weights.factor` → `weights.factor`, `quantization.weights.method` → `weights`: the end says enough. */
function shortName(path: string): string {
  return path
    .replace(CHOICE, '')
    .split('.')
    .slice(CHOICE.test(path) ? -1 : -2)
    .join('.');
}

function show(value: unknown): string {
  if (value === null || value === undefined) return '–';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
