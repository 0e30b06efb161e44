import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { z } from 'zod';
import { BitsmithError } from '#shared/base/errors.ts';
import { guardFiles } from '#main/platform/files.ts';
import { checkCancelled } from '../work.ts';

/** npm runs here so that no project's settings get in the way. */
interface NpmPlace {
  folder: string;
  signal: AbortSignal;
}

const DistSchema = z.object({ tarball: z.url(), integrity: z.string().optional() });

/**
 * Asks npm, with whatever registry and proxy it is set up for, where a package's tarball is.
 *
 * @throws BitsmithError `unavailable` without npm, `io` when its registry does not answer
 */
export async function npmTarballAddress(name: string, version: string, place: NpmPlace): Promise<string> {
  const text = await npm(['view', `${name}@${version}`, 'dist', '--json'], place, 40_000);
  try {
    return DistSchema.parse(JSON.parse(text)).tarball;
  } catch (cause) {
    throw new BitsmithError('io', `npm does not know where the package ${name}@${version} is`, {}, { cause });
  }
}

/** Lets npm itself download the tarball into the folder; returns its path. */
export async function npmPack(name: string, version: string, place: NpmPlace): Promise<string> {
  const before = new Set(fs.readdirSync(place.folder));
  await npm(['pack', `${name}@${version}`, '--ignore-scripts'], place, 1_800_000);
  const packed = fs.readdirSync(place.folder).find((file) => file.endsWith('.tgz') && !before.has(file));
  if (!packed) throw new BitsmithError('io', `npm pack gave no file for ${name}@${version}`);
  return path.join(place.folder, packed);
}

async function npm(args: readonly string[], { folder, signal }: NpmPlace, timeout: number): Promise<string> {
  checkCancelled(signal);
  guardFiles(`cannot create ${folder}`, () => fs.mkdirSync(folder, { recursive: true }));
  const windows = process.platform === 'win32';
  const quiet = [
    '--fetch-retries=1',
    '--fetch-retry-mintimeout=500',
    '--no-update-notifier',
    '--loglevel=error',
  ];
  return new Promise((resolve, reject) => {
    execFile(
      windows ? 'npm.cmd' : 'npm',
      [...args, ...quiet],
      { cwd: folder, signal, timeout, maxBuffer: 1 << 24, shell: windows, windowsHide: true },
      (error, stdout, stderr) => {
        if (!error) return resolve(stdout);
        if (signal.aborted) return reject(new BitsmithError('cancelled', 'cancelled'));
        if (error.code === 'ENOENT')
          return reject(new BitsmithError('unavailable', 'npm is not installed here'));
        if (error.killed)
          return reject(new BitsmithError('io', `npm did not answer within ${timeout / 1000} s`));
        reject(new BitsmithError('io', `npm ${args[0]} failed: ${npmReason(stderr) || error.message}`));
      },
    );
  });
}

/** The lines of npm's complaint that say something, without the addresses and the log file. */
function npmReason(stderr: string): string {
  return stderr
    .split('\n')
    .map((line) => line.replace(/^npm (error|ERR!)\s?/, '').trim())
    .filter((line) => line !== '' && !/^(A complete log|errno|npm warn|\/|syscall)/i.test(line))
    .map((line) => line.replace(/https?:\/\/\S+/g, 'the registry'))
    .slice(0, 2)
    .join('; ');
}
