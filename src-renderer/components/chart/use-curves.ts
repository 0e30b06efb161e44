import { computed, onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import { toErrorData, type ErrorData } from '#shared/base/errors.ts';
import type { CurveAnswer, CurveRequest } from '#shared/run/compare/curves.ts';
import { host } from '../../client/index.ts';
import { useSeriesStore } from '../../stores/series.ts';
import { bucketsToAsk, covers, rangeToAsk, type Loaded } from './coverage.ts';
import type { Range } from './range.ts';

export interface Curves {
  /** Thinned for the screen: it does not grow with the run. */
  answer: ShallowRef<CurveAnswer | null>;
  error: ShallowRef<ErrorData | null>;
  /** Until the first answer. */
  loading: Ref<boolean>;
  refresh(): void;
}

/** Milliseconds of rest between two questions about a run that grows; more where the answers take long. */
const REST = 250;
/** Milliseconds without a movement after which a new part of the axis is asked for. */
const SETTLE = 90;

/**
 * The lines of one chart as the host thins them, asked again when the question changes, when the visible part is not there
 * finely enough, and when a run has new points. One question at a time; while the chart is out of view, none.
 */
export function useCurves(options: {
  request: () => Omit<CurveRequest, 'from' | 'to' | 'buckets'>;
  range: () => Range | null;
  /** Pixels of the plot. */
  width: () => number;
  active: () => boolean;
}): Curves {
  const answer = shallowRef<CurveAnswer | null>(null);
  const error = shallowRef<ErrorData | null>(null);
  const loading = ref(true);
  const series = useSeriesStore();
  const question = computed(() => JSON.stringify(options.request()));
  let loaded: (Loaded & { question: string }) | undefined;
  let asking = false;
  let stale = true;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let timerAt = Infinity;
  let lastEnd = -Infinity;
  let took = 0;
  let gone = false;

  async function ask(): Promise<void> {
    asking = true;
    stale = false;
    const visible = options.range();
    const range = rangeToAsk(visible);
    const buckets = bucketsToAsk(visible, options.width());
    const mine = question.value;
    const begin = performance.now();
    try {
      const found = await host.call.run.curves({
        ...options.request(),
        buckets,
        ...(range ? { from: range.from, to: range.to } : {}),
      });
      // An answer to an earlier question would only flash.
      if (!gone && mine === question.value) {
        loaded = { question: mine, range, buckets, thinned: found.thinned };
        answer.value = found;
        error.value = null;
        loading.value = false;
      }
    } catch (failure) {
      if (gone) return;
      error.value = toErrorData(failure);
      loading.value = false;
    } finally {
      asking = false;
      lastEnd = performance.now();
      took = lastEnd - begin;
      if (!gone && (stale || mine !== question.value || !isCovered())) soon(SETTLE);
    }
  }

  function isCovered(): boolean {
    if (error.value) return true;
    const whole = answer.value?.extent;
    if (!loaded || loaded.question !== question.value) return false;
    return !whole || covers(loaded, options.range(), whole);
  }

  /** Asks after a while. A shorter wait replaces a longer one. */
  function soon(wait: number): void {
    const at = performance.now() + wait;
    if (timer !== undefined && timerAt <= at) return;
    clearTimeout(timer);
    timerAt = at;
    timer = setTimeout(() => {
      timer = undefined;
      timerAt = Infinity;
      if (!asking && !gone && options.active() && (stale || !isCovered())) void ask();
    }, wait);
  }

  watch(question, () => {
    stale = true;
    error.value = null;
    soon(0);
  });
  watch(options.range, () => {
    if (!asking && !isCovered()) soon(SETTLE);
  });
  watch(options.active, (now) => now && stale && soon(0), { immediate: true });
  const stop = series.onNews((run) => {
    if (run !== null && !options.request().lines.some((line) => line.runs.includes(run))) return;
    stale = true;
    soon(Math.max(0, lastEnd + Math.max(REST, 3 * took) - performance.now()));
  });
  onScopeDispose(() => {
    gone = true;
    clearTimeout(timer);
    stop();
  });
  return {
    answer,
    error,
    loading,
    refresh: () => {
      stale = true;
      error.value = null;
      soon(0);
    },
  };
}
