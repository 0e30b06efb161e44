import { measureSparsity } from '#shared/prune/measure-sparsity.ts';
import type { SparsityReport } from '#shared/prune/sparsity-report.ts';
import { tf } from '../../backends/tfjs.ts';
import { wasm } from '../../backends/wasm/index.ts';
import { loadTrainedRun } from '../../services/export/load-trained-run.ts';
import type { SparsityJob } from '../protocol.ts';

/** Measures on the back end that every machine has. @throws BitsmithError for a damaged checkpoint or missing data */
export async function sparsityJob(job: SparsityJob): Promise<SparsityReport> {
  const run = loadTrainedRun(job.dataFolder, job.config, job.checkpoint, job.sha256);
  await wasm.activate();
  return measureSparsity(
    tf,
    run.graph,
    run.samples(job.samples),
    () => new Promise((resolve) => setImmediate(resolve)),
  );
}
