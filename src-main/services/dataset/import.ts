import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { BitsmithError } from '#shared/base/errors.ts';
import { DATASET_NAME } from '#shared/dataset/name.ts';
import { datasetFormat } from '#shared/dataset/sources/index.ts';
import type { DatasetInfo } from '#shared/dataset/types.ts';
import type { IMPORT_KINDS } from '#shared/contract/api/dataset.ts';
import { guardFiles } from '#main/platform/files.ts';
import { catalogue } from './catalogue/index.ts';
import { buildDataset } from './folder/build.ts';
import { isInstalled } from './folder/descriptor.ts';
import { downloadsFolder } from './folder/paths.ts';
import { filesUnder, isArchive, unpackArchive } from './folder/unpack.ts';
import { partOf, type WorkHandle } from './work.ts';

export interface ImportRequest {
  /** A folder, an archive (.tar.gz, .tgz, .tar), or the common beginning of the files' paths. */
  path: string;
  kind: (typeof IMPORT_KINDS)[number];
  name: string;
  classes?: readonly string[] | undefined;
}

/**
 * Makes a data set of files on this machine. The files are left as they are.
 *
 * @throws BitsmithError `conflict` when the name is taken, `not-found` when files are missing, `corrupt` naming file,
 *   byte offset and expectation; nothing is left behind
 */
export async function importDataset(
  dataFolder: string,
  request: ImportRequest,
  work: WorkHandle,
): Promise<DatasetInfo> {
  const { kind, name, classes } = request;
  checkName(dataFolder, name);
  checkClasses(classes);
  const place = await openPlace(dataFolder, request.path, name, work);
  try {
    return await buildDataset(
      dataFolder,
      {
        name,
        title: name,
        source: kind,
        format: datasetFormat(kind),
        folder: place.folder,
        files: place.files,
        where: place.where,
        ...(classes ? { classes } : {}),
        check: () => checkName(dataFolder, name),
      },
      partOf(work, 0.1, 1),
    );
  } finally {
    place.close();
  }
}

function checkName(dataFolder: string, name: string): void {
  if (!DATASET_NAME.test(name)) {
    throw new BitsmithError(
      'invalid-input',
      `"${name}" cannot be a data set's name: it must be lower-case letters, digits and hyphens, at most 63`,
    );
  }
  if (catalogue.some((entry) => entry.name === name)) {
    throw new BitsmithError(
      'conflict',
      `${name} is the name of a data set of the catalogue; choose another name`,
    );
  }
  if (isInstalled(dataFolder, name)) {
    throw new BitsmithError(
      'conflict',
      `there is a data set ${name} already; remove it first or choose another name`,
    );
  }
}

function checkClasses(classes: readonly string[] | undefined): void {
  if (!classes) return;
  if (classes.length < 2 || classes.length > 256) {
    throw new BitsmithError('invalid-input', `a data set has 2 to 256 classes; ${classes.length} were named`);
  }
  const twice = classes.find((label, i) => classes.indexOf(label) !== i || label.trim() === '');
  if (twice !== undefined) {
    throw new BitsmithError('invalid-input', `the class name "${twice}" is empty or occurs twice`);
  }
}

interface Place {
  folder: string;
  files: readonly string[];
  where: string;
  close(): void;
}

async function openPlace(dataFolder: string, given: string, name: string, work: WorkHandle): Promise<Place> {
  const full = path.resolve(given);
  const stat = guardFiles(`cannot read ${full}`, () => fs.statSync(full, { throwIfNoEntry: false }));
  if (stat?.isDirectory()) {
    return { folder: full, files: filesUnder(full, 1), where: `the folder ${full}`, close: () => undefined };
  }
  if (stat?.isFile() && isArchive(full)) {
    const folder = `${downloadsFolder(dataFolder, name)}.${randomBytes(4).toString('hex')}.tmp`;
    const close = () => fs.rmSync(folder, { recursive: true, force: true });
    try {
      work.report(0, 'unpacking');
      await unpackArchive(full, folder, work.signal);
      return { folder, files: filesUnder(folder), where: `the archive ${full}`, close };
    } catch (error) {
      close();
      throw error;
    }
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
  return { folder: parent, files, where: `the prefix ${full}`, close: () => undefined };
}
