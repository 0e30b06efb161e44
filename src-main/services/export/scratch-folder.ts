import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { guardFiles } from '#main/platform/files.ts';

/** Runs `work` with an empty folder that is gone afterwards, whatever happens. */
export async function withScratchFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = guardFiles('cannot make a temporary folder', () =>
    fs.mkdtempSync(path.join(os.tmpdir(), 'bitsmith-build-')),
  );
  try {
    return await work(folder);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
