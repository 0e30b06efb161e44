import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import { toErrorData, type ErrorData } from '#shared/base/errors.ts';
import type { TopicName } from '#shared/contract/topics/index.ts';
import { host } from '../client/index.ts';
import { createRefresher } from './refresher.ts';

export type QueryState = 'loading' | 'ready' | 'error';

export interface Query<T> {
  data: ShallowRef<T>;
  /** `loading` only until the first answer: a refresh keeps showing what is there. */
  state: Ref<QueryState>;
  error: ShallowRef<ErrorData | null>;
  refresh(): Promise<void>;
  /** Asks again soon; many hints at once become one question. */
  hint(): void;
}

/**
 * A question to the host that is asked again when a push says that its answer changed, and after a lost connection.
 * The host owns the truth: a push is only a hint.
 */
export function useQuery<T>(options: { initial: T; load: () => Promise<T>; topics?: TopicName[] }): Query<T> {
  const data = shallowRef(options.initial);
  const state = ref<QueryState>('loading');
  const error = shallowRef<ErrorData | null>(null);
  let asked = 0;

  async function refresh(): Promise<void> {
    const mine = ++asked;
    try {
      const answer = await options.load();
      if (mine !== asked) return;
      data.value = answer;
      error.value = null;
      state.value = 'ready';
    } catch (failure) {
      if (mine !== asked) return;
      error.value = toErrorData(failure);
      state.value = 'error';
    }
  }

  const refresher = createRefresher(refresh, { quietMs: 120, ceilingMs: 1000 });
  const stops = (options.topics ?? []).map((topic) => host.subscribe(topic, () => refresher.hint()));
  stops.push(
    host.onState((connection) => {
      if (connection === 'open') void refresh();
    }),
  );
  onScopeDispose(() => {
    refresher.stop();
    stops.forEach((stop) => stop());
  });
  void refresh();
  return { data, state, error, refresh, hint: () => refresher.hint() };
}
