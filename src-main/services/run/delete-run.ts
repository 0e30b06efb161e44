import * as fs from 'node:fs';
import * as path from 'node:path';
import { BitsmithError } from '#shared/base/errors.ts';
import { isLive } from '#shared/run/status.ts';
import { runFolder } from '#main/platform/data-folder.ts';
import { fileError, guardFiles } from '#main/platform/files.ts';
import { DELETED_PREFIX } from '#main/store/repair.ts';
import type { Store } from '#main/store/index.ts';

/**
 * Removes a run with all its rows and its checkpoint folder. The folder is renamed first: that either works or leaves
 * everything as it was.
 *
 * @throws BitsmithError `conflict` while the run is live, `io` naming the folder that cannot be removed
 */
export function deleteRun(store: Store, run: string): void {
  const { status } = store.runs.get(run);
  if (isLive(status)) {
    throw new BitsmithError('conflict', `run ${run} is ${status}; stop it before you delete it`, {
      run,
      status,
    });
  }
  const folder = runFolder(store.folder, run);
  const doomed = path.join(store.folder.runs, `${DELETED_PREFIX}${run}`);
  const exists = fs.existsSync(folder);
  if (exists)
    guardFiles(`cannot remove ${folder}, so run ${run} is kept`, () => fs.renameSync(folder, doomed));
  try {
    store.runs.remove(run);
  } catch (error) {
    if (exists) fs.renameSync(doomed, folder);
    throw error;
  }
  try {
    fs.rmSync(doomed, { recursive: true, force: true });
  } catch (error) {
    const clear = fileError(error, `run ${run} is deleted, but its files in ${doomed} could not be removed`);
    throw clear instanceof BitsmithError
      ? new BitsmithError('io', `${clear.message}; Bitsmith tries again at its next start`, {
          run,
          folder: doomed,
        })
      : clear;
  }
}
