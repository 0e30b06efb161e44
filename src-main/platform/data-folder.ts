import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { BitsmithError } from '#shared/base/errors.ts';
import { fileError } from './files.ts';

/** Where everything lies that Bitsmith keeps. All paths are absolute. */
export interface DataFolder {
  root: string;
  /** The store: runs, series, events, checkpoints' records, bundles' records. */
  database: string;
  /** Held by the one host that may write. */
  lock: string;
  logs: string;
  /** One folder per run, with its checkpoint files. */
  runs: string;
  datasets: string;
  bundles: string;
}

interface Surroundings {
  platform: NodeJS.Platform;
  env: NodeJS.ProcessEnv;
  home: string;
}

const HINT = 'choose another folder with --data-dir or BITSMITH_DATA_DIR';

/** The folder that is used when nobody names one, by the custom of the operating system. */
export function defaultDataFolder({ platform, env, home }: Surroundings = surroundings()): string {
  if (platform === 'win32') {
    return path.win32.join(env.APPDATA || path.win32.join(home, 'AppData', 'Roaming'), 'Bitsmith');
  }
  if (platform === 'darwin') return path.posix.join(home, 'Library', 'Application Support', 'Bitsmith');
  // The XDG rule: a relative value is to be ignored.
  const xdg = env.XDG_DATA_HOME;
  const base = xdg && path.posix.isAbsolute(xdg) ? xdg : path.posix.join(home, '.local', 'share');
  return path.posix.join(base, 'bitsmith');
}

/** The names inside a data folder: `argument` before `BITSMITH_DATA_DIR` before the default. Touches no disk. */
export function resolveDataFolder(argument?: string, around: Surroundings = surroundings()): DataFolder {
  const root = path.resolve(argument || around.env.BITSMITH_DATA_DIR || defaultDataFolder(around));
  const inside = (name: string): string => path.join(root, name);
  return {
    root,
    database: inside('bitsmith.db'),
    lock: inside('host.lock'),
    logs: inside('logs'),
    runs: inside('runs'),
    datasets: inside('datasets'),
    bundles: inside('bundles'),
  };
}

/**
 * Creates the folder where it is missing and makes sure that it can be written.
 *
 * @throws BitsmithError `invalid-input` when the path is a file, `io` when it cannot be created or written
 */
export function prepareDataFolder(folder: DataFolder): DataFolder {
  refuseFile(folder);
  const probe = path.join(folder.root, `.probe-${randomBytes(4).toString('hex')}`);
  try {
    for (const each of [folder.root, folder.logs, folder.runs, folder.datasets, folder.bundles]) {
      fs.mkdirSync(each, { recursive: true });
    }
    fs.writeFileSync(probe, '', { flag: 'wx' });
    fs.rmSync(probe);
  } catch (error) {
    const clear = fileError(error, `the data folder ${folder.root} cannot be written`);
    if (!(clear instanceof BitsmithError)) throw clear;
    throw new BitsmithError('io', `${clear.message}; ${HINT}`, { folder: folder.root }, { cause: error });
  }
  return folder;
}

/** @throws BitsmithError `invalid-input` when the data folder, or something above it, is a file */
export function refuseFile(folder: DataFolder): void {
  for (let at = folder.root; ; at = path.dirname(at)) {
    const stat = fs.statSync(at, { throwIfNoEntry: false, bigint: false });
    if (stat?.isDirectory()) return;
    if (stat) {
      const what =
        at === folder.root
          ? `the data folder ${at} is a file`
          : `${at}, a part of the data folder's path, is a file`;
      throw new BitsmithError('invalid-input', `${what}, not a folder; ${HINT}`, { folder: folder.root });
    }
    if (path.dirname(at) === at) return;
  }
}

/** The folder of one run's checkpoint files. */
export function runFolder(folder: DataFolder, run: string): string {
  return path.join(folder.runs, run);
}

/** The file of one checkpoint. */
export function checkpointFile(folder: DataFolder, run: string, checkpoint: string): string {
  return path.join(runFolder(folder, run), `${checkpoint}.safetensors`);
}

function surroundings(): Surroundings {
  return { platform: process.platform, env: process.env, home: os.homedir() };
}
