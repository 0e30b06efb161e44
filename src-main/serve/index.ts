import { existsSync } from 'node:fs';
import * as path from 'node:path';
import { BitsmithError } from '#shared/base/errors.ts';
import { contract } from '#shared/contract/index.ts';
import { bindServices } from '../ipc/bind-services.ts';
import type { Host } from '../ipc/host-types.ts';
import { startServer, type RunningServer } from './server.ts';

/** Folder of the built window, seen from a checkout (`src-main/serve`) as from the built program (`out/main`). */
export function windowFolder(): string {
  const candidates = ['../../out/renderer', '../renderer', '../../renderer'].map((folder) =>
    path.resolve(import.meta.dirname, folder),
  );
  const found = candidates.find((folder) => existsSync(path.join(folder, 'index.html')));
  if (!found)
    throw new BitsmithError('unavailable', 'the window is not built yet: run `npm run build` first');
  return found;
}

/** Serves a host's window to browsers of this computer. See `startServer`. */
export function serveHost(
  host: Host,
  options: { port?: number; staticFolder?: string } = {},
): Promise<RunningServer> {
  return startServer({
    handle: bindServices(contract, host.services),
    subscribe: (listener) => host.subscribe(listener),
    staticFolder: options.staticFolder ?? windowFolder(),
    port: options.port ?? 0,
  });
}
