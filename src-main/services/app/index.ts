import * as os from 'node:os';
import type { ServiceOf } from '#shared/contract/api.ts';
import type { appApi } from '#shared/contract/api/app.ts';
import { applicationVersion } from '#main/platform/application.ts';
import type { DataFolder } from '#main/platform/data-folder.ts';
import { bytesOf } from '#main/platform/folder-size.ts';
import { lastLines } from '#main/platform/last-lines.ts';
import { createToolchain } from '#main/toolchain/index.ts';

/** What the program is, where its data lies, and what it has to work with. */
export function createAppService(
  folder: DataFolder,
  shell: 'electron' | 'browser',
): ServiceOf<typeof appApi> {
  return {
    info: () => ({
      version: applicationVersion(),
      dataFolder: folder.root,
      platform: `${process.platform} ${process.arch}`,
      node: process.version,
      shell,
    }),
    async diagnostics({ lines }) {
      const parts = [
        { name: 'Runs', path: folder.runs },
        { name: 'Data sets', path: folder.datasets },
        { name: 'Firmware bundles', path: folder.bundles },
        { name: 'Store', path: folder.database },
        { name: 'Logs', path: folder.logs },
      ];
      const [programs, sizes] = await Promise.all([
        createToolchain().all(),
        Promise.all(parts.map(async (part) => ({ ...part, bytes: await bytesOf(part.path) }))),
      ]);
      const [processor] = os.cpus();
      return {
        programs: programs.map((found) => ({
          id: found.id,
          version: found.available ? found.version : null,
          path: found.available ? found.path : null,
          remedy: found.remedy,
        })),
        sizes,
        memory: { total: os.totalmem(), free: os.freemem() },
        processors: `${os.cpus().length} × ${processor?.model.trim() ?? 'unknown'}`,
        logFolder: folder.logs,
        log: await lastLines(`${folder.logs}/bitsmith.log`, lines),
      };
    },
  };
}
