import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { BitsmithError } from '#shared/base/errors.ts';
import type { CheckpointRecord } from '#shared/run/record.ts';
import { checkpointFile, runFolder, type DataFolder } from '#main/platform/data-folder.ts';
import { fileError } from '#main/platform/files.ts';

/** The name of the file that a run started from another one keeps in its own folder. */
export const STARTING_FILE = /^initial-[0-9a-f]{16}\.safetensors$/;

/** What is wrong with a checkpoint's file, or null when its bytes are those that were written. */
export async function checkpointDamage(folder: DataFolder, record: CheckpointRecord): Promise<string | null> {
  const file = checkpointFile(folder, record.run, record.id);
  try {
    const { size } = fs.statSync(file);
    if (size !== record.bytes) return `${file} has ${size} bytes instead of ${record.bytes}`;
    const hash = createHash('sha256');
    await pipeline(fs.createReadStream(file, { highWaterMark: 1 << 20 }), hash);
    return hash.digest('hex') === record.sha256
      ? null
      : `${file} does not have the SHA-256 that was recorded`;
  } catch (error) {
    const clear = fileError(error, `cannot read ${file}`);
    if (clear instanceof BitsmithError && clear.code === 'not-found') return `${file} is missing`;
    throw clear;
  }
}

/** @throws BitsmithError `corrupt` when the id could leave the run's folder or the file is not there as described */
export function assertCheckpointWritten(folder: DataFolder, record: CheckpointRecord): void {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(record.id)) {
    throw new BitsmithError('corrupt', `"${record.id}" is no name for a checkpoint`);
  }
  const file = checkpointFile(folder, record.run, record.id);
  const size = fs.statSync(file, { throwIfNoEntry: false })?.size;
  if (size !== record.bytes) {
    const found = size === undefined ? 'is missing' : `has ${size} bytes instead of ${record.bytes}`;
    throw new BitsmithError('corrupt', `checkpoint ${record.id} was reported, but ${file} ${found}`, {
      file,
    });
  }
}

/**
 * Removes from a run's folder the checkpoint files, whole and unfinished, that no record names, but not what it started
 * from. Only while no process
 * works on the run. A file that cannot be removed stays: it costs room and does no harm.
 */
export function removeStrayFiles(
  folder: DataFolder,
  run: string,
  records: readonly CheckpointRecord[],
): void {
  const at = runFolder(folder, run);
  const keep = (name: string) => STARTING_FILE.test(name) || named.has(name);
  const named = new Set(records.map(({ id }) => path.basename(checkpointFile(folder, run, id))));
  for (const name of fs.existsSync(at) ? fs.readdirSync(at) : []) {
    const stray = name.endsWith('.safetensors') ? !keep(name) : name.endsWith('.tmp');
    if (stray) removeQuietly(path.join(at, name));
  }
}

export function removeCheckpointFiles(folder: DataFolder, records: readonly CheckpointRecord[]): void {
  for (const { run, id } of records) removeQuietly(checkpointFile(folder, run, id));
}

function removeQuietly(file: string): void {
  try {
    fs.rmSync(file, { force: true });
  } catch {
    // no longer named by the store; the next resume tries again
  }
}
