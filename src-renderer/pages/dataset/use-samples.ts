import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue';
import { toErrorData, type ErrorData } from '#shared/base/errors.ts';
import { host } from '../../client/index.ts';
import { fromBase64 } from '../../components/image/pixels.ts';
import { fetchSamples, type SampleBytes, type Split } from '../../components/image/sample-source.ts';

/** Something that is asked for again whenever what it depends on changes; the last question wins. */
function useAnswer<T>(question: () => (() => Promise<T>) | null): {
  data: ShallowRef<T | null>;
  error: ShallowRef<ErrorData | null>;
  refresh(): Promise<void>;
} {
  const data = shallowRef<T | null>(null);
  const error = shallowRef<ErrorData | null>(null);
  let asked = 0;
  async function refresh(): Promise<void> {
    const mine = ++asked;
    const ask = question();
    error.value = null;
    if (!ask) {
      data.value = null;
      return;
    }
    try {
      const answer = await ask();
      if (mine === asked) data.value = answer;
    } catch (failure) {
      if (mine === asked) error.value = toErrorData(failure);
    }
  }
  onScopeDispose(() => asked++);
  return { data, error, refresh };
}

/** The labels of a whole part. */
export function useLabels(name: () => string, split: () => Split) {
  const answer = useAnswer(() => {
    const [set, part] = [name(), split()];
    return async () => fromBase64((await host.call.dataset.labels({ name: set, split: part })).labels);
  });
  watch(
    () => [name(), split()],
    () => {
      answer.data.value = null;
      void answer.refresh();
    },
    { immediate: true },
  );
  return answer;
}

/** A few samples by their indices; what was there stays until the new ones have come. */
export function useSamples(wanted: () => { name: string; split: Split; indices: readonly number[] } | null) {
  const answer = useAnswer<SampleBytes & { indices: readonly number[] }>(() => {
    const now = wanted();
    if (!now || now.indices.length === 0) return null;
    return async () => ({
      ...(await fetchSamples(now.name, now.split, now.indices)),
      indices: now.indices,
    });
  });
  watch(() => JSON.stringify(wanted()), answer.refresh, { immediate: true });
  return answer;
}
