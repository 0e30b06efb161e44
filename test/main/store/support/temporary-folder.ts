import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { onTestFinished } from 'vitest';
import { resolveDataFolder, type DataFolder } from '#main/platform/data-folder.ts';

/** An empty folder that goes with the test. */
export function temporaryFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bitsmith-test-'));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

export function temporaryDataFolder(): DataFolder {
  return resolveDataFolder(path.join(temporaryFolder(), 'data'));
}
