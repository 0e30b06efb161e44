import { computed, ref, shallowRef, watch, type Ref } from 'vue';
import { toErrorData, type ErrorData } from '#shared/base/errors.ts';
import { confusionLabel, type Confusion, type ConfusionKey } from '#shared/contract/api/confusion.ts';
import { host } from '../../../client/index.ts';
import { useTasksStore } from '../../../stores/tasks.ts';

/** The confusion matrix that is looked at: what is kept of it, and its computation. */
export function useConfusion(key: Ref<ConfusionKey | null>) {
  const tasks = useTasksStore();
  const confusion = shallowRef<Confusion | null>(null);
  const state = ref<'loading' | 'ready' | 'error'>('loading');
  const error = shallowRef<ErrorData | null>(null);
  /** The last computation failed. */
  const failure = shallowRef<ErrorData | null>(null);
  const label = computed(() => (key.value ? confusionLabel(key.value) : ''));
  const task = computed(() => tasks.runningFor('confusion', label.value));
  const asking = ref(false);

  async function load(): Promise<void> {
    const mine = label.value;
    if (!key.value) return;
    state.value = 'loading';
    try {
      const found = await host.call.confusion.get(key.value);
      if (mine !== label.value) return;
      confusion.value = found;
      error.value = null;
      state.value = 'ready';
    } catch (problem) {
      if (mine !== label.value) return;
      error.value = toErrorData(problem);
      state.value = 'error';
    }
  }
  watch(
    label,
    () => {
      confusion.value = null;
      failure.value = null;
      void load();
    },
    { immediate: true },
  );
  // However it was started: when the computation is over, what it kept is there.
  watch(
    () => task.value?.id,
    (_now, before) => {
      if (before !== undefined) void load();
    },
  );

  async function compute(): Promise<void> {
    const mine = label.value;
    if (!key.value || asking.value) return;
    asking.value = true;
    failure.value = null;
    try {
      await tasks.finished((await host.call.confusion.measure(key.value)).task);
    } catch (problem) {
      const data = toErrorData(problem);
      if (mine === label.value && data.code !== 'cancelled') failure.value = data;
    } finally {
      asking.value = false;
    }
  }
  return {
    confusion,
    state,
    error,
    failure,
    task,
    asking,
    load,
    compute,
    cancel: () => void (task.value && tasks.cancel(task.value.id)),
  };
}
