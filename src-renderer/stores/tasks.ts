import { defineStore } from 'pinia';
import { computed, onScopeDispose, shallowRef } from 'vue';
import { BitsmithError, fromErrorData } from '#shared/base/errors.ts';
import type { Task } from '#shared/contract/api/task.ts';
import { host } from '../client/index.ts';

/** Long work of the host: downloads, exports, verifications. Pushes carry the whole task. */
export const useTasksStore = defineStore('tasks', () => {
  const tasks = shallowRef(new Map<string, Task>());
  const waiting = new Map<string, { resolve(result: unknown): void; reject(error: Error): void }[]>();

  function accept(task: Task): void {
    // An answer that was on its way when the task ended must not bring it back to life.
    const known = tasks.value.get(task.id);
    if (known && known.state !== 'running' && task.state === 'running') return;
    tasks.value = new Map(tasks.value).set(task.id, task);
    if (task.state === 'running') return;
    const waiters = waiting.get(task.id) ?? [];
    waiting.delete(task.id);
    for (const { resolve, reject } of waiters) {
      if (task.state === 'succeeded') resolve(task.result);
      else
        reject(
          task.error ? fromErrorData(task.error) : new BitsmithError('cancelled', `${task.title}: cancelled`),
        );
    }
  }

  async function refresh(): Promise<void> {
    for (const task of await host.call.task.list({})) accept(task);
  }

  /** The result of a task once it succeeded; rejects with its error. Survives a lost connection. */
  async function finished(id: string): Promise<unknown> {
    const done = new Promise((resolve, reject) =>
      waiting.set(id, [...(waiting.get(id) ?? []), { resolve, reject }]),
    );
    // It may fail while the question below is on its way, before anybody holds this promise.
    done.catch(() => undefined);
    // It may have ended before anybody waited for it.
    accept(await host.call.task.get({ id }));
    return done;
  }

  const stops = [
    host.subscribe('task-changed', accept),
    host.onState((state) => {
      if (state === 'open') refresh().catch(() => undefined);
    }),
  ];
  onScopeDispose(() => stops.forEach((stop) => stop()));
  refresh().catch(() => undefined);

  const running = computed(() => [...tasks.value.values()].filter((task) => task.state === 'running'));
  /** The running task that works for something, e.g. `('dataset', 'mnist')`. */
  function runningFor(label: string, value: string): Task | undefined {
    return running.value.find((task) => task.labels[label] === value);
  }
  return { tasks, running, runningFor, finished, cancel: (id: string) => host.call.task.cancel({ id }) };
});
