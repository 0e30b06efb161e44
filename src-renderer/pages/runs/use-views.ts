import { ref } from 'vue';
import type { RunView } from '#shared/settings/settings.ts';
import { useToast } from '../../components/ui.ts';
import { useAction } from '../../composables/use-action.ts';
import { useRunTableStore } from '../../stores/run-table.ts';
import { useSettingsStore } from '../../stores/settings.ts';
import { writeTableState } from '../../stores/table-state.ts';

export const MOST_VIEWS = 200;

/** Saved views of the table: kept with the settings, so that every window has them. */
export function useViews() {
  const table = useRunTableStore();
  const settings = useSettingsStore();
  const toast = useToast();
  /** What the dialog for a name is about; null: it is closed. */
  const naming = ref<{ view: RunView | null } | null>(null);

  const write = useAction((runViews: RunView[]) => settings.change({ runViews }), {
    failed: 'The views were not saved',
  });
  const state = () => writeTableState(table.state);

  /** Why a view cannot have this name; null: it can. */
  function nameProblem(name: string, view: RunView | null): string | null {
    const wanted = name.trim();
    if (wanted === '') return 'A view needs a name.';
    if (wanted.length > 100) return 'A name has at most 100 characters.';
    const same = table.views.some(
      (one) => one.id !== view?.id && one.name.toLowerCase() === wanted.toLowerCase(),
    );
    if (same) return `There is a view “${wanted}” already.`;
    return view === null && table.views.length >= MOST_VIEWS ? `At most ${MOST_VIEWS} views are kept.` : null;
  }

  async function saveAs(name: string): Promise<boolean> {
    const view: RunView = { id: crypto.randomUUID(), name: name.trim(), state: state() };
    if (!(await write.run([...table.views, view]))) return false;
    table.beView(view.id);
    return true;
  }
  function rename(view: RunView, name: string): Promise<boolean> {
    return write.run(table.views.map((one) => (one.id === view.id ? { ...one, name: name.trim() } : one)));
  }
  /** The view becomes what the table is now. */
  async function overwrite(view: RunView): Promise<void> {
    const before = view.state;
    const put = (next: RunView['state']) =>
      write.run(table.views.map((one) => (one.id === view.id ? { ...one, state: next } : one)));
    if (!(await put(state()))) return;
    tell(`View “${view.name}” saved`, 'i-lucide-check', () => void put(before));
  }
  async function remove(view: RunView): Promise<void> {
    const at = table.views.findIndex(({ id }) => id === view.id);
    const wasOpen = table.view?.id === view.id;
    if (!(await write.run(table.views.filter(({ id }) => id !== view.id)))) return;
    if (wasOpen) table.beView(null);
    tell(`View “${view.name}” deleted`, 'i-lucide-trash-2', () => {
      void write
        .run([...table.views.slice(0, at), view, ...table.views.slice(at)])
        .then((back) => back && wasOpen && table.beView(view.id));
    });
  }

  function tell(title: string, icon: string, undo: () => void): void {
    toast.add({
      title,
      icon,
      color: 'neutral',
      duration: 15_000,
      actions: [{ label: 'Undo', color: 'neutral', variant: 'outline', onClick: undo }],
    });
  }
  return { naming, busy: write.busy, nameProblem, saveAs, rename, overwrite, remove };
}
