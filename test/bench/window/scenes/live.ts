import * as path from 'node:path';
import { nodeFork } from '#main/jobs/host/index.ts';
import { silentLog } from '#main/platform/log.ts';
import { cornersConfig } from '#test/support/data-folder.ts';
import type { Scene } from './types.ts';

/** A run whose job says a thousand numbers a second, through the process channel and the store of a real one. */
export const liveScene: Scene = {
  trains: true,
  fork: nodeFork({ entry: path.join(import.meta.dirname, 'talking-job.ts'), log: silentLog }),
  fill: () => undefined,
  async start(host) {
    const { id } = await host.services.run.start({ config: cornersConfig({ epochs: 1000 }) });
    return id;
  },
};
