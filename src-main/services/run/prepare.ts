import { BitsmithError } from '#shared/base/errors.ts';
import { splitDataset } from '#shared/dataset/split.ts';
import { combinationWarnings } from '#shared/model/combination/index.ts';
import { methodsOf } from '#shared/model/resolve.ts';
import { parseRunConfig, resolveRun } from '#shared/run/config.ts';
import { readDatasetInfo } from '../dataset/index.ts';
import type { Store } from '#main/store/index.ts';
import type { PreparedRun } from './run-service.ts';
import { checkWarmStart, readWarmStart, type WarmStart } from './warm-start.ts';

/**
 * Checks a configuration as a whole, before anything is stored: its schema, its data set, every shape and method of its
 * network, that there is a batch to train on and a split to judge pruning rounds by, and the weights that it starts from.
 *
 * @throws BitsmithError naming what, where and what is allowed
 */
export function prepareRun(dataFolder: string, document: unknown, store: Store): PreparedRun {
  const config = parseRunConfig(document);
  const info = readDatasetInfo(dataFolder, config.dataset.name);
  const model = resolveRun(config, info);
  const methods = methodsOf(model);
  const { train, validation } = splitDataset(info, config.dataset, config.seed);
  const { batchSize, epochs } = config.training;
  if (train.length < batchSize) {
    throw new BitsmithError(
      'invalid-input',
      `"training.batchSize" is ${batchSize}, but there are only ${train.length} training samples`,
    );
  }
  if (config.training.pruning?.rounds && validation.length === 0) {
    throw new BitsmithError(
      'invalid-input',
      '"dataset.validation" is 0, but pruning rounds are judged by the accuracy on a validation split',
    );
  }
  checkWarmStart(store, config, model);
  return {
    kind: config.training.pruning?.rounds ? 'prune' : 'train',
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
    warnings: combinationWarnings(model).map(({ layer, reason }) => `layer "${layer}": ${reason}`),
  };
}

/**
 * The numbers that a prepared configuration starts from; null where it starts from random ones.
 *
 * @throws BitsmithError when there are none, or they do not fit its network
 */
export function warmStartOf(store: Store, document: unknown): WarmStart | null {
  const config = document as PreparedConfig;
  if (!config.initialize) return null;
  return readWarmStart(
    store,
    config,
    resolveRun(config, readDatasetInfo(store.folder.root, config.dataset.name)),
  );
}

type PreparedConfig = ReturnType<typeof parseRunConfig>;
