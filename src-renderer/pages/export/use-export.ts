import { useSessionStorage } from '@vueuse/core';
import { computed, ref, watch } from 'vue';
import type { Bundle, BundlePlan, VerifyResult } from '#shared/contract/api/export.ts';
import type { PlanOptions } from '#shared/export/plan/options.ts';
import {
  DEFAULT_FORMAT,
  DEFAULT_KERNELS,
  DEFAULT_OBJECTIVE,
  type FormatId,
  type Kernels,
  type Objective,
  type TargetId,
} from './choices.ts';
import { host } from '../../client/index.ts';
import { useAction } from '../../composables/use-action.ts';
import { useQuery } from '../../composables/use-query.ts';
import { useBundlesStore } from '../../stores/bundles.ts';
import { useRunsStore } from '../../stores/runs.ts';
import { useTasksStore } from '../../stores/tasks.ts';
import type { AskedPackings } from './packings.ts';
import { useLatestTask } from './use-latest-task.ts';

/** How long choices have to stand still before they are planned. */
const QUIET_MS = 350;

/** The choices of the export page, the plan of what they lead to, and the two pieces of long work that it starts. */
export function useExport(asked: { run: string | null; checkpoint: string | null }) {
  const runs = useRunsStore();
  const bundles = useBundlesStore();
  const tasks = useTasksStore();

  const run = useSessionStorage('bitsmith-export-run', '');
  if (asked.run) run.value = asked.run;
  const checkpoint = ref(asked.checkpoint ?? '');
  const target = useSessionStorage<TargetId>('bitsmith-export-target', 'cortex-m4');
  const format = ref<FormatId>(DEFAULT_FORMAT);
  const objective = useSessionStorage<Objective>('bitsmith-export-objective', DEFAULT_OBJECTIVE);
  const kernels = useSessionStorage<Kernels>('bitsmith-export-kernels', DEFAULT_KERNELS);
  /** Packings of single layers, as far as a person chose them. */
  const packing = ref<AskedPackings>({});
  const out = ref('');
  const shown = ref<string>();

  /** Only what has been trained for at least an epoch has a checkpoint. */
  const exportable = computed(() => runs.data.filter((one) => one.epochsDone > 0));
  watch(
    exportable,
    (now) => {
      // A run that was asked for may be ahead of the list; another one must never take its place.
      if (run.value !== asked.run && !now.some((one) => one.id === run.value)) {
        run.value = (now.find((one) => one.status === 'finished') ?? now[0])?.id ?? '';
      }
    },
    { immediate: true },
  );

  const detail = useQuery({
    initial: null,
    load: async () => (run.value ? await host.call.run.get({ run: run.value }) : null),
  });
  watch(run, () => {
    checkpoint.value = '';
    packing.value = {};
    shown.value = undefined;
    void detail.refresh();
  });
  const checkpoints = computed(() => {
    const mine = detail.data.value?.summary.id === run.value ? detail.data.value.checkpoints : [];
    return mine.toSorted((a, b) => b.step - a.step);
  });
  watch(
    checkpoints,
    (now) => {
      if (now.length > 0 && !now.some((one) => one.id === checkpoint.value))
        checkpoint.value = now[0]?.id ?? '';
    },
    { immediate: true },
  );

  const mine = computed(() => bundles.data.filter((one) => one.run === run.value));
  const bundle = computed<Bundle | undefined>(() => bundles.byId.get(shown.value ?? '') ?? mine.value[0]);

  const options = computed<PlanOptions>(() => ({
    kernels: kernels.value,
    objective: objective.value,
    packing: packing.value,
  }));
  const plan = useLatestTask<Parameters<typeof host.call.export.plan>[0], BundlePlan>({
    question: () =>
      run.value && checkpoint.value
        ? {
            run: run.value,
            checkpoint: checkpoint.value,
            target: target.value,
            format: format.value,
            options: options.value,
          }
        : null,
    subject: () => `${run.value} ${checkpoint.value}`,
    start: (input) => host.call.export.plan(input),
    quietMs: QUIET_MS,
  });

  const build = useAction(
    async () => {
      const { task } = await host.call.export.build({
        run: run.value,
        target: target.value,
        format: format.value,
        options: options.value,
        ...(checkpoint.value ? { checkpoint: checkpoint.value } : {}),
        ...(out.value.trim() ? { out: out.value.trim() } : {}),
      });
      buildTask.value = task;
      const written = (await tasks.finished(task)) as Bundle;
      await bundles.refresh();
      shown.value = written.id;
    },
    { failed: 'The bundle was not written', done: 'The bundle is written' },
  );
  const buildTask = ref<string>();

  /** Verdicts by bundle, those that the host keeps included. */
  const results = ref(new Map<string, VerifyResult>());
  watch(
    // Another window, the guide or the command line may verify it too.
    [() => bundle.value?.id, () => tasks.runningFor('bundle', bundle.value?.id ?? '') !== undefined] as const,
    async ([id, working]) => {
      if (id === undefined || working) return;
      // Without it the page is as it was before the first verification.
      const kept = await host.call.export.verification({ bundle: id }).catch(() => null);
      if (kept) results.value.set(id, kept);
    },
    { immediate: true },
  );
  const verifications = ref(0);
  const verifyTask = ref<string>();
  const verify = useAction(
    async (id: string, cores: TargetId[], samples: number) => {
      const { task } = await host.call.export.verify({ bundle: id, cores, samples });
      verifyTask.value = task;
      results.value.set(id, (await tasks.finished(task)) as VerifyResult);
      verifications.value++;
    },
    { failed: 'The verification could not be carried out' },
  );

  const taskOf = (id: string | undefined) => (id ? tasks.tasks.get(id) : undefined);
  return {
    run,
    checkpoint,
    target,
    format,
    objective,
    kernels,
    packing,
    options,
    plan,
    out,
    shown,
    exportable,
    checkpoints,
    detail,
    mine,
    bundle,
    build,
    verify,
    results,
    verifications,
    building: computed(() => (build.busy.value ? taskOf(buildTask.value) : undefined)),
    verifying: computed(() => (verify.busy.value ? taskOf(verifyTask.value) : undefined)),
    cancel: (id: string) => void tasks.cancel(id),
  };
}
