import type { Series } from '../record.ts';
import { alignSeries } from '../compare/align-series.ts';

/** Series as CSV (RFC 4180), one row per point, in pieces that can be written one after the other. */
export function* seriesCsv(series: readonly Series[]): Generator<string> {
  yield row(['series', 'step', 'epoch', 'time', 'value']);
  for (const { name, step, epoch, time, value } of series) {
    for (let index = 0; index < step.length; index++) {
      yield row([name, step[index], epoch[index], time[index], value[index]]);
    }
  }
}

/** Series as CSV with one row per step and one column per series; a field is empty where a series has no point. */
export function* wideSeriesCsv(series: readonly Series[]): Generator<string> {
  yield row(['step', 'epoch', 'time', ...series.map(({ name }) => name)]);
  const { x, values } = alignSeries(series, 'step');
  const at = new Map<number, { epoch: number | undefined; time: number | undefined }>();
  for (const { step, epoch, time } of series) {
    step.forEach((value, index) => at.set(value, { epoch: epoch[index], time: time[index] }));
  }
  for (const [index, step] of x.entries()) {
    const where = at.get(step);
    yield row([step, where?.epoch, where?.time, ...values.map((each) => each[index])]);
  }
}

/** Columns with names; each row has one field for each of them. */
export interface DataTable {
  columns: string[];
  rows: (string | number | null)[][];
}

export function tableCsv({ columns, rows }: DataTable): string {
  return [row(columns), ...rows.map(row)].join('');
}

/** The table as a JSON array with one object per row. */
export function jsonOf({ columns, rows }: DataTable): string {
  const objects = rows.map((fields) =>
    Object.fromEntries(columns.map((name, i) => [name, fields[i] ?? null])),
  );
  return `${JSON.stringify(objects, null, 1)}\n`;
}

/** One line with its line end. Numbers are written so that reading them gives the same double again. */
function row(fields: readonly (string | number | null | undefined)[]): string {
  return `${fields.map(field).join(',')}\r\n`;
}

function field(value: string | number | null | undefined): string {
  const text = value === null || value === undefined ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
