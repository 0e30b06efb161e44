import { BitsmithError } from '#shared/base/errors.ts';
import { normalizationOf } from '#shared/dataset/normalization.ts';
import { splitDataset } from '#shared/dataset/split.ts';
import { parseRunConfig } from '#shared/run/config.ts';
import { createEvaluator } from '#shared/train/evaluate.ts';
import { evaluationBatch } from '#shared/train/measure.ts';
import { predictSamples } from '#shared/train/predictions/predict.ts';
import { partOf } from '#shared/train/predictions/types.ts';
import { probeDevice } from '../../backends/devices.ts';
import { BACK_ENDS } from '../../backends/registry.ts';
import { tf } from '../../backends/tfjs.ts';
import { wasm } from '../../backends/wasm/index.ts';
import { loadSamples } from '../../services/dataset/index.ts';
import { loadTrainedRun } from '../../services/export/load-trained-run.ts';
import type { PredictionJob } from '../protocol.ts';
import type { HostChannel } from './port.ts';

/**
 * Runs a checkpoint's network in its deployment form over the samples of a split.
 *
 * @throws BitsmithError for a damaged checkpoint, missing data, or a split without samples
 */
export async function predictionJob(job: PredictionJob, host: HostChannel): Promise<void> {
  const config = parseRunConfig(job.config, 'the run’s configuration');
  const run = loadTrainedRun(job.dataFolder, job.config, job.checkpoint, job.sha256);
  const indices = splitDataset(run.dataset, config.dataset, config.seed)[job.split];
  if (indices.length === 0) {
    throw new BitsmithError(
      'invalid-input',
      `the run has no ${job.split} samples: "dataset.validation" is 0`,
    );
  }
  const samples = loadSamples(job.dataFolder, run.dataset, partOf(job.split));
  const device = await activate(job.device);
  const evaluator = createEvaluator(tf, run.graph);
  try {
    const predictions = await predictSamples({
      tf,
      evaluator,
      samples,
      indices,
      normalization: normalizationOf(config.dataset.normalization, run.dataset),
      batchSize: evaluationBatch(config.training.batchSize, samples.shape),
      breathe: () => new Promise((resolve) => setImmediate(resolve)),
      report: (done) => host.send({ type: 'predicting', done, of: indices.length }),
    });
    host.send({ type: 'predictions', predictions, datasetSha256: run.dataset.sha256, device });
  } finally {
    evaluator.dispose();
  }
}

/** The wanted back end where it computes truly here, else the one that every machine has. */
async function activate(wanted: string | null): Promise<string> {
  const backEnd = BACK_ENDS.find(({ id }) => id === wanted);
  if (backEnd && (await probeDevice(backEnd)).available) return backEnd.id;
  await wasm.activate();
  return wasm.id;
}
