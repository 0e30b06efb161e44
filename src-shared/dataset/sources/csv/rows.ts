import { BitsmithError } from '../../../base/errors.ts';
import { baseName, type PlannedFile, type SourceFile, type Split } from '../../format.ts';
import { cellNumber, columnNames, isMissing, placeColumns, type ColumnPlaces } from './columns.ts';
import type { CsvOptions } from './options.ts';

/** Rows of one group of one file in their order, without a gap between them. */
export interface Run {
  file: string;
  split: Split;
  divided: boolean;
  /** The group's name; the file's where there is no group. */
  group: string;
  /** Numbers of the rows in the table. */
  rows: number[];
}

/** The rows of all files, as numbers. */
export class RowTable {
  readonly #options: CsvOptions;
  #values = new Float32Array(1 << 12);
  #columns: ColumnPlaces | undefined;
  #file = '';
  #open = new Map<string, Run>();
  readonly runs: Run[] = [];
  /** For each row: its line, and the class as text. */
  readonly lines: number[] = [];
  readonly labels: string[] = [];
  dropped = 0;

  constructor(options: CsvOptions) {
    this.#options = options;
  }

  get columns(): ColumnPlaces | undefined {
    return this.#columns;
  }

  /** The features of a row. */
  row(i: number): Float32Array {
    const width = this.#columns?.features.length ?? 0;
    return this.#values.subarray(i * width, (i + 1) * width);
  }

  /** @throws BitsmithError `corrupt` naming file, line and column of what is no number or missing */
  add(planned: PlannedFile, { name, table }: SourceFile): void {
    if (!table) throw new BitsmithError('internal', `${name} was not read as a table`);
    let first = 0;
    if (name !== this.#file) first = this.#begin(name, table.records);
    for (let i = first; i < table.records.length; i++) {
      this.#addRecord(planned, name, table.records[i]!, table.lines[i]!);
    }
  }

  /** @returns how many of the records are names */
  #begin(name: string, records: readonly (readonly string[])[]): number {
    this.#file = name;
    this.#open = new Map();
    const { names, fromFile } = columnNames(records, this.#options.header);
    const start = fromFile ? 1 : 0;
    const before = this.#columns;
    const sample = records.slice(start);
    const now = placeColumns(name, names, sample, before ? this.#sameFeatures(before) : this.#options);
    this.#columns = before ? { ...now, leftOut: before.leftOut } : now;
    return start;
  }

  /** Files after the first must have its features, wherever they stand in them. */
  #sameFeatures({ features, names }: ColumnPlaces): CsvOptions {
    return { ...this.#options, columns: features.map((at) => names[at]!) };
  }

  #addRecord(planned: PlannedFile, file: string, record: readonly string[], line: number): void {
    const { names, label, group, features } = this.#columns!;
    if (record.length !== names.length) {
      throw cellError(file, line, `${names.length} cells as in the first line`, `${record.length}`);
    }
    const wanted = [...features, ...(label === null ? [] : [label]), ...(group === null ? [] : [group])];
    const gap = wanted.find((at) => isMissing(record[at]!));
    if (gap !== undefined) {
      if (this.#options.missing === 'refuse') {
        const expected = `a value in the column "${names[gap]}" (or choose to leave such rows out)`;
        throw cellError(file, line, expected, record[gap] === '' ? 'nothing' : `"${record[gap]}"`);
      }
      this.dropped++;
      // What follows is not the next moment of the same series.
      this.#open = new Map();
      return;
    }
    const row = this.lines.length;
    const width = features.length;
    if ((row + 1) * width > this.#values.length) this.#grow((row + 1) * width);
    features.forEach((at, i) => {
      const value = cellNumber(record[at]!);
      if (!Number.isFinite(value)) {
        throw cellError(file, line, `a number in the column "${names[at]}"`, `"${record[at]}"`);
      }
      this.#values[row * width + i] = value;
    });
    this.lines.push(line);
    this.labels.push(label === null ? folderOf(file) : record[label]!.trim());
    this.#runOf(planned, file, group === null ? file : record[group]!.trim()).rows.push(row);
  }

  #runOf({ split, divided }: PlannedFile, file: string, group: string): Run {
    const known = this.#open.get(group);
    if (known) return known;
    const run: Run = { file, split, divided: divided === true, group, rows: [] };
    this.#open.set(group, run);
    this.runs.push(run);
    return run;
  }

  #grow(least: number): void {
    const larger = new Float32Array(Math.max(least, this.#values.length * 2));
    larger.set(this.#values);
    this.#values = larger;
  }
}

/** The folder that a file lies in. */
function folderOf(file: string): string {
  return baseName(file.slice(0, Math.max(0, file.lastIndexOf('/'))));
}

function cellError(file: string, line: number, expected: string, found: string): BitsmithError {
  return new BitsmithError('corrupt', `${file}, line ${line}: expected ${expected}; found ${found}`, {
    file,
    line,
    expected,
    found,
  });
}
