import { isLive } from '#shared/run/status.ts';
import type { RunSummary } from '#shared/run/record.ts';
import { host } from '../client/index.ts';
import { useAction } from './use-action.ts';
import { confirmLoss } from './use-confirm.ts';
import { useCompareStore } from '../stores/compare.ts';
import { useRunsStore } from '../stores/runs.ts';
import { select } from '../stores/selection.ts';

/** Deletes runs after a question that says what goes with them. Runs that still train are left alone. */
export function useDeleteRuns() {
  const runs = useRunsStore();
  const compare = useCompareStore();
  const action = useAction(
    async (doomed: readonly RunSummary[]) => {
      for (const run of doomed) {
        await host.call.run.delete({ run: run.id });
        runs.drop(run.id);
        compare.selection = select(
          compare.selection,
          compare.selection.runs.filter((id) => id !== run.id),
        );
      }
    },
    { failed: 'Not everything was deleted', done: 'Deleted' },
  );

  /** Resolves to whether they are gone. */
  async function ask(chosen: readonly RunSummary[]): Promise<boolean> {
    const doomed = chosen.filter((run) => !isLive(run.status));
    const kept = chosen.length - doomed.length;
    const first = doomed[0];
    if (!first) return action.run(chosen);
    const what = doomed.length === 1 ? `“${first.name}”` : `${doomed.length} runs`;
    const still = kept > 0 ? ` ${kept} that still ${kept === 1 ? 'trains is' : 'train are'} left alone.` : '';
    const yes = await confirmLoss({
      title: `Delete ${what}?`,
      text: `The curves, checkpoints and log go with ${doomed.length === 1 ? 'it' : 'them'}. This cannot be undone.${still}`,
      action: doomed.length === 1 ? 'Delete the run' : `Delete ${doomed.length} runs`,
      danger: true,
    });
    return yes ? action.run(doomed) : false;
  }
  return { busy: action.busy, ask };
}
