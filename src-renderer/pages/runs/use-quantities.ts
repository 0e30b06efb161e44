import {
  computed,
  onScopeDispose,
  ref,
  shallowRef,
  watch,
  type ComputedRef,
  type Ref,
  type ShallowRef,
} from 'vue';
import { toErrorData, type ErrorData } from '#shared/base/errors.ts';
import type { RunFields, RunValue } from '#shared/contract/api/run.ts';
import type { TargetId } from '#shared/export/targets/types.ts';
import type { Footprint } from '#shared/run/compare/footprint.ts';
import { isRemote } from '#shared/run/filter/fields.ts';
import type { RunSummary } from '#shared/run/record.ts';
import { host } from '../../client/index.ts';
import { useQuery } from '../../composables/use-query.ts';
import { useCompareStore } from '../../stores/compare.ts';
import {
  fieldValue,
  footprintValue,
  isDeployment,
  offeredQuantities,
  summaryValue,
  type Quantity,
  type QuantityValue,
} from './quantities.ts';

export interface Quantities {
  /** Everything that can be an axis. */
  offered: ComputedRef<Quantity[]>;
  valueOf(run: RunSummary, id: string): QuantityValue;
  /** Until the first values are there. */
  loading: Ref<boolean>;
  /** Runs whose estimate is still being made. */
  estimating: Ref<number>;
  error: ShallowRef<ErrorData | null>;
  refresh(): void;
}

/** Runs that one question for estimates names: what is done shows up before the rest is. */
const AT_ONCE = 6;
/** The most that one question may name. */
const MOST = 100;

/** One value of each run for each of some quantities: of the summaries, of the store, and of the planner. */
export function useQuantities(options: {
  runs: () => readonly RunSummary[];
  wanted: () => readonly string[];
  target: () => TargetId;
}): Quantities {
  const compare = useCompareStore();
  const nothing: RunFields = { config: [], metrics: [] };
  const fields = useQuery({
    initial: nothing,
    load: () => host.call.run.fields({}),
    topics: ['runs-changed'],
  });
  const columns = shallowRef(new Map<string, Map<string, RunValue>>());
  const footprints = shallowRef(new Map<string, Footprint>());
  const loading = ref(true);
  const estimating = ref(0);
  const error = shallowRef<ErrorData | null>(null);
  let asked = 0;
  let shownTarget: TargetId | null = null;
  onScopeDispose(() => asked++);

  async function refresh(): Promise<void> {
    const mine = ++asked;
    const isOld = () => mine !== asked;
    const runs = options.runs().map((run) => run.id);
    const wanted = options.wanted();
    try {
      const remote = wanted.filter(isRemote);
      if (remote.length > 0 && runs.length > 0) {
        const found = await host.call.run.values({ fields: remote, runs });
        if (isOld()) return;
        columns.value = new Map(
          found.columns.map(({ field, values }) => [
            field,
            new Map(found.runs.map((run, i) => [run, values[i] ?? null])),
          ]),
        );
      }
      error.value = null;
      if (wanted.some(isDeployment)) await readFootprints(runs, isOld);
    } catch (failure) {
      if (!isOld()) error.value = toErrorData(failure);
    } finally {
      if (!isOld()) {
        loading.value = false;
        estimating.value = 0;
      }
    }
  }

  async function readFootprints(runs: readonly string[], isOld: () => boolean): Promise<void> {
    const target = options.target();
    // Numbers of another core must not stand among those of this one.
    if (target !== shownTarget) footprints.value = new Map();
    shownTarget = target;
    const take = async (some: readonly string[], estimate: boolean) => {
      const found = await host.call.run.footprints({ runs: [...some], target, estimate });
      if (isOld()) return;
      const next = new Map(footprints.value);
      for (const footprint of found) next.set(footprint.run, footprint);
      footprints.value = next;
    };
    for (const some of chunks(runs, MOST)) if (!isOld()) await take(some, false);
    loading.value = false;
    const open = runs.filter((run) => footprints.value.get(run)?.open);
    estimating.value = open.length;
    for (const some of chunks(open, AT_ONCE)) {
      if (isOld()) return;
      await take(some, true);
      if (!isOld()) estimating.value -= some.length;
    }
  }

  watch(
    () =>
      [
        options.target(),
        ...options.wanted(),
        ...options.runs().map((run) => `${run.id} ${run.status} ${run.epochsDone}`),
      ].join('|'),
    () => void refresh(),
    { immediate: true },
  );
  const stop = host.subscribe('bundles-changed', () => void refresh());
  onScopeDispose(stop);

  return {
    offered: computed(() => offeredQuantities(varying(fields.data.value), compare.directions)),
    valueOf(run, id) {
      if (isDeployment(id)) return footprintValue(footprints.value.get(run.id), id);
      return isRemote(id) ? fieldValue(columns.value.get(id)?.get(run.id), id) : summaryValue(run, id);
    },
    loading,
    estimating,
    error,
    refresh: () => void refresh(),
  };
}

/** Fields first that tell runs apart: of one that is the same everywhere there is nothing to see. */
function varying({ config, metrics }: RunFields): RunFields {
  const told = config.filter(({ values }) => values.length > 1);
  return { config: told, metrics };
}

function chunks<T>(items: readonly T[], size: number): (readonly T[])[] {
  if (items.length <= size) return items.length === 0 ? [] : [items];
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  );
}
