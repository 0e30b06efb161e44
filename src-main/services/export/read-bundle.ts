import * as fs from 'node:fs';
import * as path from 'node:path';
import { BitsmithError } from '#shared/base/errors.ts';
import { parseManifest, type Manifest } from '#shared/export/emit/manifest.ts';
import { guardFiles } from '#main/platform/files.ts';

/**
 * The manifest of a bundle folder.
 *
 * @throws BitsmithError `not-found` when the folder holds no manifest, `corrupt` or `invalid-input` when it does not fit
 */
export function readManifest(bundleFolder: string): Manifest {
  const file = path.join(bundleFolder, 'manifest.json');
  if (!fs.existsSync(file)) {
    throw new BitsmithError('not-found', `${bundleFolder} is no bundle: it has no manifest.json`, {
      path: bundleFolder,
    });
  }
  const text = guardFiles(`cannot read ${file}`, () => fs.readFileSync(file, 'utf8'));
  return parseManifest(text, file);
}
