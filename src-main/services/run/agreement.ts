import type { ServiceOf } from '#shared/contract/api.ts';
import type { runApi } from '#shared/contract/api/run.ts';
import { askProcess, type ForkJob } from '#main/jobs/host/index.ts';
import { checkpointFile } from '#main/platform/data-folder.ts';
import { resolveRunId, type Store } from '#main/store/index.ts';
import { chooseCheckpoint } from '../export/choose-checkpoint.ts';

type Agreement = ServiceOf<typeof runApi>['agreement'];
type Side = Parameters<Agreement>[0]['a'];

/**
 * Holds the weights of two checkpoints against each other, in a process of its own.
 *
 * @throws BitsmithError `not-found` for a run or checkpoint that is not there, `corrupt` for a damaged one
 */
export function compareWeights(store: Store, fork: ForkJob): Agreement {
  const sideOf = ({ run: given, checkpoint: wanted }: Side) => {
    const run = resolveRunId(store.runs, given);
    const record = chooseCheckpoint(run, store.checkpoints.list(run), wanted);
    return {
      name: { run, checkpoint: record.id, epoch: record.epoch, step: record.step },
      file: {
        config: store.runs.config(run),
        checkpoint: checkpointFile(store.folder, run, record.id),
        sha256: record.sha256,
      },
    };
  };
  return async (input) => {
    const [a, b] = [sideOf(input.a), sideOf(input.b)];
    const job = { dataFolder: store.folder.root, a: a.file, b: b.file };
    const question = { type: 'compare-weights' as const, job };
    const { agreement } = await askProcess(fork, a.name.run, 'compares weights', question, 'agreement');
    const layers = agreement.layers.map((layer) => ({ ...layer, shape: [...layer.shape] }));
    return { a: a.name, b: b.name, layers, left: agreement.left };
  };
}
