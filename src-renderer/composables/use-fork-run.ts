import { useRouter } from 'vue-router';
import { isObject } from '#shared/base/json-document.ts';
import { host } from '../client/index.ts';
import { useDraftStore } from '../stores/draft/index.ts';
import { parseRunConfig } from './checked-config.ts';
import { useAction } from './use-action.ts';

/** A new draft that goes on from a checkpoint of a run with an edited configuration, on the page where it is edited. */
export function useForkRun() {
  const router = useRouter();
  const draft = useDraftStore();
  return useAction(
    async (run: string, checkpoint: string | null) => {
      const { config, summary, checkpoints } = await host.call.run.get({ run });
      if (!isObject(config)) return;
      const record = checkpoints.find(({ id }) => id === checkpoint) ?? checkpoints.at(-1);
      // At the end of its epochs nothing is left to go on with: only the weights are.
      const state = record && record.epoch < epochsOf(config) ? 'training' : 'weights';
      const initialize = { run, ...(record ? { checkpoint: record.id } : {}), state };
      const name = `${summary.name.slice(0, 190)} fork`;
      await draft.create({ ...config, name, initialize }, { run, checkpoint: record?.id ?? null });
      await router.push('/new');
    },
    { failed: 'That run cannot be forked' },
  );
}

function epochsOf(config: unknown): number {
  try {
    return parseRunConfig(config).training.epochs;
  } catch {
    return 0;
  }
}
