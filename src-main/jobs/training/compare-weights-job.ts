import type { TrainedNode } from '#shared/export/trained-graph.ts';
import { agreementOf, type Agreement, type LayerWeights } from '#shared/run/compare/agreement.ts';
import { loadTrainedRun } from '../../services/export/load-trained-run.ts';
import type { CompareWeightsJob, WeightsFile } from '../protocol.ts';

/** @throws BitsmithError for a damaged checkpoint or a missing data set */
export function compareWeightsJob({ dataFolder, a, b }: CompareWeightsJob): Agreement {
  const layersOf = ({ config, checkpoint, sha256 }: WeightsFile): LayerWeights[] =>
    loadTrainedRun(dataFolder, config, checkpoint, sha256).graph.nodes.flatMap(weightsOf);
  return agreementOf(layersOf(a), layersOf(b));
}

function weightsOf(node: TrainedNode): LayerWeights[] {
  if (!('weights' in node)) return [];
  const { id, weights, shape } = node;
  const count = weights.float?.length ?? weights.levels[0]?.codes.length ?? 0;
  const outputs = shape.at(-1) ?? 1;
  const kernel = 'kernel' in node ? [...node.kernel] : [];
  const inner = kernel.reduce((product, size) => product * size, 1);
  return [
    {
      id,
      shape:
        node.kind === 'depthwise-conv2d'
          ? [...kernel, outputs]
          : [...kernel, count / inner / outputs, outputs],
      weights,
    },
  ];
}
