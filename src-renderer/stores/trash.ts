import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import { toErrorData, type ErrorData } from '#shared/base/errors.ts';
import type { DeletedRun } from '#shared/contract/api/run.ts';
import { host } from '../client/index.ts';
import { useRunsStore } from './runs.ts';

/** Runs that were deleted and can still be brought back. Only asked for while it is looked at. */
export const useTrashStore = defineStore('trash', () => {
  const runs = useRunsStore();
  const data = shallowRef<readonly DeletedRun[]>([]);
  const state = ref<'loading' | 'ready' | 'error'>('loading');
  const error = shallowRef<ErrorData | null>(null);
  /** What an undo brings back. */
  const lastDeleted = shallowRef<readonly string[]>([]);

  async function load(): Promise<void> {
    try {
      data.value = await host.call.run.deleted({});
      state.value = 'ready';
      error.value = null;
    } catch (failure) {
      error.value = toErrorData(failure);
      state.value = 'error';
    }
  }

  function forget(ids: readonly string[]): void {
    const gone = new Set(ids);
    data.value = data.value.filter(({ run }) => !gone.has(run.id));
    lastDeleted.value = lastDeleted.value.filter((id) => !gone.has(id));
  }

  async function restore(ids: readonly string[]): Promise<void> {
    const back = await host.call.run.restore({ runs: [...ids] });
    runs.put(...back);
    forget(ids);
  }

  async function purge(ids: readonly string[]): Promise<void> {
    try {
      await host.call.run.purge({ runs: [...ids] });
      forget(ids);
    } catch (failure) {
      await load();
      throw failure;
    }
  }
  return { data, state, error, lastDeleted, load, restore, purge };
});
