import { BitsmithError, messageOf } from '#shared/base/errors.ts';
import type { ServiceOf } from '#shared/contract/api.ts';
import type { runApi } from '#shared/contract/api/run.ts';
import { changedTags } from '#shared/run/tags.ts';
import { assertDeletable, timeLeft } from '#shared/run/trash.ts';
import { timestamp, type Clock } from '#main/platform/clock.ts';
import type { Log } from '#main/platform/log.ts';
import { resolveRunId, type Store } from '#main/store/index.ts';
import type { Publish } from '../task/publisher.ts';
import { purgeRun } from './purge-run.ts';

/** Above this, one hint about all runs says it. */
const MOST_HINTS = 20;
const HOUR = 3_600_000;

type Calls = Pick<
  ServiceOf<typeof runApi>,
  'update' | 'delete' | 'restore' | 'purge' | 'archive' | 'tag' | 'deleted'
>;

export interface RunTending extends Calls {
  /** Ends the hourly look into the trash. */
  dispose(): void;
}

interface TendOptions {
  store: Store;
  publish: Publish;
  clock: Clock;
  log: Log;
  /** Whether a run is on its way back to work, though its row does not say so yet. */
  isResuming(run: string): boolean;
}

/**
 * Names, tags, notes, archive and trash of runs. Deleting hides a run at once; its rows and files are kept until its time
 * in the trash is over, and go then, at the latest when the next host starts.
 */
export function tendRuns({ store, publish, clock, log, isResuming }: TendOptions): RunTending {
  function tell(runs: readonly string[]): void {
    for (const run of runs.length > MOST_HINTS ? [null] : runs) publish('runs-changed', { run });
  }
  const resolve = (runs: readonly string[]): string[] => [
    ...new Set(runs.map((given) => resolveRunId(store.runs, given))),
  ];

  /** Applies `change` to all of the runs or to none. */
  function each<T>(ids: readonly string[], change: (run: string) => T): T[] {
    const results = store.transaction(() => ids.map(change));
    tell(ids);
    return results;
  }

  /**
   * Runs of the trash by their ids or a beginning that fits no other there.
   *
   * @throws BitsmithError `not-found`
   */
  function inTrash(given: readonly string[]): string[] {
    const there = store.runs.trashed().map(({ run }) => run.id);
    const known = new Set(there);
    const found = given.map((name) => {
      const fitting = known.has(name) ? [name] : there.filter((id) => id.startsWith(name));
      const [only, ...others] = fitting;
      if (only !== undefined && others.length === 0) return only;
      const problem =
        only === undefined ? 'there is no deleted run' : 'more than one deleted run begins with';
      throw new BitsmithError(
        'not-found',
        `${problem} "${name}"; \`bitsmith runs list --deleted\` shows them`,
        {
          run: name,
        },
      );
    });
    return [...new Set(found)];
  }

  function purgeDue(): void {
    for (const { run, deletedAt } of store.runs.trashed()) {
      if (timeLeft(deletedAt, clock()) > 0) continue;
      try {
        purgeRun(store, run.id);
      } catch (error) {
        log.write('warning', `run ${run.id}`, messageOf(error));
      }
    }
  }
  purgeDue();
  const timer = setInterval(purgeDue, HOUR);
  timer.unref();

  return {
    update({ run, ...change }) {
      const updated = store.runs.update(resolveRunId(store.runs, run), change);
      tell([updated.id]);
      return updated;
    },
    tag({ runs, add, remove }) {
      return each(resolve(runs), (run) =>
        store.runs.update(run, { tags: changedTags(store.runs.get(run), { add, remove }) }),
      );
    },
    archive({ runs, archived }) {
      const at = archived ? timestamp(clock) : null;
      return each(resolve(runs), (run) => store.runs.setArchived(run, at));
    },
    delete({ runs }) {
      const ids = resolve(runs);
      assertDeletable(ids.map((run) => store.runs.get(run)));
      const busy = ids.find(isResuming);
      if (busy !== undefined)
        throw new BitsmithError('conflict', `run ${busy} is being resumed`, { run: busy });
      const at = timestamp(clock);
      each(ids, (run) => store.runs.trash(run, at));
      return {};
    },
    deleted: () => store.runs.trashed(),
    restore: ({ runs }) => each(inTrash(runs), (run) => store.runs.restore(run)),
    purge({ runs }) {
      for (const run of inTrash(runs)) purgeRun(store, run);
      return {};
    },
    dispose: () => clearInterval(timer),
  };
}
