import { MAX_SELECTED, select, type Selection } from './selection.ts';

/** Runs that are chosen in the table: the first of them are side by side, the others wait in `rest`. */
export interface Chosen {
  selection: Selection;
  rest: readonly string[];
}

export function chosenIds({ selection, rest }: Chosen): string[] {
  return [...selection.runs, ...rest];
}

/** Chooses exactly these. Those that are side by side already stay so. */
export function choose({ selection }: Chosen, runs: readonly string[]): Chosen {
  const wanted = new Set(runs);
  const kept = selection.runs.filter((run) => wanted.has(run));
  for (const run of kept) wanted.delete(run);
  const next = [...kept, ...wanted];
  return { selection: select(selection, next.slice(0, MAX_SELECTED)), rest: next.slice(MAX_SELECTED) };
}

export function toggleChosen(chosen: Chosen, run: string): Chosen {
  const all = chosenIds(chosen);
  return choose(chosen, all.includes(run) ? all.filter((other) => other !== run) : [...all, run]);
}
