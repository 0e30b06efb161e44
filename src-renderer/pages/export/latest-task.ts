import { toErrorData, type ErrorData } from '#shared/base/errors.ts';
import type { Clock } from '../../composables/refresher.ts';

/** How far the answer to the last question is. */
export interface LatestState<T> {
  /** The last answer; it stays while a newer one is computed. */
  data: T | null;
  /** Why the last question has no answer; null once it has one, or while nobody knows. */
  error: ErrorData | null;
  /** Whether a newer answer is on its way. */
  busy: boolean;
  /** The task that computes it, once the host has taken it on. */
  task: string | undefined;
}

export interface LatestTask<I> {
  /** Asks after a quiet moment; whatever was asked before is cancelled and its answer ignored. */
  ask(input: I): void;
  /** Gives up what is on its way; the last answer stays. */
  cancel(): void;
  /** Forgets everything. */
  clear(): void;
}

const realClock: Clock = {
  now: () => performance.now(),
  after: (ms, work) => setTimeout(work, ms),
  cancel: (timer) => clearTimeout(timer),
};

/** A question that takes the host a task to answer and is asked again while a person changes it: the last one counts. */
export function createLatestTask<I, T>(
  host: {
    start(input: I): Promise<{ task: string }>;
    finished(task: string): Promise<T>;
    cancel(task: string): void;
  },
  tell: (state: LatestState<T>) => void,
  quietMs: number,
  clock: Clock = realClock,
): LatestTask<I> {
  let state: LatestState<T> = { data: null, error: null, busy: false, task: undefined };
  let generation = 0;
  let timer: unknown;

  function become(change: Partial<LatestState<T>>): void {
    state = { ...state, ...change };
    tell(state);
  }

  /** Makes everything that is on its way a thing of the past. */
  function supersede(): number {
    if (timer !== undefined) clock.cancel(timer as never);
    timer = undefined;
    if (state.task) host.cancel(state.task);
    return ++generation;
  }

  async function compute(input: I, mine: number): Promise<void> {
    timer = undefined;
    try {
      const { task } = await host.start(input);
      if (mine !== generation) {
        host.cancel(task);
        return;
      }
      become({ task });
      const data = await host.finished(task);
      if (mine === generation) become({ data, error: null, busy: false, task: undefined });
    } catch (error) {
      if (mine === generation) become({ error: toErrorData(error), busy: false, task: undefined });
    }
  }

  return {
    ask: (input) => {
      const mine = supersede();
      become({ busy: true, task: undefined });
      timer = clock.after(quietMs, () => void compute(input, mine));
    },
    cancel: () => {
      supersede();
      become({ busy: false, task: undefined });
    },
    clear: () => {
      supersede();
      become({ data: null, error: null, busy: false, task: undefined });
    },
  };
}
