import { createSharedComposable } from '@vueuse/core';
import { computed, ref } from 'vue';
import { useRouter } from 'vue-router';
import { isObject, type JsonObject } from '#shared/base/json-document.ts';
import type { Bundle } from '#shared/contract/api/export.ts';
import type { Task } from '#shared/contract/api/task.ts';
import { host } from '../../client/index.ts';
import { useAction } from '../../composables/use-action.ts';
import { useGetDataset } from '../../composables/use-get-dataset.ts';
import { useTrainDemo } from '../../composables/use-train-demo.ts';
import { useBundlesStore } from '../../stores/bundles.ts';
import { useCompareStore } from '../../stores/compare.ts';
import { useGuideStore } from '../../stores/guide.ts';
import { useRunsStore } from '../../stores/runs.ts';
import { select } from '../../stores/selection.ts';
import { useTargetsStore } from '../../stores/targets.ts';
import { useTasksStore } from '../../stores/tasks.ts';
import type { GuideStepId } from './guide-steps.ts';

const TARGET = 'cortex-m4';
const SAMPLES = 1000;

/** Does a step of the guide for a person, by the same calls that the pages make. One for all who show the guide. */
export const useGuideActions = createSharedComposable(() => {
  const guide = useGuideStore();
  const router = useRouter();
  const runs = useRunsStore();
  const bundles = useBundlesStore();
  const targets = useTargetsStore();
  const tasks = useTasksStore();
  const compare = useCompareStore();
  const datasets = useGetDataset();
  const demo = useTrainDemo();
  const working = ref<GuideStepId | null>(null);
  const taskId = ref<string>();

  async function demoConfig(): Promise<{ config: JsonObject; dataset: string }> {
    const { config, dataset } = guide.demo ?? (await host.call.run.demoConfig({}));
    return { config: isObject(config) ? config : {}, dataset };
  }

  const work: Record<GuideStepId, () => Promise<unknown>> = {
    // A failure is told by the step itself.
    data: async () => datasets.get((await demoConfig()).dataset),
    model: async () => {
      const { config } = await demoConfig();
      const { useDraftStore } = await import('../../stores/draft/index.ts');
      const drafts = useDraftStore();
      const known = (await host.call.draft.list({})).find(({ name }) => name === config.name);
      await (known ? drafts.open(known.id) : drafts.create(config));
      await router.push('/model');
    },
    train: () => demo.run(),
    watch: async () => {
      const { config } = await demoConfig();
      const first = runs.data.find(({ status }) => status === 'finished');
      const binary = { weights: { method: 'bnn' }, activations: { method: 'bnn' } };
      const name = 'Demo with binary weights';
      const second = await host.call.run.start({ config: { ...config, name, quantization: binary } });
      runs.put(second);
      compare.selection = select(compare.selection, [...(first ? [first.id] : []), second.id]);
      await router.push('/runs');
    },
    export: async () => {
      const run = runs.data.find(({ status }) => status === 'finished');
      if (!run) return;
      await router.push({ path: '/export', query: { run: run.id } });
      const bundle = bundles.data.find((one) => one.run === run.id) ?? (await write(run.id));
      if (targets.data.find(({ id }) => id === 'host')?.compiler.available === false) return;
      const core = targets.data.find(({ id }) => id === bundle.target);
      const emulated = core && core.id !== 'host' && core.compiler.available && core.emulator.available;
      await finished(
        await host.call.export.verify({
          bundle: bundle.id,
          cores: emulated ? [core.id] : [],
          samples: SAMPLES,
        }),
      );
    },
  };
  async function write(run: string): Promise<Bundle> {
    const bundle = (await finished(await host.call.export.build({ run, target: TARGET }))) as Bundle;
    await bundles.refresh();
    return bundle;
  }
  function finished({ task }: { task: string }): Promise<unknown> {
    taskId.value = task;
    return tasks.finished(task);
  }

  const action = useAction(
    async (id: GuideStepId) => {
      working.value = id;
      try {
        await work[id]();
      } finally {
        working.value = null;
        taskId.value = undefined;
      }
    },
    { failed: 'The guide could not do this step' },
  );

  const change = useAction((how: 'begin' | 'leave' | 'dismiss') => guide[how](), {
    failed: 'The guide could not be changed',
  });

  /** What the step waits for, with its progress; a download may have been begun elsewhere. */
  function taskOf(id: GuideStepId): Task | undefined {
    if (id === 'data') return datasets.running(guide.demo?.dataset ?? '');
    if (working.value !== id) return undefined;
    const own = taskId.value ? tasks.tasks.get(taskId.value) : undefined;
    return own?.state === 'running' ? own : demo.download.value;
  }
  return {
    doIt: (id: GuideStepId) => void action.run(id),
    begin: () => change.run('begin'),
    leave: () => change.run('leave'),
    dismiss: () => change.run('dismiss'),
    busy: computed(() => working.value),
    taskOf,
    cancel: (task: Task) => void tasks.cancel(task.id).catch(() => undefined),
  };
});
