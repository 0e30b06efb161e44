import { BitsmithError } from '#shared/base/errors.ts';
import type { SparsityReport } from '#shared/prune/sparsity-report.ts';
import { askProcess, type ForkJob } from '#main/jobs/host/index.ts';
import { checkpointFile } from '#main/platform/data-folder.ts';
import type { Store } from '#main/store/index.ts';

/**
 * The sparsity of a run's network at its final checkpoint, else its newest, measured in a process of its own.
 *
 * @throws BitsmithError `not-found` where the run has no checkpoint, `corrupt` where it is damaged
 */
export async function measureRunSparsity(
  store: Store,
  fork: ForkJob,
  run: string,
  samples: number,
): Promise<SparsityReport> {
  const records = store.checkpoints.list(run);
  const record = records.findLast(({ kind }) => kind === 'final') ?? records.at(-1);
  if (!record) throw new BitsmithError('not-found', `run ${run} has no checkpoint yet`, { run });
  const job = {
    config: store.runs.config(run),
    dataFolder: store.folder.root,
    checkpoint: checkpointFile(store.folder, run, record.id),
    sha256: record.sha256,
    samples,
  };
  const question = { type: 'measure-sparsity' as const, job };
  return (await askProcess(fork, run, 'measures sparsity', question, 'sparsity')).report;
}
