import type { DataTable } from '#shared/run/export/csv.ts';
import type { RunSummary } from '#shared/run/record.ts';
import type { Column } from './columns.ts';

/** Runs as a table of exact values: the id, then the columns that are shown. */
export function runTable(runs: readonly RunSummary[], columns: readonly Column[]): DataTable {
  const others = columns.filter(({ id }) => id !== 'id');
  return {
    columns: ['id', ...others.map(({ id }) => id)],
    rows: runs.map((run) => [run.id, ...others.map((column) => cell(column, run))]),
  };
}

function cell(column: Column, run: RunSummary): string | number | null {
  const value = column.value(run);
  if (value === null || typeof value === 'string' || typeof value === 'number') return value;
  return typeof value === 'object' ? value.join(' ') : String(value);
}
