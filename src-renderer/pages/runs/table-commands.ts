import { useRunTableStore } from '../../stores/run-table.ts';
import type { Command } from '../../stores/commands.ts';
import { useTrashStore } from '../../stores/trash.ts';
import type { RunActions } from './use-run-actions.ts';

interface TableCommands {
  actions: RunActions;
  focusFilter(): void;
  saveView(): void;
  openColumns(): void;
  openDeleted(): void;
}

/** Commands of the table, for the palette, their keys and the list of shortcuts. */
export function tableCommands({ actions, ...page }: TableCommands): Command[] {
  const table = useRunTableStore();
  const trash = useTrashStore();
  const none = table.chosen.length === 0;
  const onRow = (id: string, label: string, icon: string, keys: string[], run: () => void): Command => ({
    id,
    label,
    icon,
    keys,
    local: true,
    hidden: none,
    disabled: none,
    run,
  });
  return [
    {
      id: 'runs-filter',
      label: 'Filter the runs',
      icon: 'i-lucide-list-filter',
      keys: ['/'],
      run: page.focusFilter,
    },
    {
      id: 'runs-undo-delete',
      label: 'Undo the last deletion',
      icon: 'i-lucide-undo-2',
      keys: ['ctrl', 'z'],
      disabled: trash.lastDeleted.length === 0,
      run: () => void actions.undoDelete(),
    },
    { id: 'runs-save-view', label: 'Save the view…', icon: 'i-lucide-bookmark-plus', run: page.saveView },
    { id: 'runs-columns', label: 'Choose columns', icon: 'i-lucide-columns-3', run: page.openColumns },
    { id: 'runs-deleted', label: 'Recently deleted runs', icon: 'i-lucide-trash-2', run: page.openDeleted },
    {
      id: 'runs-archived',
      label: table.state.archived === 'hide' ? 'Show archived runs' : 'Hide archived runs',
      icon: 'i-lucide-archive',
      run: () => table.change({ archived: table.state.archived === 'hide' ? 'show' : 'hide' }),
    },
    ...table.views.map((view) => ({
      id: `runs-view-${view.id}`,
      label: `View: ${view.name}`,
      icon: 'i-lucide-bookmark',
      run: () => table.openView(view.id),
    })),
    {
      id: 'runs-select-all',
      label: 'Select all runs of the table',
      icon: 'i-lucide-list-checks',
      keys: ['ctrl', 'a'],
      local: true,
      run: () => table.choose(table.shown.map(({ id }) => id)),
    },
    onRow('runs-tag', 'Tag the selected runs', 'i-lucide-tags', ['t'], () => actions.tag(actions.chosen())),
    onRow('runs-archive', 'Archive the selected runs', 'i-lucide-archive', ['e'], () => {
      void actions.archive(actions.chosen());
    }),
    onRow('runs-delete', 'Delete the selected runs', 'i-lucide-trash-2', ['delete'], () => {
      void actions.remove(actions.chosen());
    }),
  ];
}
