import { computed, reactive } from 'vue';
import { toErrorData, type ErrorData } from '#shared/base/errors.ts';
import type { Task } from '#shared/contract/api/task.ts';
import { host } from '../client/index.ts';
import { useDatasetsStore } from '../stores/datasets.ts';
import { useInstalledStore } from '../stores/installed.ts';
import { useTasksStore } from '../stores/tasks.ts';

/** Failures that came before there was a task; known to every part of the window that offers the download. */
const refused = reactive(new Map<string, ErrorData>());

/** Downloads of the catalogue, several at once: what runs, and how the last try of each ended. */
export function useGetDataset() {
  const datasets = useDatasetsStore();
  const installed = useInstalledStore();
  const tasks = useTasksStore();
  const last = computed(() => {
    const byName = new Map<string, Task>();
    for (const task of tasks.tasks.values()) {
      const name = task.labels.dataset;
      const known = name === undefined ? undefined : byName.get(name);
      if (name !== undefined && (!known || known.startedAt <= task.startedAt)) byName.set(name, task);
    }
    return byName;
  });

  async function get(name: string): Promise<void> {
    refused.delete(name);
    try {
      const { task } = await host.call.dataset.get({ name });
      // How it ends is shown from the task itself.
      await tasks.finished(task).catch(() => undefined);
      await Promise.all([datasets.refresh(), installed.refresh()]);
    } catch (error) {
      refused.set(name, toErrorData(error));
    }
  }

  /** Why the last try did not end well; null when it did, or when it is still at work. */
  function problemOf(name: string): ErrorData | null {
    const task = last.value.get(name);
    return refused.get(name) ?? (task && task.state !== 'running' ? task.error : null);
  }

  return {
    get,
    problemOf,
    running: (name: string) => tasks.runningFor('dataset', name),
    cancel: tasks.cancel,
  };
}
