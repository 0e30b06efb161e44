import * as fs from 'node:fs';
import * as path from 'node:path';
import { z } from 'zod';
import type { AssembledShape } from '#shared/dataset/assembly.ts';
import type { Split } from '#shared/dataset/format.ts';
import type { DatasetInfo } from '#shared/dataset/types.ts';
import { writeFileAtomic } from '#main/platform/files.ts';
import { datasetFolder } from './paths.ts';

/** What the files of a set told beside its samples: where each sample comes from, and what could not be read. */
const RecordSchema = z.strictObject({
  origins: z.strictObject({ train: z.array(z.string()), test: z.array(z.string()) }).nullable(),
  unreadable: z.array(z.strictObject({ name: z.string(), reason: z.string() })),
});
type SourceRecord = z.output<typeof RecordSchema>;

const NOTHING: SourceRecord = { origins: null, unreadable: [] };
/** The record that was read last: whoever scrolls through a set asks again and again. */
let last: { key: string; record: SourceRecord } | undefined;

/** Writes the record into the folder of a set, where there is something to keep. */
export function writeRecord(folder: string, { origins, unreadable }: AssembledShape): void {
  if (!origins && unreadable.length === 0) return;
  writeFileAtomic(recordPath(folder), `${JSON.stringify({ origins, unreadable })}\n`);
}

/** The record of an installed set; empty where there is none, or none that can be read. */
export function readRecord(dataFolder: string, name: string): SourceRecord {
  const file = recordPath(datasetFolder(dataFolder, name));
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  if (!stat) return NOTHING;
  const key = `${file} ${stat.mtimeMs} ${stat.size}`;
  if (last?.key === key) return last.record;
  try {
    const record = RecordSchema.parse(JSON.parse(fs.readFileSync(file, 'utf8')));
    last = { key, record };
    return record;
  } catch {
    // The samples are whole without it.
    return NOTHING;
  }
}

/** Where these samples come from; null where it is not known. */
export function originsOf(
  dataFolder: string,
  info: DatasetInfo,
  split: Split,
  indices: readonly number[],
): string[] | null {
  const names = readRecord(dataFolder, info.name).origins?.[split];
  return names?.length === info[split] ? indices.map((index) => names[index] ?? '') : null;
}

function recordPath(folder: string): string {
  return path.join(folder, 'origins.json');
}
