import { BitsmithError } from '#shared/base/errors.ts';
import { estimateDeployment } from '#shared/export/estimate/estimate-deployment.ts';
import { parseRunConfig, resolveRun } from '#shared/run/config.ts';
import { readDatasetInfo } from '../../services/dataset/index.ts';
import type { EstimateJob, EstimateRow } from '../protocol.ts';

/** What the networks of some configurations would take. One that cannot be planned does not keep the others from it. */
export function estimateJob({ configs, dataFolder, target }: EstimateJob): EstimateRow[] {
  return configs.map((document) => {
    try {
      const config = parseRunConfig(document, 'the run’s configuration');
      const dataset = readDatasetInfo(dataFolder, config.dataset.name);
      const model = resolveRun(config, dataset);
      const { sound } = dataset;
      const result = estimateDeployment(model, { target, training: config.training, sound });
      return result.ok ? result.estimate.total : (result.problems[0]?.message ?? 'it cannot be deployed');
    } catch (error) {
      if (error instanceof BitsmithError && error.code !== 'internal') return error.message;
      throw error;
    }
  });
}
