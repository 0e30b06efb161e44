import * as fs from 'node:fs';
import { BitsmithError } from '#shared/base/errors.ts';
import { nearest, parseWith } from '#shared/base/schema.ts';
import { DatasetInfoSchema } from '#shared/contract/api/dataset.ts';
import { DATASET_NAME } from '#shared/dataset/name.ts';
import type { DatasetInfo } from '#shared/dataset/types.ts';
import { guardFiles } from '#main/platform/files.ts';
import { catalogue } from '../catalogue/index.ts';
import {
  datasetFolder,
  datasetsFolder,
  descriptorPath,
  SAMPLE_FILES,
  samplePath,
  type SampleFile,
} from './paths.ts';

/** All installed data sets by name. A folder that is no whole data set is left out; `readDatasetInfo` says why. */
export function listDatasets(dataFolder: string): DatasetInfo[] {
  return installedNames(dataFolder).flatMap((name) => {
    try {
      return [readDatasetInfo(dataFolder, name)];
    } catch (error) {
      if (error instanceof BitsmithError && error.code === 'corrupt') return [];
      throw error;
    }
  });
}

function installedNames(dataFolder: string): string[] {
  const folder = datasetsFolder(dataFolder);
  if (!fs.existsSync(folder)) return [];
  return guardFiles(`cannot read ${folder}`, () => fs.readdirSync(folder))
    .filter((name) => isInstalled(dataFolder, name))
    .sort();
}

/** True when a data set of that name is there, whole or not. */
export function isInstalled(dataFolder: string, name: string): boolean {
  // A name that is none must not lead out of the data folder.
  return DATASET_NAME.test(name) && fs.existsSync(descriptorPath(datasetFolder(dataFolder, name)));
}

/**
 * The descriptor of an installed data set.
 *
 * @throws BitsmithError `not-found` saying how to get it, `corrupt` when the descriptor or a sample file is damaged
 */
export function readDatasetInfo(dataFolder: string, name: string): DatasetInfo {
  const folder = datasetFolder(dataFolder, name);
  const file = descriptorPath(folder);
  if (!isInstalled(dataFolder, name)) throw notInstalled(dataFolder, name);
  const text = guardFiles(`cannot read ${file}`, () => fs.readFileSync(file, 'utf8'));
  const info = parseDescriptor(text, file, name);
  for (const part of SAMPLE_FILES) {
    const expected = sampleBytes(info, part);
    const found = fs.statSync(samplePath(folder, part), { throwIfNoEntry: false })?.size;
    if (found !== expected) {
      throw damaged(name, `${samplePath(folder, part)} has ${found ?? 'no'} bytes instead of ${expected}`);
    }
  }
  return info;
}

function parseDescriptor(text: string, file: string, name: string): DatasetInfo {
  try {
    const info = parseWith(DatasetInfoSchema, JSON.parse(text), file);
    if (info.name === name) return info;
  } catch {
    // the reason does not matter to a person: the file is ours, and only ours
  }
  throw damaged(name, `${file} is not a descriptor of ${name}`);
}

/** How long a file of an installed set must be. */
export function sampleBytes(info: DatasetInfo, part: SampleFile): number {
  const count = part.startsWith('train') ? info.train : info.test;
  const [height, width, channels] = info.shape;
  return part.endsWith('labels') ? count : count * height * width * channels;
}

export function damaged(name: string, what: string): BitsmithError {
  const again = catalogue.some((entry) => entry.name === name)
    ? `run \`bitsmith datasets get ${name}\` to get it again`
    : 'remove it and import it again';
  return new BitsmithError('corrupt', `the data set ${name} is damaged: ${what}; ${again}`, {
    dataset: name,
  });
}

function notInstalled(dataFolder: string, name: string): BitsmithError {
  if (catalogue.some((entry) => entry.name === name)) {
    return new BitsmithError(
      'not-found',
      `the data set ${name} is not here yet; run \`bitsmith datasets get ${name}\``,
      {
        dataset: name,
      },
    );
  }
  const names = [...new Set([...catalogue.map((entry) => entry.name), ...installedNames(dataFolder)])];
  const close = nearest(name, names);
  return new BitsmithError(
    'not-found',
    `there is no data set ${name}.${close ? ` Did you mean "${close}"?` : ''} There are: ${names.join(', ')}; ` +
      `\`bitsmith datasets import\` adds your own`,
    { dataset: name },
  );
}
