import { watchDebounced } from '@vueuse/core';
import { computed, ref, shallowRef } from 'vue';
import { useRouter } from 'vue-router';
import { toErrorData } from '#shared/base/errors.ts';
import { host } from '../../client/index.ts';
import { useAction } from '../../composables/use-action.ts';
import { useDatasetsStore } from '../../stores/datasets.ts';
import { useDraftStore } from '../../stores/draft/index.ts';
import { problemsOf, type DraftProblem } from '../../stores/draft/verdict.ts';
import { useInstalledStore } from '../../stores/installed.ts';
import { useRunsStore } from '../../stores/runs.ts';
import { useTasksStore } from '../../stores/tasks.ts';
import { launchEstimate } from './estimate.ts';
import { replicateConfigs, replicateProblem } from './replicates.ts';

/** Whether the draft can be started, what that will do, and the start itself. */
export function useLaunch() {
  const draft = useDraftStore();
  const installed = useInstalledStore();
  const catalogue = useDatasetsStore();
  const tasks = useTasksStore();
  const runs = useRunsStore();
  const router = useRouter();

  const config = computed(() => draft.verdict.config);
  const info = computed(() => installed.byName.get(config.value?.dataset.name ?? '') ?? null);
  /** The data set must be downloaded first. */
  const toGet = computed(() => {
    const row = catalogue.data.find(({ name }) => name === config.value?.dataset.name);
    return row && !info.value ? row : null;
  });

  /** What only the host can know; asked once the window finds nothing wrong. */
  const hostProblems = shallowRef<DraftProblem[]>([]);
  const checking = ref(false);
  let asked = 0;
  const sound = computed(() => draft.verdict.problems.length === 0);
  async function check(): Promise<void> {
    const mine = ++asked;
    if (!sound.value || !info.value) {
      hostProblems.value = [];
      checking.value = false;
      return;
    }
    let found: DraftProblem[] = [];
    try {
      await host.call.run.check({ config: draft.document });
    } catch (error) {
      // Without a connection the frame says so; the draft is not to blame.
      if (toErrorData(error).code !== 'io') found = problemsOf(error);
    }
    if (mine !== asked) return;
    hostProblems.value = found;
    checking.value = false;
  }
  watchDebounced([() => draft.document, info, sound], check, {
    debounce: 250,
    maxWait: 2000,
    immediate: true,
  });

  const problems = computed<DraftProblem[]>(() => {
    const own = replicateProblem(draft.replicates, config.value);
    return [
      ...draft.verdict.problems,
      ...hostProblems.value,
      ...(own === null ? [] : [{ path: 'replicates', text: own }]),
    ];
  });
  const estimate = computed(() => {
    const { model } = draft.verdict;
    const counts = info.value ?? toGet.value;
    return config.value && model && counts ? launchEstimate(config.value, model, counts) : null;
  });
  const ready = computed(() => problems.value.length === 0 && config.value !== null);

  const download = computed(() => tasks.runningFor('dataset', config.value?.dataset.name ?? ''));
  const start = useAction(
    async () => {
      if (!ready.value) return;
      await draft.flush();
      const document = draft.document;
      const parent = draft.parent?.run;
      const configs = replicateConfigs(document, Number(draft.replicates), runs.data);
      if (toGet.value) {
        const task = download.value?.id ?? (await host.call.dataset.get({ name: toGet.value.name })).task;
        await tasks.finished(task);
        await Promise.all([catalogue.refresh(), installed.refresh()]);
      }
      const started = [];
      for (const one of configs) {
        const run = await host.call.run.start({ config: one, ...(parent ? { parent } : {}) });
        runs.put(run);
        started.push(run);
      }
      const [first] = started;
      if (first) await router.push(started.length === 1 ? `/runs/${first.id}` : '/runs');
    },
    { failed: 'The run could not be started' },
  );
  return { problems, checking, estimate, ready, toGet, download, start, info };
}
export type Launch = ReturnType<typeof useLaunch>;
