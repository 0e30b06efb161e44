import * as fs from 'node:fs';
import * as path from 'node:path';
import type { BundleFile } from '#shared/export/emit/types.ts';
import { guardFiles } from '#main/platform/files.ts';

/** All text files of `<resources>/runtime`, with forward slashes, sorted by path. */
export function readRuntimeLibrary(resourcesFolder: string): BundleFile[] {
  const root = path.join(resourcesFolder, 'runtime');
  return guardFiles(`cannot read the firmware runtime in ${root}`, () =>
    fs
      .readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .map((file) => ({
        path: path.relative(root, file).split(path.sep).join('/'),
        content: fs.readFileSync(file, 'utf8'),
      }))
      .sort((a, b) => (a.path < b.path ? -1 : 1)),
  );
}
