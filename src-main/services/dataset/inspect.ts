import * as path from 'node:path';
import { toErrorData } from '#shared/base/errors.ts';
import { IMPORT_KINDS, type ImportPlan } from '#shared/contract/api/dataset.ts';
import { suggestedName } from '#shared/dataset/name.ts';
import { datasetFormat } from '#shared/dataset/sources/index.ts';
import { lookAtPlace } from './folder/place.ts';

const LISTED = 20;
const LISTED_FILES = 100;

/**
 * What could be imported from a place: for each kind the files that it would read, or what is missing. Reads names and
 * sizes only.
 *
 * @param taken whether a data set of this name cannot be installed
 * @throws BitsmithError `not-found` when there is nothing, `io`, `corrupt` for a damaged archive
 */
export async function inspectPlace(given: string, taken: (name: string) => boolean): Promise<ImportPlan> {
  const { where, files } = await lookAtPlace(given);
  const names = files.map(({ name }) => name);
  const sizes = new Map(files.map(({ name, bytes }) => [name, bytes]));
  return {
    path: path.resolve(given),
    where,
    files: files.length,
    names: names.slice(0, LISTED),
    name: freeName(suggestedName(given), taken),
    kinds: IMPORT_KINDS.map((kind) => {
      const format = datasetFormat(kind);
      try {
        const plan = format.plan(names, where);
        return {
          kind,
          title: format.title,
          reason: null,
          count: plan.length,
          files: plan.slice(0, LISTED_FILES).map(({ name, encoding, split, part }) => ({
            name,
            encoding,
            split,
            part,
            bytes: sizes.get(name) ?? 0,
          })),
        };
      } catch (error) {
        return { kind, title: format.title, reason: toErrorData(error).message, count: 0, files: [] };
      }
    }),
  };
}

function freeName(wanted: string, taken: (name: string) => boolean): string {
  if (!taken(wanted)) return wanted;
  for (let i = 2; ; i++) {
    const name = `${wanted.slice(0, 58)}-${i}`;
    if (!taken(name)) return name;
  }
}
