import { useSessionStorage } from '@vueuse/core';
import { computed, ref, watch } from 'vue';
import type { Bundle, VerifyResult } from '#shared/contract/api/export.ts';
import { DEFAULT_FORMAT, type FormatId, type TargetId } from './choices.ts';
import { host } from '../../client/index.ts';
import { useAction } from '../../composables/use-action.ts';
import { useQuery } from '../../composables/use-query.ts';
import { useBundlesStore } from '../../stores/bundles.ts';
import { useRunsStore } from '../../stores/runs.ts';
import { useTasksStore } from '../../stores/tasks.ts';

/** The choices of the export page, and the two pieces of long work that it starts. */
export function useExport(asked: { run: string | null; checkpoint: string | null }) {
  const runs = useRunsStore();
  const bundles = useBundlesStore();
  const tasks = useTasksStore();

  const run = useSessionStorage('bitsmith-export-run', '');
  if (asked.run) run.value = asked.run;
  const checkpoint = ref(asked.checkpoint ?? '');
  const target = useSessionStorage<TargetId>('bitsmith-export-target', 'cortex-m4');
  const format = ref<FormatId>(DEFAULT_FORMAT);
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

  const build = useAction(
    async () => {
      const { task } = await host.call.export.build({
        run: run.value,
        target: target.value,
        format: format.value,
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

  /** Verdicts of this session, by bundle. */
  const results = ref(new Map<string, VerifyResult>());
  const verifyTask = ref<string>();
  const verify = useAction(
    async (id: string, cores: TargetId[], samples: number) => {
      const { task } = await host.call.export.verify({ bundle: id, cores, samples });
      verifyTask.value = task;
      results.value.set(id, (await tasks.finished(task)) as VerifyResult);
    },
    { failed: 'The verification could not be carried out' },
  );

  const taskOf = (id: string | undefined) => (id ? tasks.tasks.get(id) : undefined);
  return {
    run,
    checkpoint,
    target,
    format,
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
    building: computed(() => (build.busy.value ? taskOf(buildTask.value) : undefined)),
    verifying: computed(() => (verify.busy.value ? taskOf(verifyTask.value) : undefined)),
    cancel: (id: string) => void tasks.cancel(id),
  };
}
