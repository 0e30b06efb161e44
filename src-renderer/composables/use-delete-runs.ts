import { isLive } from '#shared/run/status.ts';
import type { RunSummary } from '#shared/run/record.ts';
import { TRASH_DAYS } from '#shared/run/trash.ts';
import { host } from '../client/index.ts';
import { useToast } from '../components/ui.ts';
import { useRunsStore } from '../stores/runs.ts';
import { useRunTableStore } from '../stores/run-table.ts';
import { useTrashStore } from '../stores/trash.ts';
import { useAction } from './use-action.ts';

/** Deletes runs at once; the notice brings them back. Runs that still train are left alone, and the notice says so. */
export function useDeleteRuns() {
  const runs = useRunsStore();
  const table = useRunTableStore();
  const trash = useTrashStore();
  const toast = useToast();

  const restore = useAction((ids: readonly string[]) => trash.restore(ids), {
    failed: 'The runs could not be brought back',
    done: 'Back again',
  });
  const action = useAction(
    async (chosen: readonly RunSummary[]) => {
      const doomed = chosen.filter((run) => !isLive(run.status));
      const kept = chosen.length - doomed.length;
      // Where nothing can be deleted, the host says why.
      const ids = (doomed.length > 0 ? doomed : chosen).map(({ id }) => id);
      await host.call.run.delete({ runs: ids });
      const gone = new Set(ids);
      table.choose(table.chosen.filter((id) => !gone.has(id)));
      runs.drop(...ids);
      trash.lastDeleted = ids;
      toast.add({
        title: doomed.length === 1 ? `“${doomed[0]?.name}” deleted` : `${doomed.length} runs deleted`,
        description: [
          kept > 0 ? `${kept} that still ${kept === 1 ? 'trains was' : 'train were'} left alone.` : '',
          `For ${TRASH_DAYS} days they are among the recently deleted runs.`,
        ]
          .filter(Boolean)
          .join(' '),
        icon: 'i-lucide-trash-2',
        color: 'neutral',
        duration: 15_000,
        actions: [
          { label: 'Undo', color: 'neutral', variant: 'outline', onClick: () => void restore.run(ids) },
        ],
      });
    },
    { failed: 'Nothing was deleted' },
  );
  /** Brings back what was deleted last. */
  const undo = () => (trash.lastDeleted.length > 0 ? restore.run(trash.lastDeleted) : Promise.resolve(false));
  return { busy: action.busy, run: action.run, undo };
}
