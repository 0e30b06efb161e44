import { toErrorData } from '#shared/base/errors.ts';
import type { Draft } from '#shared/draft/draft.ts';

/** `conflict`: another window changed the same draft; `failed`: the host could not be reached, or not write. */
export type SaveState = 'saved' | 'saving' | 'failed' | 'conflict';

const QUIET_MILLISECONDS = 300;

/** Keeps the newest state of a draft with the host: a moment after the last change, one write at a time. */
export function createSaver(options: {
  save: (draft: Draft) => Promise<{ revision: number }>;
  onState: (state: SaveState) => void;
}) {
  let revision = 0;
  let waiting: Draft | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<void> | null = null;
  /** The host's revision of this draft after another window wrote it. */
  let other: number | null = null;
  /** Counts the drafts: an answer about one that was left is of no account. */
  let turn = 0;

  async function write(): Promise<void> {
    const mine = turn;
    while (waiting) {
      const draft = waiting;
      waiting = null;
      try {
        const answer = await options.save({ ...draft, revision });
        if (mine !== turn) return;
        ({ revision } = answer);
      } catch (error) {
        if (mine !== turn) return;
        waiting ??= draft;
        const { code, details } = toErrorData(error);
        if (code === 'conflict' && typeof details?.revision === 'number') other = details.revision;
        options.onState(code === 'conflict' ? 'conflict' : 'failed');
        return;
      }
    }
    options.onState('saved');
  }

  function flush(): Promise<void> {
    clearTimeout(timer);
    if (!waiting || other !== null) return running ?? Promise.resolve();
    if (running) return running;
    const mine = write().finally(() => {
      if (running === mine) running = null;
    });
    running = mine;
    return mine;
  }

  function stop(): void {
    clearTimeout(timer);
    turn++;
    running = null;
    waiting = null;
    other = null;
    options.onState('saved');
  }

  return {
    /** From now on another draft is written, which the host has at this revision. */
    start(at: number): void {
      stop();
      revision = at;
    },
    put(draft: Draft): void {
      waiting = draft;
      if (other !== null) return;
      options.onState('saving');
      clearTimeout(timer);
      timer = setTimeout(() => void flush(), QUIET_MILLISECONDS);
    },
    flush,
    /** After a conflict: this window's state goes over the other's. */
    overwrite(): Promise<void> {
      if (other !== null) revision = other;
      other = null;
      return flush();
    },
    stop,
  };
}
