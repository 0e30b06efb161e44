import { BitsmithError } from '../../../base/errors.ts';
import { nearest } from '../../../base/schema.ts';
import type { CsvOptions } from './options.ts';

const MISSING = new Set(['', 'na', 'n/a', 'nan', 'null', 'none', '?', '-']);
const LABELS = ['label', 'class', 'target', 'category', 'activity', 'species', 'diagnosis', 'output'];

/** Whether a cell holds nothing. */
export function isMissing(cell: string): boolean {
  return MISSING.has(cell.trim().toLowerCase());
}

/** The number in a cell; NaN where there is none. */
export function cellNumber(cell: string): number {
  const text = cell.trim();
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN;
}

/** Names of the columns, and whether they stand in the first record. */
export function columnNames(
  records: readonly (readonly string[])[],
  header: CsvOptions['header'],
): { names: string[]; fromFile: boolean } {
  const [first = [], second] = records;
  const isNumber = (cell: string) => !Number.isNaN(cellNumber(cell));
  const looksNamed =
    first.every((cell) => !isNumber(cell) && !isMissing(cell)) &&
    new Set(first).size === first.length &&
    (second === undefined || second.some((cell) => isNumber(cell) || isMissing(cell)));
  const fromFile = header === 'yes' || (header === 'auto' && looksNamed);
  return {
    names: first.map((cell, i) => (fromFile ? cell.trim() || `c${i + 1}` : `c${i + 1}`)),
    fromFile,
  };
}

/** The column that is most likely the class. */
export function likelyLabel(names: readonly string[]): string | undefined {
  const known = LABELS.map((usual) => names.find((name) => name.toLowerCase() === usual));
  return known.find((name) => name !== undefined) ?? names.at(-1);
}

/** Where in a record the class, the group and the features stand. */
export interface ColumnPlaces {
  label: number | null;
  group: number | null;
  features: readonly number[];
  names: readonly string[];
  /** Columns that are no numbers and were not asked for. */
  leftOut: readonly string[];
}

/**
 * @param sample the first records, without the names: a column with anything but numbers is no feature by itself
 * @throws BitsmithError `invalid-input` naming the option and the columns that there are
 */
export function placeColumns(
  file: string,
  names: readonly string[],
  sample: readonly (readonly string[])[],
  options: CsvOptions,
): ColumnPlaces {
  const place = (name: string, option: string): number => {
    const at = names.indexOf(name);
    if (at >= 0) return at;
    const close = nearest(name, names);
    throw new BitsmithError(
      'invalid-input',
      `${file} has no column "${name}" (${option}).${close ? ` Did you mean "${close}"?` : ''} There are: ${names.join(', ')}`,
      { file, option },
    );
  };
  const labelName = options.labelFrom === 'folder' ? undefined : (options.label ?? likelyLabel(names));
  const label = labelName === undefined ? null : place(labelName, 'label');
  const group = options.group === undefined ? null : place(options.group, 'group');
  const numeric = (at: number): boolean =>
    sample.every((record) => isMissing(record[at] ?? '') || !Number.isNaN(cellNumber(record[at] ?? '')));
  const rest = names.map((_, at) => at).filter((at) => at !== label && at !== group);
  const features = options.columns
    ? options.columns.map((name) => place(name, 'columns'))
    : rest.filter((at) => numeric(at));
  const taken = features.find((at, i) => at === label || features.indexOf(at) !== i);
  if (taken !== undefined) {
    throw new BitsmithError(
      'invalid-input',
      `the column "${names[taken]}" is ${taken === label ? 'the class' : 'named twice'}; it cannot be a feature too`,
      { option: 'columns' },
    );
  }
  if (features.length === 0) {
    throw new BitsmithError('invalid-input', `${file} has no column of numbers beside the class`, {
      option: 'columns',
    });
  }
  for (const name of Object.keys(options.ranges)) place(name, 'ranges');
  return {
    label,
    group,
    features,
    names,
    leftOut: options.columns ? [] : rest.filter((at) => !numeric(at)).map((at) => names[at]!),
  };
}
