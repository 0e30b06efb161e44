import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Store } from './store.ts';

/** Folders of runs on their way out for good; a crash may leave one. */
export const DELETED_PREFIX = '.deleted-';

/**
 * Puts right what a host left that ended without closing. Only the holder of the lock may call it: then no run can be
 * live and no search can go on, whatever their rows say.
 */
export function repairStore(store: Store, at: string): void {
  store.transaction(() => {
    for (const run of store.runs.live()) {
      const reason =
        run.status === 'running'
          ? 'Bitsmith ended without closing while the run was going (crash, kill or power loss); resume it from its last checkpoint'
          : 'Bitsmith ended without closing while the run was waiting; resume it';
      store.runs.setStatus(run.id, 'crashed', { at, reason });
      store.events.add(run.id, { at, level: 'error', message: reason });
    }
    for (const { id } of store.searches.running()) {
      const reason =
        'Bitsmith ended without closing while the search was going (crash, kill or power loss); resume it';
      store.searches.setStatus(id, 'crashed', { at, reason });
    }
  });
  settleLeftovers(store);
}

/** The row decides: where it is still there, the run was not deleted, and gets its files back. */
function settleLeftovers({ folder, runs }: Store): void {
  for (const name of fs.existsSync(folder.runs) ? fs.readdirSync(folder.runs) : []) {
    if (!name.startsWith(DELETED_PREFIX)) continue;
    const leftover = path.join(folder.runs, name);
    const run = name.slice(DELETED_PREFIX.length);
    const home = path.join(folder.runs, run);
    try {
      if (runs.exists(run) && !fs.existsSync(home)) fs.renameSync(leftover, home);
      else fs.rmSync(leftover, { recursive: true, force: true });
    } catch {
      // the next start tries again
    }
  }
}
