import { randomBytes } from 'node:crypto';
import { BitsmithError, toErrorData } from '#shared/base/errors.ts';
import type { ServiceOf } from '#shared/contract/api.ts';
import type { Task, taskApi } from '#shared/contract/api/task.ts';
import { systemClock, timestamp, type Clock } from '#main/platform/clock.ts';
import { silentLog, type Log } from '#main/platform/log.ts';
import type { Publish } from './publisher.ts';
import type { TaskHandle, TaskRunner } from './types.ts';

interface TaskOptions {
  publish: Publish;
  log?: Log;
  clock?: Clock;
  /** Finished tasks that are remembered. */
  keep?: number;
  /** Shortest time between two pushes of a task's progress. */
  pushMilliseconds?: number;
}

export interface TaskRegistry extends TaskRunner {
  /** The calls of the contract. */
  service: ServiceOf<typeof taskApi>;
  /** Cancels what runs and waits until it is over. */
  dispose(): Promise<void>;
}

interface Entry {
  task: Task;
  abort: AbortController;
  over: Promise<unknown>;
}

/** All long work of one host. */
export function createTaskRegistry(options: TaskOptions): TaskRegistry {
  const { publish, log = silentLog, clock = systemClock, keep = 100, pushMilliseconds = 100 } = options;
  const entries = new Map<string, Entry>();

  function get(id: string): Entry {
    const entry = entries.get(id);
    if (!entry) throw new BitsmithError('not-found', `there is no task ${id}`, { task: id });
    return entry;
  }

  function forgetOld(): void {
    const over = [...entries.values()].filter(({ task }) => task.state !== 'running');
    for (const { task } of over.slice(0, Math.max(0, over.length - keep))) entries.delete(task.id);
  }

  function start<T>(title: string, labels: Record<string, string>, work: (task: TaskHandle) => Promise<T>) {
    const abort = new AbortController();
    const task: Task = {
      id: randomBytes(6).toString('hex'),
      title,
      labels,
      state: 'running',
      progress: null,
      message: '',
      error: null,
      result: null,
      startedAt: timestamp(clock),
      endedAt: null,
    };
    const push = throttle(() => publish('task-changed', { ...task }), pushMilliseconds);
    const handle: TaskHandle = {
      id: task.id,
      signal: abort.signal,
      report(progress, message) {
        if (task.state !== 'running') return;
        task.progress =
          progress === null || !Number.isFinite(progress) ? null : Math.min(1, Math.max(0, progress));
        task.message = message;
        push.soon();
      },
    };
    const finish = (end: Partial<Task>): void => {
      // It becomes the youngest of the finished ones, which are remembered in that order.
      const entry = get(task.id);
      Object.assign(task, end, { endedAt: timestamp(clock) });
      entries.delete(task.id);
      entries.set(task.id, entry);
      forgetOld();
      push.now();
    };
    const done = (async () => {
      try {
        // The caller gets its task before the work begins.
        await Promise.resolve();
        abort.signal.throwIfAborted();
        const result = await work(handle);
        finish({ state: 'succeeded', progress: 1, result: result ?? null });
        return result;
      } catch (error) {
        const cancelled = abort.signal.aborted;
        const data = toErrorData(cancelled ? new BitsmithError('cancelled', `${title}: cancelled`) : error);
        if (data.code === 'internal')
          log.write('error', 'task', `${title}: ${String(data.details?.stack ?? data.message)}`);
        finish({ state: cancelled ? 'cancelled' : 'failed', error: data });
        throw cancelled ? new BitsmithError('cancelled', data.message, undefined, { cause: error }) : error;
      }
    })();
    // Whoever started it may not care; its failure is told through the task.
    done.catch(() => undefined);
    entries.set(task.id, { task, abort, over: done });
    push.now();
    return { task: { ...task }, done };
  }

  return {
    start,
    service: {
      /** Youngest first. */
      list: () =>
        [...entries.values()]
          .map(({ task }) => ({ ...task }))
          .sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1)),
      get: ({ id }) => ({ ...get(id).task }),
      /** Asks; the task says itself when it is over. A finished one stays as it is. */
      cancel({ id }) {
        const entry = get(id);
        if (entry.task.state === 'running') {
          entry.task.message = 'cancelling';
          entry.abort.abort();
        }
        return { ...entry.task };
      },
    },
    async dispose() {
      const running = [...entries.values()].filter(({ task }) => task.state === 'running');
      for (const { abort } of running) abort.abort();
      await Promise.allSettled(running.map(({ over }) => over));
    },
  };
}

/** At most one call per period; the last state is always told. */
function throttle(tell: () => void, milliseconds: number): { soon(): void; now(): void } {
  let timer: NodeJS.Timeout | undefined;
  const now = (): void => {
    clearTimeout(timer);
    timer = undefined;
    tell();
  };
  return {
    soon() {
      timer ??= setTimeout(now, milliseconds);
    },
    now,
  };
}
