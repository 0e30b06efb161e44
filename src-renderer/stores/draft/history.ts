/** One state that can be gone back to, and what was done to leave it. */
interface Step<T> {
  /** What the change is called in the undo button, e.g. `Insert Conv2D`. */
  title: string;
  /** The state before it. */
  state: T;
  /** Changes with the same key that follow each other at once (typing, dragging) are one step. */
  merge: string | null;
  at: number;
}

/** Undo and redo without limit: states are kept whole and share what does not change. */
export interface History<T> {
  present: T;
  past: readonly Step<T>[];
  future: readonly Step<T>[];
}

/** Changes of one field further apart than this are two steps. */
export const MERGE_MILLISECONDS = 1500;

export function startHistory<T>(present: T): History<T> {
  return { present, past: [], future: [] };
}

/** The state after a change. `merge`: key under which changes in quick succession become one step. */
export function change<T>(
  history: History<T>,
  title: string,
  present: T,
  { merge = null, at }: { merge?: string | null; at: number },
): History<T> {
  const last = history.past.at(-1);
  const joins = merge !== null && last?.merge === merge && at - last.at < MERGE_MILLISECONDS;
  const past = joins
    ? [...history.past.slice(0, -1), { ...last, at }]
    : [...history.past, { title, state: history.present, merge, at }];
  return { present, past, future: [] };
}

export function undo<T>({ present, past, future }: History<T>): History<T> {
  const last = past.at(-1);
  if (!last) return { present, past, future };
  return {
    present: last.state,
    past: past.slice(0, -1),
    future: [...future, { ...last, state: present, merge: null }],
  };
}

export function redo<T>({ present, past, future }: History<T>): History<T> {
  const next = future.at(-1);
  if (!next) return { present, past, future };
  return {
    present: next.state,
    past: [...past, { ...next, state: present }],
    future: future.slice(0, -1),
  };
}
