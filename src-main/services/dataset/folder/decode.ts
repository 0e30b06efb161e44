import * as fs from 'node:fs';
import * as path from 'node:path';
import * as zlib from 'node:zlib';
import { PNG } from 'pngjs';
import { BitsmithError, messageOf } from '#shared/base/errors.ts';
import type { PlannedFile, SourceFile } from '#shared/dataset/format.ts';
import { readWave } from '#shared/dataset/sources/wav/riff.ts';
import { guardFiles } from '#main/platform/files.ts';
import { readArchive } from './read-archive.ts';

/** More than any data set that fits into memory; stops a small file that unpacks to terabytes. */
const LARGEST_FILE = 2 ** 31;

/**
 * Reads a file of a data set and takes its packing off.
 *
 * @throws BitsmithError `corrupt` when it is no whole gzip, PNG or WAV file, `io` when it cannot be read
 */
export function decodeFile(folder: string, planned: PlannedFile): SourceFile {
  const file = path.join(folder, planned.name);
  const bytes = guardFiles(`cannot read ${file}`, () => fs.readFileSync(file));
  switch (planned.encoding) {
    case 'plain':
      return { name: planned.name, bytes };
    case 'gzip':
      return { name: planned.name, bytes: gunzip(planned.name, bytes) };
    case 'png':
      return decodePng(planned.name, bytes);
    case 'npz': {
      const members = readArchive(planned.name, bytes, LARGEST_FILE);
      return { name: planned.name, bytes: new Uint8Array(0), members };
    }
    case 'wav':
      return { name: planned.name, bytes: new Uint8Array(0), sound: readWave(planned.name, bytes) };
    case 'picture':
    case 'csv':
      throw new BitsmithError('internal', `${planned.name} is read in another way (${planned.encoding})`);
  }
}

function gunzip(name: string, bytes: Uint8Array): Uint8Array {
  try {
    return zlib.gunzipSync(bytes, { maxOutputLength: LARGEST_FILE });
  } catch (error) {
    throw damagedFile(name, bytes, 'a whole gzip stream', error);
  }
}

function decodePng(name: string, bytes: Buffer): SourceFile {
  let picture: PNG;
  try {
    picture = PNG.sync.read(bytes);
  } catch (error) {
    throw damagedFile(name, bytes, 'a whole PNG picture', error);
  }
  // The decoder always gives RGBA; data sets are gray or RGB.
  const { width, height, data } = picture;
  const channels = (picture as { color?: boolean }).color === false ? 1 : 3;
  const out = new Uint8Array(width * height * channels);
  for (let from = 0, to = 0; to < out.length; from += 4) {
    for (let c = 0; c < channels; c++) out[to++] = data[from + c]!;
  }
  return { name, bytes: out, raster: { width, height, channels } };
}

function damagedFile(name: string, bytes: Uint8Array, expected: string, error: unknown): BitsmithError {
  const truncated = error instanceof Error && 'code' in error && error.code === 'Z_BUF_ERROR';
  const offset = truncated ? bytes.length : 0;
  const found = truncated ? `the end of the file` : messageOf(error);
  return new BitsmithError(
    'corrupt',
    `${name}, byte ${offset}: expected ${expected}; found ${found}`,
    { file: name, offset, expected, found },
    { cause: error },
  );
}
