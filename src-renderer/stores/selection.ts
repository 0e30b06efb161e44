/** Runs side by side: each keeps its look (colour and dash) for as long as it is selected. */
export interface Selection {
  /** In the order of selection. */
  runs: readonly string[];
  looks: ReadonlyMap<string, number>;
  baseline: string | null;
  hidden: ReadonlySet<string>;
}

export const MAX_SELECTED = 20;
export const EMPTY_SELECTION: Selection = { runs: [], looks: new Map(), baseline: null, hidden: new Set() };

/** Selects exactly these runs, at most `MAX_SELECTED`. A new one takes the lowest look that is free. */
export function select(selection: Selection, runs: readonly string[]): Selection {
  const next = [...new Set(runs)].slice(0, MAX_SELECTED);
  const looks = new Map([...selection.looks].filter(([run]) => next.includes(run)));
  for (const run of next) {
    if (looks.has(run)) continue;
    const taken = new Set(looks.values());
    let look = 0;
    while (taken.has(look)) look++;
    looks.set(run, look);
  }
  return {
    runs: next,
    looks,
    baseline: selection.baseline !== null && next.includes(selection.baseline) ? selection.baseline : null,
    hidden: new Set([...selection.hidden].filter((run) => next.includes(run))),
  };
}

export function toggle(selection: Selection, run: string): Selection {
  const runs = selection.runs.includes(run)
    ? selection.runs.filter((other) => other !== run)
    : [...selection.runs, run];
  return select(selection, runs);
}

export function toggleHidden(selection: Selection, run: string): Selection {
  const hidden = new Set(selection.hidden);
  if (!hidden.delete(run)) hidden.add(run);
  return { ...selection, hidden };
}

/** Pins a run as the one that others are measured against, or takes the pin away. */
export function toggleBaseline(selection: Selection, run: string): Selection {
  return { ...selection, baseline: selection.baseline === run ? null : run };
}
