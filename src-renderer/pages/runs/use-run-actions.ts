import { useRouter } from 'vue-router';
import { runField } from '#shared/run/filter/fields.ts';
import { isLive } from '#shared/run/status.ts';
import type { RunSummary } from '#shared/run/record.ts';
import { host } from '../../client/index.ts';
import { useToast } from '../../components/ui.ts';
import { useAction } from '../../composables/use-action.ts';
import { useDeleteRuns } from '../../composables/use-delete-runs.ts';
import { useForkRun } from '../../composables/use-fork-run.ts';
import { useCompareStore } from '../../stores/compare.ts';
import { useRunTableStore } from '../../stores/run-table.ts';
import { useRunsStore } from '../../stores/runs.ts';
import { toggleBaseline } from '../../stores/selection.ts';
import { EDITABLE, type EditableField } from './editable.ts';

export type RunActions = ReturnType<typeof useRunActions>;

/** What is done to one run or to all that are chosen, from the menu of a row, the bar above the table and by keys. */
export function useRunActions(dialogs: { editAll(run: RunSummary): void; tag(runs: RunSummary[]): void }) {
  const router = useRouter();
  const runs = useRunsStore();
  const table = useRunTableStore();
  const compare = useCompareStore();
  const deletion = useDeleteRuns();
  const fork = useForkRun();
  const toast = useToast();

  const setArchived = useAction(
    async (ids: readonly string[], archived: boolean, undo: boolean) => {
      const changed = await host.call.run.archive({ runs: [...ids], archived });
      if (archived) {
        const gone = new Set(ids);
        table.choose(table.chosen.filter((id) => !gone.has(id)));
      }
      runs.put(...changed);
      const what = changed.length === 1 ? `“${changed[0]?.name}”` : `${changed.length} runs`;
      toast.add({
        title: `${what} ${archived ? 'archived' : 'taken out of the archive'}`,
        icon: archived ? 'i-lucide-archive' : 'i-lucide-archive-restore',
        color: 'neutral',
        ...(undo
          ? {
              duration: 15_000,
              actions: [
                {
                  label: 'Undo',
                  color: 'neutral' as const,
                  variant: 'outline' as const,
                  onClick: () => void setArchived.run(ids, !archived, false),
                },
              ],
            }
          : {}),
      });
    },
    { failed: 'The archive was not changed' },
  );

  /** Into the archive; when all of them are there already, out of it. */
  function archive(some: readonly RunSummary[]): Promise<boolean> {
    if (some.length === 0) return Promise.resolve(false);
    const ids = some.filter((run) => !run.archived).map(({ id }) => id);
    return ids.length > 0
      ? setArchived.run(ids, true, true)
      : setArchived.run(
          some.map(({ id }) => id),
          false,
          true,
        );
  }

  function chosen(): RunSummary[] {
    return table.chosen.flatMap((id) => runs.byId.get(id) ?? []);
  }
  /** The chosen runs when this is one of them, else this alone. */
  function meant(run: RunSummary): RunSummary[] {
    return table.isChosen.has(run.id) ? chosen() : [run];
  }

  async function copyId(run: RunSummary): Promise<void> {
    await navigator.clipboard.writeText(run.id);
    toast.add({ title: 'The id is copied', icon: 'i-lucide-check', color: 'success' });
  }

  /** Entries of a row's menu. Those below the line are about all chosen runs when the row is one of them. */
  function menu(run: RunSummary, edit: (field: EditableField) => void) {
    const some = meant(run);
    const all = some.length > 1 ? ` ${some.length} runs` : '';
    const deletable = some.some(({ status }) => !isLive(status));
    const parent = run.parent === null ? undefined : runs.byId.get(run.parent);
    return [
      [
        {
          label: 'Open',
          icon: 'i-lucide-square-arrow-out-up-right',
          onSelect: () => void router.push(`/runs/${run.id}`),
        },
        {
          label: table.isChosen.has(run.id) ? 'Do not compare' : 'Compare',
          icon: 'i-lucide-chart-spline',
          kbds: ['Space'],
          onSelect: () => table.toggle(run.id),
        },
        ...(table.isChosen.has(run.id) && compare.selection.runs.includes(run.id)
          ? [
              {
                label: compare.selection.baseline === run.id ? 'No baseline' : 'Pin as baseline',
                icon: compare.selection.baseline === run.id ? 'i-lucide-pin-off' : 'i-lucide-pin',
                onSelect: () => (compare.selection = toggleBaseline(compare.selection, run.id)),
              },
            ]
          : []),
        {
          label: 'New run from this',
          icon: 'i-lucide-git-fork',
          onSelect: () => void fork.run(run.id, null),
        },
        ...(parent
          ? [
              {
                label: `Open ${runField('parent')?.title.toLowerCase()}`,
                icon: 'i-lucide-corner-left-up',
                onSelect: () => void router.push(`/runs/${parent.id}`),
              },
            ]
          : []),
        { label: 'Copy id', icon: 'i-lucide-copy', onSelect: () => void copyId(run) },
      ],
      (['name', 'tag', 'notes'] as const).map((field) => ({
        label: `Edit ${EDITABLE[field].title.toLowerCase()}`,
        icon: { name: 'i-lucide-pencil', tag: 'i-lucide-tag', notes: 'i-lucide-notebook-pen' }[field],
        kbds: [EDITABLE[field].key],
        onSelect: () => edit(field),
      })),
      [
        ...(all === ''
          ? []
          : [{ label: `Tag${all}`, icon: 'i-lucide-tags', onSelect: () => dialogs.tag(some) }]),
        {
          label: `${some.every(({ archived }) => archived) ? 'Unarchive' : 'Archive'}${all}`,
          icon: 'i-lucide-archive',
          kbds: ['E'],
          onSelect: () => void archive(some),
        },
        {
          label: `Delete${all}`,
          icon: 'i-lucide-trash-2',
          color: 'error' as const,
          kbds: ['Delete'],
          disabled: !deletable,
          onSelect: () => void deletion.run(some),
        },
      ],
    ];
  }

  return {
    chosen,
    meant,
    menu,
    archive,
    archiving: setArchived.busy,
    remove: (some: readonly RunSummary[]) => (some.length > 0 ? deletion.run(some) : Promise.resolve(false)),
    removing: deletion.busy,
    undoDelete: deletion.undo,
    editAll: dialogs.editAll,
    tag: dialogs.tag,
  };
}
