import * as fs from 'node:fs';
import * as path from 'node:path';
import * as tar from 'tar';
import { BitsmithError, messageOf } from '#shared/base/errors.ts';
import { fileError, guardFiles } from '#main/platform/files.ts';
import { checkCancelled } from '../work.ts';

/** Names of all files under a folder, relative, with forward slashes, sorted; at most three levels down. */
export function filesUnder(folder: string, depth = 3): string[] {
  return guardFiles(`cannot read ${folder}`, () => fs.readdirSync(folder, { withFileTypes: true }))
    .flatMap((entry) => {
      if (entry.isDirectory() && depth > 0) {
        return filesUnder(path.join(folder, entry.name), depth - 1).map((name) => `${entry.name}/${name}`);
      }
      return entry.isFile() ? [entry.name] : [];
    })
    .sort();
}

export function isArchive(file: string): boolean {
  return /\.(tar\.gz|tgz|tar)$/i.test(file);
}

/**
 * Unpacks the regular files of an archive; links, devices and paths that lead out of `folder` are refused or ignored.
 *
 * @throws BitsmithError `corrupt` naming the archive when it is damaged, `io` when the disk is full
 */
export async function unpackArchive(archive: string, folder: string, signal: AbortSignal): Promise<void> {
  guardFiles(`cannot create ${folder}`, () => fs.mkdirSync(folder, { recursive: true }));
  try {
    await tar.x({
      file: archive,
      cwd: folder,
      strict: true,
      filter: (_name, entry) => {
        // After a cancellation no further file is written; the caller throws away what is there.
        if (signal.aborted) return false;
        return 'type' in entry && entry.type === 'File';
      },
    });
  } catch (error) {
    const clear = fileError(error, `cannot unpack ${archive}`);
    if (clear instanceof BitsmithError) throw clear;
    throw new BitsmithError(
      'corrupt',
      `${archive}: expected a whole tar archive; found damage: ${messageOf(error)}`,
      { file: archive },
      { cause: error },
    );
  }
  checkCancelled(signal);
}
