import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as tar from 'tar';
import { BitsmithError, messageOf } from '#shared/base/errors.ts';
import { fileError, guardFiles } from '#main/platform/files.ts';
import type { WorkHandle } from '../work.ts';
import { downloadsFolder } from './paths.ts';
import { filesUnder, isArchive, unpackArchive } from './unpack.ts';

/** Files of a data set that a person pointed at: a folder, a file, an archive, or the common beginning of the files' paths. */
export interface Place {
  folder: string;
  /** Relative to the folder. */
  files: readonly string[];
  /** How it is called in messages. */
  where: string;
  close(): void;
}

/**
 * Makes the files of a place readable; an archive is unpacked beside the downloads until `close`.
 *
 * @throws BitsmithError `not-found` when there is nothing, `corrupt` for a damaged archive
 */
export async function openPlace(
  dataFolder: string,
  given: string,
  name: string,
  work: WorkHandle,
): Promise<Place> {
  const archive = archiveAt(given);
  if (archive === undefined) return { ...filesAt(given), close: () => undefined };
  const folder = `${downloadsFolder(dataFolder, name)}.${randomBytes(4).toString('hex')}.tmp`;
  const close = () => fs.rmSync(folder, { recursive: true, force: true });
  try {
    work.report(0, 'unpacking');
    await unpackArchive(archive, folder, work.signal);
    return { folder, files: filesUnder(folder), where: `the archive ${archive}`, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** The names and sizes of the files of a place, without unpacking or writing anything. */
export async function lookAtPlace(
  given: string,
): Promise<{ where: string; files: { name: string; bytes: number }[] }> {
  const archive = archiveAt(given);
  if (archive !== undefined) return { where: `the archive ${archive}`, files: await filesInArchive(archive) };
  const { folder, files, where } = filesAt(given);
  return {
    where,
    files: files.map((name) => ({
      name,
      bytes: fs.statSync(path.join(folder, name), { throwIfNoEntry: false })?.size ?? 0,
    })),
  };
}

/** The files of a place; undefined for an archive, whose files would have to be unpacked first. */
export function folderAt(given: string): Omit<Place, 'close'> | undefined {
  return archiveAt(given) === undefined ? filesAt(given) : undefined;
}

function archiveAt(given: string): string | undefined {
  const full = path.resolve(given);
  const stat = guardFiles(`cannot read ${full}`, () => fs.statSync(full, { throwIfNoEntry: false }));
  return stat?.isFile() && isArchive(full) ? full : undefined;
}

function filesAt(given: string): Omit<Place, 'close'> {
  const full = path.resolve(given);
  const stat = guardFiles(`cannot read ${full}`, () => fs.statSync(full, { throwIfNoEntry: false }));
  if (stat?.isDirectory()) return { folder: full, files: filesUnder(full), where: `the folder ${full}` };
  if (stat?.isFile()) {
    return { folder: path.dirname(full), files: [path.basename(full)], where: `the file ${full}` };
  }
  const parent = path.dirname(full);
  const prefix = path.basename(full);
  const files = fs.existsSync(parent) ? filesUnder(parent, 0).filter((file) => file.startsWith(prefix)) : [];
  if (files.length === 0) {
    throw new BitsmithError(
      'not-found',
      `there is no folder or archive ${full}, and no file whose path begins so`,
    );
  }
  return { folder: parent, files, where: `the prefix ${full}` };
}

async function filesInArchive(archive: string): Promise<{ name: string; bytes: number }[]> {
  const files: { name: string; bytes: number }[] = [];
  try {
    await tar.t({
      file: archive,
      strict: true,
      onReadEntry: (entry) => {
        if (entry.type === 'File') files.push({ name: entry.path.replace(/^\.\//, ''), bytes: entry.size });
      },
    });
  } catch (error) {
    const clear = fileError(error, `cannot read ${archive}`);
    if (clear instanceof BitsmithError) throw clear;
    throw new BitsmithError(
      'corrupt',
      `${archive}: expected a whole tar archive; found damage: ${messageOf(error)}`,
      { file: archive },
      { cause: error },
    );
  }
  return files.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
