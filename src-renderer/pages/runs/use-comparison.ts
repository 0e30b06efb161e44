import { shallowRef, watch, type ShallowRef } from 'vue';
import type { z } from 'zod';
import { toErrorData, type ErrorData } from '#shared/base/errors.ts';
import type { ComparisonSchema } from '#shared/contract/api/run.ts';
import type { RunSummary } from '#shared/run/record.ts';
import { host } from '../../client/index.ts';

export type Comparison = z.output<typeof ComparisonSchema>;

export interface ComparisonQuery {
  data: ShallowRef<Comparison | null>;
  error: ShallowRef<ErrorData | null>;
  refresh(): Promise<void>;
}

/**
 * What the host says about runs side by side. Asked again when the runs change, or the epoch of one of them.
 *
 * @param metrics whether the last and extreme values of each series are wanted: they cost a look at every point
 */
export function useComparison(runs: () => readonly RunSummary[], metrics: () => boolean): ComparisonQuery {
  const data = shallowRef<Comparison | null>(null);
  const error = shallowRef<ErrorData | null>(null);
  let asked = 0;

  async function refresh(): Promise<void> {
    const mine = ++asked;
    const ids = runs().map((run) => run.id);
    try {
      const answer = ids.length > 0 ? await host.call.run.compare({ runs: ids, metrics: metrics() }) : null;
      if (mine !== asked) return;
      data.value = answer;
      error.value = null;
    } catch (failure) {
      if (mine === asked) error.value = toErrorData(failure);
    }
  }

  watch(
    () =>
      runs()
        .map((run) => `${run.id} ${run.epochsDone} ${run.status}`)
        .join() + (metrics() ? ' with metrics' : ''),
    (now, before) => {
      // What is there already has more than is wanted now.
      if (before === `${now} with metrics`) return;
      void refresh();
    },
    { immediate: true },
  );
  return { data, error, refresh };
}
