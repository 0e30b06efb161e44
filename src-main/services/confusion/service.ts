import { BitsmithError } from '#shared/base/errors.ts';
import type { ServiceOf } from '#shared/contract/api.ts';
import {
  confusionLabel,
  type Confusion,
  type ConfusionKey,
  type confusionApi,
} from '#shared/contract/api/confusion.ts';
import type { Task } from '#shared/contract/api/task.ts';
import type { DatasetInfo } from '#shared/dataset/types.ts';
import { confusionMatrix } from '#shared/train/predictions/confusion.ts';
import { examplesOf } from '#shared/train/predictions/examples.ts';
import { partOf } from '#shared/train/predictions/types.ts';
import type { ForkJob } from '#main/jobs/host/index.ts';
import { checkpointFile } from '#main/platform/data-folder.ts';
import { resolveRunId, type Store, type StoredPredictions } from '#main/store/index.ts';
import { readDatasetInfo } from '../dataset/index.ts';
import type { TaskRunner } from '../task/types.ts';
import { predict } from './predict.ts';

interface ConfusionServiceParts {
  /** Opened for writing. */
  store: Store;
  tasks: TaskRunner;
  /** Starts the process that computes. */
  fork: ForkJob;
}

/** Which classes checkpoints confuse: computed on demand, kept as long as the checkpoint. */
export function createConfusionService({
  store,
  tasks,
  fork,
}: ConfusionServiceParts): ServiceOf<typeof confusionApi> {
  const inWork = new Map<string, Task>();

  function resolved(key: ConfusionKey) {
    const run = resolveRunId(store.runs, key.run);
    const record = store.checkpoints.find(run, key.checkpoint);
    if (!record) {
      const text = `run ${run} has no checkpoint "${key.checkpoint}"`;
      throw new BitsmithError('not-found', text, { run, checkpoint: key.checkpoint });
    }
    return { key: { ...key, run }, record };
  }

  function find({ run, checkpoint, split }: ConfusionKey): StoredPredictions | undefined {
    return store.predictions.find(run, checkpoint, split);
  }

  function toConfusion(found: StoredPredictions): Confusion {
    const { run, checkpoint, split, labels, predicted, device } = found;
    const { dataset } = store.runs.get(run);
    const info = datasetNow(store.folder.root, dataset);
    // The data set may have been removed, or replaced by one with fewer classes.
    const most = [labels, predicted].flatMap((codes) => [...codes]).reduce((a, b) => Math.max(a, b), 0);
    const count = Math.max(info?.classes.length ?? 0, most + 1);
    const classes = Array.from({ length: count }, (_, i) => info?.classes[i] ?? String(i));
    return {
      run,
      checkpoint,
      split,
      classes,
      counts: confusionMatrix(labels, predicted, classes.length).counts,
      dataset,
      part: partOf(split),
      current: info?.sha256 === found.datasetSha256,
      device,
    };
  }

  return {
    get(given) {
      const found = find(resolved(given).key);
      return found ? toConfusion(found) : null;
    },

    measure(given) {
      const { key, record } = resolved(given);
      const label = confusionLabel(key);
      const running = inWork.get(label);
      if (running) return { task: running.id };
      const summary = store.runs.get(key.run);
      const job = {
        config: store.runs.config(key.run),
        dataFolder: store.folder.root,
        checkpoint: checkpointFile(store.folder, key.run, key.checkpoint),
        sha256: record.sha256,
        split: key.split,
        device: summary.device,
      };
      const title = `Confusion matrix of ${summary.name}`;
      const { task, done } = tasks.start(title, { confusion: label, run: key.run }, async (handle) => {
        const { predictions, datasetSha256, device } = await predict(fork, key.run, job, handle);
        // It may have been replaced by a newer one while its file was looked at.
        resolved(key);
        const found = { ...key, ...predictions, datasetSha256, device };
        store.predictions.add(found);
        return toConfusion(found);
      });
      inWork.set(label, task);
      const finish = () => inWork.delete(label);
      done.then(finish, finish);
      return { task: task.id };
    },

    examples({ truth, predicted, mistakes, order, offset, count, ...given }) {
      const { key } = resolved(given);
      const found = find(key);
      if (!found) {
        const what = `the ${key.split} samples of checkpoint ${key.checkpoint} were not looked at yet`;
        throw new BitsmithError('not-found', what, { ...key });
      }
      const positions = examplesOf(found, { truth, predicted, mistakes, order });
      return {
        total: positions.length,
        samples: Array.from(positions.subarray(offset, offset + count), (at) => ({
          index: found.indices[at] ?? 0,
          truth: found.labels[at] ?? 0,
          predicted: found.predicted[at] ?? 0,
          probability: found.probability[at] ?? 0,
          truthProbability: found.truth[at] ?? 0,
        })),
      };
    },
  };
}

/** The data set as it is installed now; null where it is not. */
function datasetNow(dataFolder: string, name: string): DatasetInfo | null {
  try {
    return readDatasetInfo(dataFolder, name);
  } catch (error) {
    if (error instanceof BitsmithError && error.code !== 'internal') return null;
    throw error;
  }
}
