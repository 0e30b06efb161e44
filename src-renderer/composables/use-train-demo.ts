import { computed, ref } from 'vue';
import { useRouter } from 'vue-router';
import { host } from '../client/index.ts';
import { useDatasetsStore } from '../stores/datasets.ts';
import { useRunsStore } from '../stores/runs.ts';
import { useTasksStore } from '../stores/tasks.ts';
import { useAction } from './use-action.ts';

const dataset = ref<string>();

/** One click: get the demo's data set if it is not here yet, start the demo's run, and go and watch it. */
export function useTrainDemo() {
  const router = useRouter();
  const datasets = useDatasetsStore();
  const tasks = useTasksStore();
  const runs = useRunsStore();

  const action = useAction(
    async () => {
      const demo = await host.call.run.demoConfig({});
      const installed = (await host.call.dataset.catalogue({})).some(
        (entry) => entry.name === demo.dataset && entry.installed,
      );
      if (!installed) {
        dataset.value = demo.dataset;
        try {
          const running = tasks.runningFor('dataset', demo.dataset);
          const task = running?.id ?? (await host.call.dataset.get({ name: demo.dataset })).task;
          await tasks.finished(task);
          await datasets.refresh();
        } finally {
          dataset.value = undefined;
        }
      }
      const run = await host.call.run.start({ config: demo.config });
      runs.put(run);
      await router.push(`/runs/${run.id}`);
    },
    { failed: 'The demo could not be started' },
  );

  /** The download that it waits for, if it does. */
  const download = computed(() => (dataset.value ? tasks.runningFor('dataset', dataset.value) : undefined));
  return { ...action, download };
}
