import { splitDataset } from '#shared/dataset/split.ts';
import { costReport } from '#shared/model/cost.ts';
import type { ResolvedModel } from '#shared/model/resolve.ts';
import { networkVariables } from '#shared/model/variables.ts';
import type { RunConfig } from '#shared/run/config.ts';
import { slotNames } from '#shared/train/optimizers/index.ts';

export interface LaunchEstimate {
  epochs: number;
  stepsPerEpoch: number;
  steps: number;
  trainingSamples: number;
  parameters: number;
  /** Bytes of one checkpoint: every variable, and the optimizer's moments of each that is trained. */
  checkpointBytes: number;
  /** Of those that are kept at the same time at most. */
  keptBytes: number;
}

/** The newest two, the best and the final one are kept. */
const KEPT = 4;

/** What a run will do and what it will leave on the disk. */
export function launchEstimate(
  config: RunConfig,
  model: ResolvedModel,
  counts: { train: number; test: number },
): LaunchEstimate {
  const { epochs, batchSize, optimizer } = config.training;
  const trainingSamples = splitDataset(counts, config.dataset, config.seed).train.length;
  const stepsPerEpoch = Math.floor(trainingSamples / batchSize);
  const slots = slotNames(optimizer).length;
  const checkpointBytes = networkVariables(model).reduce((sum, { shape, states, trainable }) => {
    const size = shape.reduce((product, extent) => product * extent, 1);
    return sum + size * (states ? 1 : 4) + (trainable ? size * 4 * slots : 0);
  }, 0);
  return {
    epochs,
    stepsPerEpoch,
    steps: stepsPerEpoch * epochs,
    trainingSamples,
    parameters: costReport(model).total.parameters,
    checkpointBytes,
    keptBytes: checkpointBytes * Math.min(KEPT, Math.ceil(epochs / config.training.checkpointEvery) + 1),
  };
}
