import { computed, onScopeDispose, shallowRef, watch, type ComputedRef } from 'vue';
import type { ErrorData } from '#shared/base/errors.ts';
import type { Task } from '#shared/contract/api/task.ts';
import { useTasksStore } from '../../stores/tasks.ts';
import { createLatestTask, type LatestState } from './latest-task.ts';

export interface LatestAnswer<T> {
  data: ComputedRef<T | null>;
  error: ComputedRef<ErrorData | null>;
  busy: ComputedRef<boolean>;
  /** With its progress. */
  task: ComputedRef<Task | undefined>;
  /** Asks the same again. */
  again(): void;
  cancel(): void;
}

/**
 * The answer of a task to what `question` says now; asked again when that changes. The old answer stays visible meanwhile,
 * unless it is about something else.
 *
 * @param question null: nothing to ask
 * @param subject what the answer is about: when it changes, the old answer goes
 */
export function useLatestTask<I, T>(options: {
  question: () => I | null;
  subject: () => string;
  start: (input: I) => Promise<{ task: string }>;
  quietMs?: number;
}): LatestAnswer<T> {
  const tasks = useTasksStore();
  const state = shallowRef<LatestState<T>>({ data: null, error: null, busy: false, task: undefined });
  const latest = createLatestTask<I, T>(
    {
      start: options.start,
      finished: async (task) => (await tasks.finished(task)) as T,
      // It may have ended by itself meanwhile.
      cancel: (task) => void tasks.cancel(task).catch(() => undefined),
    },
    (now) => (state.value = now),
    options.quietMs ?? 0,
  );
  function ask(): void {
    const question = options.question();
    if (question === null) latest.clear();
    else latest.ask(question);
  }
  watch(options.subject, () => latest.clear(), { flush: 'sync' });
  watch([options.subject, () => JSON.stringify(options.question())], ask, { immediate: true });
  onScopeDispose(() => latest.clear());
  return {
    data: computed(() => state.value.data),
    error: computed(() => state.value.error),
    busy: computed(() => state.value.busy),
    task: computed(() => (state.value.task ? tasks.tasks.get(state.value.task) : undefined)),
    again: ask,
    cancel: () => latest.cancel(),
  };
}
