import * as fs from 'node:fs';
import * as path from 'node:path';
import type { ImportPeek } from '#shared/contract/api/dataset.ts';
import type { DatasetFormat, PlannedFile, SourceFile } from '#shared/dataset/format.ts';
import { configured } from '#shared/dataset/options.ts';
import { cellNumber, columnNames, isMissing } from '#shared/dataset/sources/csv/columns.ts';
import { CsvOptionsSchema } from '#shared/dataset/sources/csv/options.ts';
import { datasetFormat } from '#shared/dataset/sources/index.ts';
import { readNpyHeader } from '#shared/dataset/sources/npz/header.ts';
import { arrayName } from '#shared/dataset/sources/npz/index.ts';
import { guardFiles } from '#main/platform/files.ts';
import { decodeFile } from './folder/decode.ts';
import { folderAt } from './folder/place.ts';
import { readPicture } from './folder/read-picture.ts';
import { readPlan } from './folder/read-plan.ts';
import { readTable } from './folder/read-table.ts';
import type { ImportRequest } from './import.ts';
import type { WorkHandle } from './work.ts';

const PICTURES = 16;
const RECORDS = 200;
const HEADER_BYTES = 1 << 12;
const NOTHING: ImportPeek = { columns: null, arrays: null, pictures: null, sounds: null };
const SOUNDS = 12;

/**
 * A quick look into the first files of a place, with the choices made so far; an archive is not unpacked for it.
 *
 * @throws BitsmithError `invalid-input` for a wrong option, `corrupt` for a damaged file, as `importDataset`
 */
export async function peekPlace({
  path: given,
  kind,
  options = {},
}: Pick<ImportRequest, 'path' | 'kind' | 'options'>): Promise<ImportPeek> {
  const format = configured(datasetFormat(kind), options);
  const place = folderAt(given);
  if (!place) return NOTHING;
  const plan = format.plan(place.files, place.where);
  const [first] = plan;
  if (!first) return NOTHING;
  if (kind === 'images') return { ...NOTHING, pictures: await peekPictures(format, plan, place.folder) };
  if (kind === 'wav') return { ...NOTHING, sounds: await peekSounds(format, plan, place.folder) };
  if (kind === 'csv') return { ...NOTHING, columns: await peekColumns(first, place.folder, options) };
  if (kind === 'npz') return { ...NOTHING, arrays: peekArrays(plan, place.folder) };
  return NOTHING;
}

async function peekPictures(
  format: DatasetFormat,
  plan: readonly PlannedFile[],
  folder: string,
): Promise<ImportPeek['pictures']> {
  const shown = plan.slice(0, PICTURES);
  const images: Uint8Array[] = [];
  const labels: number[] = [];
  let shape: readonly [number, number, number] | undefined;
  const reader = format.open({
    images(_split, its, bytes) {
      shape ??= its;
      images.push(bytes);
    },
    labels: (_split, bytes) => void labels.push(...bytes),
  });
  const readable: PlannedFile[] = [];
  const add = (planned: PlannedFile, file: Parameters<typeof reader.add>[1]) => {
    reader.add(planned, file);
    readable.push(planned);
  };
  await readPlan(shown, folder, { add, leaveOut: () => undefined }, unwatched());
  const [first] = readable;
  if (!shape || !first) return null;
  const { raster } = await readPicture(folder, {
    ...first,
    picture: { fit: 'crop', background: 'black' },
  });
  return {
    size: [raster?.height ?? 0, raster?.width ?? 0],
    shape: [...shape],
    classes: [...(first.classes ?? [])],
    labels,
    pixels: Buffer.concat(images).toString('base64'),
  };
}

async function peekSounds(
  format: DatasetFormat,
  plan: readonly PlannedFile[],
  folder: string,
): Promise<ImportPeek['sounds']> {
  const images: Uint8Array[] = [];
  const labels: number[] = [];
  const seconds: number[] = [];
  const rates = new Set<number>();
  let shape: readonly [number, number, number] | undefined;
  const reader = format.open({
    images(_split, its, bytes) {
      shape ??= its;
      images.push(bytes);
    },
    labels: (_split, bytes) => void labels.push(...bytes),
  });
  const add = (planned: PlannedFile, file: SourceFile) => {
    reader.add(planned, file);
    rates.add(file.sound?.rate ?? 0);
    seconds.push((file.sound?.pcm.length ?? 0) / (file.sound?.rate ?? 1));
  };
  await readPlan(plan.slice(0, SOUNDS), folder, { add, leaveOut: () => undefined }, unwatched());
  const { classes = [], sound } = reader.finish();
  if (!shape || !sound) return null;
  return {
    rates: [...rates],
    seconds: [Math.min(...seconds), Math.max(...seconds)],
    shape: [...shape],
    sound,
    classes: [...classes],
    labels: labels.slice(0, SOUNDS),
    pixels: Buffer.concat(images.slice(0, SOUNDS)).toString('base64'),
  };
}

async function peekColumns(
  first: PlannedFile,
  folder: string,
  options: Record<string, unknown>,
): Promise<ImportPeek['columns']> {
  const { header } = CsvOptionsSchema.parse(options);
  for await (const { table } of readTable(folder, first, unwatched(), RECORDS)) {
    const { names, fromFile } = columnNames(table?.records ?? [], header);
    const records = (table?.records ?? []).slice(fromFile ? 1 : 0);
    return names.map((name, at) => {
      const cells = records.map((record) => record[at] ?? '');
      return {
        name,
        numeric: cells.every((cell) => isMissing(cell) || !Number.isNaN(cellNumber(cell))),
        examples: [...new Set(cells)].slice(0, 4).map((cell) => cell.slice(0, 40)),
      };
    });
  }
  return null;
}

function peekArrays(plan: readonly PlannedFile[], folder: string): ImportPeek['arrays'] {
  const files = plan.flatMap((planned): [string, Uint8Array][] =>
    planned.encoding === 'npz'
      ? [...(decodeFile(folder, planned).members ?? [])]
      : [[planned.name, beginningOf(path.join(folder, planned.name))]],
  );
  return files.map(([name, bytes]) => {
    const { dtype, shape } = readNpyHeader(name, bytes);
    return { name: arrayName(name), dtype, shape: [...shape] };
  });
}

function beginningOf(file: string): Uint8Array {
  return guardFiles(`cannot read ${file}`, () => {
    const handle = fs.openSync(file, 'r');
    try {
      const bytes = new Uint8Array(HEADER_BYTES);
      return bytes.subarray(0, fs.readSync(handle, bytes));
    } finally {
      fs.closeSync(handle);
    }
  });
}

function unwatched(): WorkHandle {
  return { signal: new AbortController().signal, report: () => undefined };
}
