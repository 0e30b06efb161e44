import { checkpointFile, type DataFolder } from '#main/platform/data-folder.ts';
import { resolveRunId, type Store } from '#main/store/index.ts';
import { chooseCheckpoint } from '../export/choose-checkpoint.ts';
import { loadTrainedRun } from '../export/load-trained-run.ts';
import type { TrainedNetwork } from './export-model.ts';

/**
 * The network of a run of the store, as one of its checkpoints has it.
 *
 * @param wanted id of the checkpoint; absent: the final one, else the newest
 * @throws BitsmithError `not-found`, or `corrupt` for a damaged checkpoint
 */
export function trainedNetwork(
  store: Store,
  dataFolder: DataFolder,
  given: string,
  wanted: string | undefined,
): TrainedNetwork {
  const run = resolveRunId(store.runs, given);
  const { id, sha256 } = chooseCheckpoint(run, store.checkpoints.list(run), wanted);
  const file = checkpointFile(dataFolder, run, id);
  const { graph, model } = loadTrainedRun(dataFolder.root, store.runs.config(run), file, sha256);
  return { graph, model, run, checkpoint: id };
}
