import { BitsmithError } from '#shared/base/errors.ts';
import { splitDataset } from '#shared/dataset/split.ts';
import { methodsOf } from '#shared/model/resolve.ts';
import { parseRunConfig, resolveRun } from '#shared/run/config.ts';
import { readDatasetInfo } from '../dataset/index.ts';
import type { PreparedRun } from './run-service.ts';

/**
 * Checks a configuration as a whole, before anything is stored: its schema, its data set, every shape and method of its
 * network, and that there is at least one batch to train on.
 *
 * @throws BitsmithError naming what, where and what is allowed
 */
export function prepareRun(dataFolder: string, document: unknown): PreparedRun {
  const config = parseRunConfig(document);
  const info = readDatasetInfo(dataFolder, config.dataset.name);
  const model = resolveRun(config, info);
  const methods = methodsOf(model);
  const { train } = splitDataset(info, config.dataset, config.seed);
  const { batchSize, epochs } = config.training;
  if (train.length < batchSize) {
    throw new BitsmithError(
      'invalid-input',
      `"training.batchSize" is ${batchSize}, but there are only ${train.length} training samples`,
    );
  }
  return {
    config,
    name: config.name,
    dataset: info.name,
    model: model.name,
    weightMethods: methods.weights,
    activationMethods: methods.activations,
    epochs,
    stepsTotal: Math.floor(train.length / batchSize) * epochs,
    tags: config.tags,
    notes: config.notes,
  };
}
