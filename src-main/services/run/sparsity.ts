import { BitsmithError, fromErrorData } from '#shared/base/errors.ts';
import type { SparsityReport } from '#shared/prune/sparsity-report.ts';
import type { ForkJob } from '#main/jobs/host/index.ts';
import { checkpointFile } from '#main/platform/data-folder.ts';
import type { Store } from '#main/store/index.ts';

/**
 * The sparsity of a run's network at its final checkpoint, else its newest, measured in a process of its own.
 *
 * @throws BitsmithError `not-found` where the run has no checkpoint, `corrupt` where it is damaged
 */
export function measureRunSparsity(
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
  return new Promise((resolve, reject) => {
    const port = fork(run);
    port.onMessage((message) => {
      if (message.type === 'sparsity') resolve(message.report);
      else if (message.type === 'failed') reject(fromErrorData(message.error));
    });
    port.onExit(({ code, signal, lastLine }) => {
      const how = signal ? `was ended by ${signal}` : `ended with status ${code ?? 'unknown'}`;
      const why = lastLine ? `: ${lastLine}` : '';
      reject(new BitsmithError('internal', `the process that measures sparsity ${how}${why}`, { run }));
    });
    port.send({ type: 'measure-sparsity', job });
  });
}
