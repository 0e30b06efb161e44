import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { guardFiles } from '#main/platform/files.ts';
import { isInstalled, readDatasetInfo } from './descriptor.ts';
import { datasetFolder, datasetsFolder } from './paths.ts';

/**
 * Removes an installed data set: it disappears at once, its bytes follow.
 *
 * @throws BitsmithError `not-found` when there is none of that name
 */
export function removeDataset(dataFolder: string, name: string): void {
  if (!isInstalled(dataFolder, name)) readDatasetInfo(dataFolder, name);
  const folder = datasetFolder(dataFolder, name);
  const away = temporaryFolder(dataFolder, name);
  guardFiles(`cannot remove ${folder}`, () => {
    fs.renameSync(folder, away);
    fs.rmSync(away, { recursive: true, force: true });
  });
}

/** A new name beside the installed sets that `listDatasets` does not see. */
export function temporaryFolder(dataFolder: string, name: string): string {
  return path.join(datasetsFolder(dataFolder), `.${name}.${randomBytes(4).toString('hex')}.tmp`);
}

/** Removes what a killed installation of `name` left behind. */
export function removeLeftovers(dataFolder: string, name: string): void {
  const folder = datasetsFolder(dataFolder);
  if (!fs.existsSync(folder)) return;
  guardFiles(`cannot tidy up ${folder}`, () => {
    for (const entry of fs.readdirSync(folder)) {
      if (entry.startsWith(`.${name}.`) && entry.endsWith('.tmp')) {
        fs.rmSync(path.join(folder, entry), { recursive: true, force: true });
      }
    }
  });
}
