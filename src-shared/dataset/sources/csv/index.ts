import { BitsmithError } from '../../../base/errors.ts';
import { sortClasses } from '../../class-names.ts';
import type { FormatFacts, FormatReader, PlannedFile, SampleSink } from '../../format.ts';
import { configurable } from '../../options.ts';
import { divideRows } from './divide.ts';
import { CsvOptionsSchema, type CsvOptions } from './options.ts';
import { RowTable } from './rows.ts';
import { bytesOf, featuresOf, samplesOf, type RowSample } from './samples.ts';

/**
 * Tables as text. A sample is a row, [1, 1, columns], or a window of a time series, [rows, 1, columns]: time runs down,
 * columns are channels. Every column becomes a byte by a recorded map.
 */
export const csv = configurable({
  id: 'csv',
  title: 'CSV tables: a sample in each row, or windows of a time series',
  options: CsvOptionsSchema,
  plan,
  open,
});

const TABLE = /\.(csv|tsv|txt)$/i;
const PART = /(?:^|[^a-z])(train|training|test|testing)(?:[^a-z]|$)/i;

function plan(names: readonly string[], where: string, options: CsvOptions): PlannedFile[] {
  const tables = names.filter((name) => /\.(csv|tsv)$/i.test(name));
  // A text file is a table only where a person points at it.
  const chosen =
    tables.length > 0 ? tables : names.length === 1 ? names.filter((name) => TABLE.test(name)) : [];
  if (chosen.length === 0) throw new BitsmithError('not-found', `${where} has no .csv or .tsv file`);
  const parts = chosen.map((name) => PART.exec(name)?.[1]?.toLowerCase().slice(0, 5));
  const divided = parts.includes('train') && parts.includes('test') && !parts.includes(undefined);
  return chosen.map((name, i): PlannedFile => ({
    name,
    encoding: 'csv',
    split: divided && parts[i] === 'test' ? 'test' : 'train',
    part: 'samples',
    ...(divided ? { divided: true } : {}),
    ...(options.delimiter === 'auto' ? {} : { delimiter: options.delimiter }),
  }));
}

function open(sink: SampleSink, options: CsvOptions): FormatReader {
  const table = new RowTable(options);
  return {
    add: (planned, file) => table.add(planned, file),
    finish: () => finish(sink, table, options),
  };
}

function finish(sink: SampleSink, table: RowTable, options: CsvOptions): FormatFacts {
  const classes = sortClasses(table.labels);
  if (classes.length < 2 || classes.length > 256) {
    const column = table.columns?.label ?? null;
    const what = column === null ? 'the folders' : `the column "${table.columns?.names[column]}"`;
    throw new BitsmithError(
      'invalid-input',
      `${what} has ${classes.length} different values; a class has 2 to 256`,
      { option: 'label' },
    );
  }
  if (classes.includes('')) {
    throw new BitsmithError('invalid-input', 'the class is the folder, but a file lies in none', {
      option: 'labelFrom',
    });
  }
  const codes = new Map(classes.map((name, i) => [name, i]));
  const labels = Uint8Array.from(table.labels, (name) => codes.get(name)!);
  const { splits, notes } = divideRows(table, labels, options);
  const { parts, spanning } = samplesOf(table, labels, splits, options);
  if (parts[0].length + parts[1].length === 0) {
    throw new BitsmithError(
      'invalid-input',
      `no recording is as long as a window of ${options.window} rows: choose a shorter one`,
      { option: 'window' },
    );
  }
  const features = featuresOf(table, parts[0], options);
  const shape = [options.samples === 'rows' ? 1 : options.window, 1, features.length] as const;
  for (const [i, split] of (['train', 'test'] as const).entries()) {
    const samples = parts[i]!;
    if (samples.length === 0) continue;
    const { bytes, clamped } = bytesOf(table, samples, features);
    sink.images(split, shape, bytes);
    const own = Uint8Array.from(samples, ({ label }) => label);
    sink.labels(split, own, samples[0]!.file, () => 0);
    sink.origins?.(
      split,
      samples.map((sample) => originOf(table, sample)),
    );
    if (clamped > 0) {
      notes.push(
        `${clamped} of ${bytes.length} ${split === 'train' ? 'training' : 'test'} values lie outside their column’s range and become its nearest end.`,
      );
    }
  }
  const { leftOut = [] } = table.columns ?? {};
  if (leftOut.length > 0) notes.push(`Left out, because they hold no numbers: ${leftOut.join(', ')}.`);
  if (table.dropped > 0) notes.push(`${table.dropped} rows were left out, because a value is missing.`);
  if (spanning > 0) notes.push(`${spanning} windows were left out, because they would span both parts.`);
  return { classes, features, notes };
}

function originOf({ lines }: RowTable, { file, rows }: RowSample): string {
  const [first, last] = [lines[rows[0]!]!, lines[rows.at(-1)!]!];
  return `${file}, line${first === last ? ` ${first}` : `s ${first}–${last}`}`;
}
