import type { RunSummary } from '#shared/run/record.ts';
import type { EditableField } from './editable.ts';
import type { RunActions } from './use-run-actions.ts';

interface Keys {
  table: { runs: readonly RunSummary[]; actions: RunActions };
  chosen(): RunSummary[];
  edit(run: RunSummary, field: EditableField): void;
  choose(ids: readonly string[]): void;
}

/** What a key does on a row of the table, besides moving and selecting. True: it was one of them. */
export function runKey(
  event: KeyboardEvent,
  run: RunSummary,
  { table, chosen, edit, choose }: Keys,
): boolean {
  const command = event.ctrlKey || event.metaKey;
  if (command && event.key.toLowerCase() === 'a') choose(table.runs.map(({ id }) => id));
  else if (command || event.altKey) return false;
  else if (event.key === 'Escape') choose([]);
  else if (event.key === 'Delete') void table.actions.remove(chosen());
  else if (event.key === 'F2') edit(run, 'name');
  else if (event.key === 't') edit(run, 'tag');
  else if (event.key === 'n') edit(run, 'notes');
  else if (event.key === 'e') void table.actions.archive(chosen());
  else return false;
  return true;
}
