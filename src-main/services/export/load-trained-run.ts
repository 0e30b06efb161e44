import * as fs from 'node:fs';
import { BitsmithError } from '#shared/base/errors.ts';
import { normalizationOf } from '#shared/dataset/normalization.ts';
import type { DatasetInfo } from '#shared/dataset/types.ts';
import type { TrainedGraph } from '#shared/export/trained-graph.ts';
import { buildTrainedGraph } from '#shared/model/trained.ts';
import type { ResolvedModel } from '#shared/model/resolve.ts';
import { networkVariables } from '#shared/model/variables.ts';
import { parseRunConfig, resolveRun } from '#shared/run/config.ts';
import { decodeCheckpoint, variableValues } from '#shared/train/checkpoint.ts';
import { guardFiles, sha256 } from '#main/platform/files.ts';
import { loadSamples, readDatasetInfo } from '#main/services/dataset/index.ts';

export interface TrainedRun {
  graph: TrainedGraph;
  model: ResolvedModel;
  dataset: DatasetInfo;
  seed: number;
  /** The first `count` test samples. */
  samples(count: number): Uint8Array[];
}

/**
 * A run's network with the numbers of one of its checkpoints.
 *
 * @throws BitsmithError `corrupt` when the checkpoint is damaged or does not fit the run's network, naming what is wrong
 */
export function loadTrainedRun(
  dataFolder: string,
  document: unknown,
  file: string,
  hash: string,
): TrainedRun {
  const config = parseRunConfig(document, 'the run’s configuration');
  const dataset = readDatasetInfo(dataFolder, config.dataset.name);
  const model = resolveRun(config, dataset);
  const bytes = guardFiles(`cannot read the checkpoint ${file}`, () => fs.readFileSync(file));
  if (sha256(bytes) !== hash) {
    throw new BitsmithError('corrupt', `${file}: its SHA-256 is not the one recorded when it was written`);
  }
  const checkpoint = decodeCheckpoint(bytes, file);
  const values: Record<string, Float32Array> = {};
  for (const variable of networkVariables(model)) {
    const { name, shape } = variable;
    const found = checkpoint.tensors.get(name)?.shape;
    const value = variableValues(checkpoint, variable);
    if (!value || found?.join() !== shape.join()) {
      throw new BitsmithError(
        'corrupt',
        `${file}: tensor "${name}" has shape [${found?.join(', ') ?? 'missing'}], but the network needs [${shape.join(', ')}]`,
      );
    }
    values[name] = value;
  }
  return {
    graph: buildTrainedGraph(model, values, normalizationOf(config.dataset.normalization, dataset)),
    model,
    dataset,
    seed: config.seed,
    samples: (count) => {
      const { images, count: available } = loadSamples(dataFolder, dataset, 'test');
      const size = images.length / available;
      return Array.from({ length: Math.min(count, available) }, (_, i) =>
        images.slice(i * size, (i + 1) * size),
      );
    },
  };
}
