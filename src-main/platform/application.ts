import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { BitsmithError } from '#shared/base/errors.ts';

/**
 * The folder that holds package.json and resources: found upwards from this file, whether it runs from the sources or
 * from the bundle in `out/main`.
 */
export function applicationFolder(): string {
  let folder = path.dirname(fileURLToPath(import.meta.url));
  for (;;) {
    if (fs.existsSync(path.join(folder, 'package.json')) && fs.existsSync(path.join(folder, 'resources')))
      return folder;
    const parent = path.dirname(folder);
    if (parent === folder) throw new BitsmithError('internal', 'the application folder was not found');
    folder = parent;
  }
}

let version: string | undefined;

export function applicationVersion(): string {
  version ??= readVersion();
  return version;
}

function readVersion(): string {
  const file = path.join(applicationFolder(), 'package.json');
  const content: unknown = JSON.parse(fs.readFileSync(file, 'utf8'));
  return content && typeof content === 'object' && 'version' in content ? String(content.version) : '0.0.0';
}

/** The entry of job processes: the source where we run from sources, else the bundle beside this one. */
export function trainingEntry(): string {
  const here = fileURLToPath(import.meta.url);
  return here.endsWith('.ts')
    ? path.join(applicationFolder(), 'src-main', 'jobs', 'training', 'main.ts')
    : path.join(applicationFolder(), 'out', 'main', 'training.js');
}

/** What ships beside the code: the firmware runtime, icons, examples. */
export function resourcesFolder(): string {
  return path.join(unpacked(applicationFolder()), 'resources');
}

/** An installed application lies in an archive, into which compilers cannot look: what they read lies beside it. */
export function unpacked(folder: string): string {
  return folder.replace(/\bapp\.asar$/, 'app.asar.unpacked');
}
