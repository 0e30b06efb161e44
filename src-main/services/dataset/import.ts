import { BitsmithError } from '#shared/base/errors.ts';
import { classNamesProblem, DATASET_NAME } from '#shared/dataset/name.ts';
import { configured } from '#shared/dataset/options.ts';
import { datasetFormat } from '#shared/dataset/sources/index.ts';
import type { DatasetInfo } from '#shared/dataset/types.ts';
import type { ImportKind } from '#shared/contract/api/dataset.ts';
import { catalogue } from './catalogue/index.ts';
import { buildDataset } from './folder/build.ts';
import { isInstalled } from './folder/descriptor.ts';
import { openPlace } from './folder/place.ts';
import { partOf, type WorkHandle } from './work.ts';

export interface ImportRequest {
  /** A folder, a file, an archive (.tar.gz, .tgz, .tar), or the common beginning of the files' paths. */
  path: string;
  kind: ImportKind;
  name: string;
  classes?: readonly string[] | undefined;
  /** What the kind lets choose. */
  options?: Record<string, unknown> | undefined;
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
  const { kind, name, classes, options = {} } = request;
  const format = configured(datasetFormat(kind), options);
  checkName(dataFolder, name);
  const problem = classes ? classNamesProblem(classes) : null;
  if (problem) throw new BitsmithError('invalid-input', problem);
  const place = await openPlace(dataFolder, request.path, name, work);
  try {
    return await buildDataset(
      dataFolder,
      {
        name,
        title: name,
        source: kind,
        format,
        options,
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
