import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { BundleFile } from '#shared/export/emit/types.ts';

const run = promisify(execFile);

/** Ignored by git. */
const CACHE = fileURLToPath(new URL('../../.cache/firmware-objects', import.meta.url));

export interface ObjectRequest {
  compiler: string;
  flags: readonly string[];
  /** Files of bundles, `runtime/…` among them. */
  files: readonly BundleFile[];
}

/**
 * The runtime of bundles as objects, each compiled once for a compiler and its flags and kept in `.cache`: many networks
 * share them, and the next run of the tests, too. What an object depends on is in its name.
 *
 * @returns absolute paths
 */
export async function runtimeObjects({ compiler, flags, files }: ObjectRequest): Promise<string[]> {
  const runtime = new Map(
    files.filter((file) => file.path.startsWith('runtime/')).map((file) => [file.path, file]),
  );
  const headers = [...runtime.values()].filter((file) => file.path.endsWith('.h'));
  const sources = [...runtime.values()].filter((file) => file.path.endsWith('.c'));
  const { stdout: version } = await run(compiler, ['--version']);
  const common = digest([
    compiler,
    version,
    ...flags,
    ...headers.flatMap((file) => [file.path, file.content]),
  ]);
  const folder = path.join(CACHE, common);
  const objectOf = (file: BundleFile) =>
    path.join(folder, `${path.basename(file.path, '.c')}-${digest([file.content])}.o`);
  const absent = sources.filter((file) => !fs.existsSync(objectOf(file)));
  if (absent.length > 0) {
    fs.mkdirSync(folder, { recursive: true });
    const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'bitsmith-objects-'));
    try {
      writeFiles(scratch, [...runtime.values()]);
      const share = Math.ceil(absent.length / 2);
      await Promise.all(
        [absent.slice(0, share), absent.slice(share)].map(async (part, index) => {
          if (part.length === 0) return;
          const cwd = path.join(scratch, `part-${index}`);
          fs.mkdirSync(cwd);
          const names = part.map((file) => path.join(scratch, file.path));
          await run(compiler, [...flags, `-I${scratch}/runtime/include`, '-c', ...names], { cwd });
          for (const file of part) {
            fs.renameSync(path.join(cwd, `${path.basename(file.path, '.c')}.o`), objectOf(file));
          }
        }),
      );
    } finally {
      fs.rmSync(scratch, { recursive: true, force: true });
    }
  }
  return sources.map(objectOf);
}

export function writeFiles(folder: string, files: readonly BundleFile[]): void {
  for (const file of files) {
    const full = path.join(folder, file.path);
    fs.mkdirSync(path.dirname(full), { recursive: true });
    fs.writeFileSync(full, file.content);
  }
}

function digest(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 24);
}
