import * as fs from 'node:fs';
import * as path from 'node:path';
import { parse } from 'csv-parse';
import { messageOf } from '#shared/base/errors.ts';
import { DELIMITERS, guessDelimiter } from '#shared/dataset/delimiter.ts';
import { corruptFile, type PlannedFile, type SourceFile } from '#shared/dataset/format.ts';
import { fileError, guardFiles } from '#main/platform/files.ts';
import { breathe, type WorkHandle } from '../work.ts';

const RECORDS = 2000;
const BEGINNING = 1 << 16;

/**
 * The records of a table in pieces, in order; the last piece says so.
 *
 * @param most records, for a look at the beginning
 * @throws BitsmithError `corrupt` naming the line that is no record, `io`, `cancelled`
 */
export async function* readTable(
  folder: string,
  planned: Pick<PlannedFile, 'name' | 'delimiter'>,
  work: WorkHandle,
  most = Infinity,
): AsyncGenerator<SourceFile> {
  const file = path.join(folder, planned.name);
  const size = guardFiles(`cannot read ${file}`, () => fs.statSync(file).size);
  const delimiter = DELIMITERS[planned.delimiter ?? guessDelimiter(beginningOf(file))];
  const stream = fs.createReadStream(file);
  const parser = stream.pipe(
    parse({
      delimiter,
      bom: true,
      info: true,
      relax_column_count: true,
      relax_quotes: false,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      trim: delimiter !== '\t',
      ...(delimiter === ' ' ? { ltrim: true } : {}),
    }),
  );
  stream.on('error', (error) => parser.destroy(error));
  const bytes = new Uint8Array(0);
  let records: string[][] = [];
  let lines: number[] = [];
  let count = 0;
  try {
    for await (const { info, record } of parser as AsyncIterable<{
      info: { lines: number };
      record: string[];
    }>) {
      records.push(record);
      lines.push(info.lines);
      if (++count >= most) break;
      if (records.length < RECORDS) continue;
      yield { name: planned.name, bytes, table: { records, lines, last: false } };
      [records, lines] = [[], []];
      work.report(size > 0 ? stream.bytesRead / size : null, `reading ${planned.name}`);
      await breathe(work.signal);
    }
  } catch (error) {
    throw tableError(error, planned.name, file);
  } finally {
    stream.destroy();
  }
  if (records.length > 0) yield { name: planned.name, bytes, table: { records, lines, last: true } };
}

function beginningOf(file: string): string {
  return guardFiles(`cannot read ${file}`, () => {
    const handle = fs.openSync(file, 'r');
    try {
      const bytes = Buffer.alloc(BEGINNING);
      return bytes.toString('utf8', 0, fs.readSync(handle, bytes));
    } finally {
      fs.closeSync(handle);
    }
  });
}

function tableError(error: unknown, name: string, file: string): unknown {
  if (!(error instanceof Error && 'code' in error && String(error.code).startsWith('CSV_'))) {
    return fileError(error, `cannot read ${file}`);
  }
  const line = 'lines' in error ? Number(error.lines) : 0;
  return corruptFile(name, 0, 'a table with whole quotes', `line ${line}: ${messageOf(error)}`);
}
