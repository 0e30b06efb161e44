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
import type { AgreementAnswer } from '#shared/run/compare/agreement-schema.ts';
import type { CheckpointRecord, RunSummary } from '#shared/run/record.ts';
import { host } from '../../../client/index.ts';

/** A run at one of its checkpoints; null: its final one, else its newest. */
export interface Side {
  run: string;
  checkpoint: string | null;
}

/** Two sides that a person chose, as far as they are still there, and how far their weights agree. */
export function useAgreement(runs: () => readonly RunSummary[]): {
  a: ComputedRef<Side | null>;
  b: ComputedRef<Side | null>;
  choose(side: 'a' | 'b', choice: Side): void;
  swap(): void;
  checkpoints: ShallowRef<ReadonlyMap<string, readonly CheckpointRecord[]>>;
  answer: ShallowRef<AgreementAnswer | null>;
  error: ShallowRef<ErrorData | null>;
  busy: Ref<boolean>;
  refresh(): void;
} {
  const choice = ref<{ a: Side | null; b: Side | null }>({ a: null, b: null });
  const has = (side: Side | null) => runs().some(({ id }) => id === side?.run);
  const sideOf = (run: RunSummary | undefined): Side | null =>
    run ? { run: run.id, checkpoint: null } : null;
  /** Another run, where there is one of the same network. */
  const other = (id: string | undefined): RunSummary | undefined => {
    const model = runs().find((run) => run.id === id)?.model;
    const others = runs().filter((run) => run.id !== id);
    return others.find((run) => run.model === model) ?? others[0] ?? runs()[0];
  };
  const a = computed(() => (has(choice.value.a) ? choice.value.a : sideOf(runs()[0])));
  const b = computed(() => (has(choice.value.b) ? choice.value.b : sideOf(other(a.value?.run))));
  const checkpoints = shallowRef<ReadonlyMap<string, readonly CheckpointRecord[]>>(new Map());
  const answer = shallowRef<AgreementAnswer | null>(null);
  const error = shallowRef<ErrorData | null>(null);
  const busy = ref(false);
  let asked = 0;
  onScopeDispose(() => asked++);

  async function refresh(): Promise<void> {
    const mine = ++asked;
    const [left, right] = [a.value, b.value];
    if (!left || !right) return;
    busy.value = true;
    try {
      const found = await Promise.all(
        [...new Set([left.run, right.run])].map((run) => host.call.run.get({ run })),
      );
      if (mine !== asked) return;
      checkpoints.value = new Map(found.map(({ summary, checkpoints: all }) => [summary.id, all]));
      const agreement = await host.call.run.agreement({ a: named(left), b: named(right) });
      if (mine !== asked) return;
      answer.value = agreement;
      error.value = null;
    } catch (failure) {
      if (mine !== asked) return;
      answer.value = null;
      error.value = toErrorData(failure);
    } finally {
      if (mine === asked) busy.value = false;
    }
  }

  watch(
    () => JSON.stringify([a.value, b.value]),
    () => void refresh(),
    { immediate: true },
  );
  return {
    a,
    b,
    choose: (side, chosen) => (choice.value = { a: a.value, b: b.value, [side]: chosen }),
    swap: () => (choice.value = { a: b.value, b: a.value }),
    checkpoints,
    answer,
    error,
    busy,
    refresh: () => void refresh(),
  };
}

function named({ run, checkpoint }: Side): { run: string; checkpoint?: string } {
  return checkpoint === null ? { run } : { run, checkpoint };
}
