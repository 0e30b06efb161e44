import { inputFeature, isClamped, quantizer, type InputFeature } from '../../features.ts';
import { majority } from './divide.ts';
import type { CsvOptions } from './options.ts';
import type { RowTable } from './rows.ts';

/** Rows that make one sample. */
export interface RowSample {
  rows: readonly number[];
  label: number;
  file: string;
}

/**
 * The samples of both parts, in the order of the files: rows, or windows that lie within one run and one part.
 *
 * @param splits 0 (training) or 1 (test) for each row
 * @returns also how many windows were left out because they would have spanned both parts
 */
export function samplesOf(
  table: RowTable,
  labels: Uint8Array,
  splits: Uint8Array,
  options: CsvOptions,
): { parts: [RowSample[], RowSample[]]; spanning: number } {
  const parts: [RowSample[], RowSample[]] = [[], []];
  let spanning = 0;
  const length = options.samples === 'rows' ? 1 : options.window;
  const step = options.samples === 'rows' ? 1 : options.stride;
  for (const { rows, file } of table.runs) {
    for (let start = 0; start + length <= rows.length; start += step) {
      const members = rows.slice(start, start + length);
      const split = splits[members[0]!]!;
      if (members.some((row) => splits[row] !== split)) {
        spanning++;
        continue;
      }
      const label =
        options.windowLabel === 'last'
          ? labels[members.at(-1)!]!
          : majority(members.map((row) => labels[row]!));
      parts[split === 0 ? 0 : 1].push({ rows: members, label, file });
    }
  }
  return { parts, spanning };
}

/** The map of every column: the range that was chosen, or that of the training samples. */
export function featuresOf(
  table: RowTable,
  train: readonly RowSample[],
  options: CsvOptions,
): InputFeature[] {
  const { features = [], names = [] } = table.columns ?? {};
  const low = features.map(() => Infinity);
  const high = features.map(() => -Infinity);
  for (const { rows } of train) {
    for (const row of rows) {
      table.row(row).forEach((value, c) => {
        low[c] = Math.min(low[c]!, value);
        high[c] = Math.max(high[c]!, value);
      });
    }
  }
  return features.map((at, c) => {
    const name = names[at]!;
    const [minimum, maximum] = options.ranges[name] ?? [low[c]!, high[c]!];
    return inputFeature(name, minimum, maximum);
  });
}

/** The bytes of samples, one after the other, and how many values lay outside their range. */
export function bytesOf(
  table: RowTable,
  samples: readonly RowSample[],
  features: readonly InputFeature[],
): { bytes: Uint8Array; clamped: number } {
  const functions = features.map(quantizer);
  const rowsOfOne = samples[0]?.rows.length ?? 0;
  const bytes = new Uint8Array(samples.length * rowsOfOne * features.length);
  let [at, clamped] = [0, 0];
  for (const { rows } of samples) {
    for (const row of rows) {
      const values = table.row(row);
      for (let c = 0; c < features.length; c++) {
        bytes[at++] = functions[c]!(values[c]!);
        if (isClamped(features[c]!, values[c]!)) clamped++;
      }
    }
  }
  return { bytes, clamped };
}
