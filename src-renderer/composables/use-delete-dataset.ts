import type { DatasetDetail } from '#shared/contract/api/dataset.ts';
import { bytes } from '../components/base/format.ts';
import { sizeOnDisk } from '../components/image/pixels.ts';
import { host } from '../client/index.ts';
import { useDatasetsStore } from '../stores/datasets.ts';
import { useInstalledStore } from '../stores/installed.ts';
import { useRunsStore } from '../stores/runs.ts';
import { useAction } from './use-action.ts';
import { confirmLoss } from './use-confirm.ts';

/** Deletes a data set after a question that says what it takes with it. */
export function useDeleteDataset() {
  const runs = useRunsStore();
  const datasets = useDatasetsStore();
  const installed = useInstalledStore();
  const action = useAction(
    async (name: string) => {
      await host.call.dataset.remove({ name });
      await Promise.all([installed.refresh(), datasets.refresh()]);
    },
    { failed: 'The data set was not deleted', done: 'Deleted' },
  );

  /** Resolves to whether it is gone. */
  async function ask(info: DatasetDetail): Promise<boolean> {
    const back = datasets.data.some(({ name }) => name === info.name)
      ? 'It can be downloaded again.'
      : 'The files that it was imported from are left as they are.';
    const using = runs.data.filter(({ dataset }) => dataset === info.name).length;
    const needed =
      using === 0
        ? ''
        : ` ${using === 1 ? 'One run was' : `${using} runs were`} trained on it: they are kept, but can be resumed, continued and verified only with it.`;
    const yes = await confirmLoss({
      title: `Delete “${info.title}”?`,
      text: `${bytes(sizeOnDisk(info))} of samples are removed from the data folder. ${back}${needed}`,
      action: 'Delete the data set',
      danger: true,
    });
    return yes ? action.run(info.name) : false;
  }
  return { busy: action.busy, ask };
}
