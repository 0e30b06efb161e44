import * as fs from 'node:fs';
import * as path from 'node:path';
import { BitsmithError } from '#shared/base/errors.ts';
import { runFolder } from '#main/platform/data-folder.ts';
import { fileError, guardFiles } from '#main/platform/files.ts';
import { DELETED_PREFIX } from '#main/store/repair.ts';
import type { Store } from '#main/store/index.ts';

/**
 * Removes a run of the trash for good, with all its rows and its checkpoint folder. The folder is renamed first: that
 * either works or leaves everything as it was. A host that is killed on the way has deleted the run, or has it whole in
 * the trash after its next start (`repairStore`).
 *
 * @throws BitsmithError `io` naming the folder that cannot be removed
 */
export function purgeRun(store: Store, run: string): void {
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
