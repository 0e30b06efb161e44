import { onScopeDispose } from 'vue';
import { useCommandsStore, type Command } from '../stores/commands.ts';

/** Puts the actions of a page (or of a part of one) into the command palette and onto their keys, while it is shown. */
export function usePageCommands(label: string, commands: () => readonly Command[]): void {
  const store = useCommandsStore();
  onScopeDispose(store.add(() => [{ id: `page-${label}`, label, items: commands() }]));
}
