import { activationBefore } from '../combination/graph.ts';
import { isSign } from '../combination/ranges.ts';
import { insertBefore } from '../edit/insert.ts';
import type { NetworkDocument } from '../edit/network.ts';
import { newLayer } from '../edit/new-layer.ts';
import { weightBits, type ResolvedModel } from '../resolve.ts';
import type { ModelSpec } from '../spec.ts';
import type { ResolvedLayer } from '../types.ts';
import type { Lint } from './types.ts';

/** Batch norm, activation and pooling around layers of few bits, in an order that costs accuracy, speed or the export. */
export function layerOrder(model: ResolvedModel): Lint[] {
  return model.layers.flatMap((layer) => [
    ...signWithoutNorm(model, layer),
    ...normBehindActivation(model, layer),
    ...averageBeforeConvolution(model, layer),
  ]);
}

const source = (model: ResolvedModel, layer: ResolvedLayer) =>
  model.layers.find(({ spec }) => spec.id === layer.inputs[0]);

/** The sign of sums that nothing has centred: some channels are the same for nearly every sample. */
function signWithoutNorm(model: ResolvedModel, layer: ResolvedLayer): Lint[] {
  const { activation, spec } = layer;
  if (!activation || !isSign(activation)) return [];
  const sums = throughPools(model, layer);
  if (!sums?.weights) return [];
  return [
    {
      rule: 'sign-without-norm',
      layer: spec.id,
      severity: 'warning',
      message:
        `layer "${spec.id}": it takes the signs of what layer "${sums.spec.id}" sums up without a batch norm between; with one, ` +
        'each channel finds its own threshold, and the firmware folds it away at no cost',
      fix: {
        title: 'Insert a batch norm',
        apply: (network) => withNormBefore(network, spec.id),
      },
    },
  ];
}

/** What a layer reads, with pooling and dropout looked through. */
function throughPools(model: ResolvedModel, layer: ResolvedLayer): ResolvedLayer | undefined {
  const before = source(model, layer);
  const passes = before && ['max-pool', 'average-pool', 'dropout'].includes(before.spec.kind);
  return passes ? throughPools(model, before) : before;
}

function withNormBefore(spec: ModelSpec, id: string): ModelSpec {
  const network = spec as unknown as NetworkDocument;
  return insertBefore(network, id, newLayer(network, 'batch-norm')) as unknown as ModelSpec;
}

/** A batch norm behind the activation makes codes into floating point again, and the next layer reads that. */
function normBehindActivation(model: ResolvedModel, layer: ResolvedLayer): Lint[] {
  if (!layer.weights) return [];
  const norm = throughPools(model, layer);
  if (norm?.spec.kind !== 'batch-norm') return [];
  const activation = activationBefore(model, norm);
  if (!activation?.activation || activation.outputBits >= 32) return [];
  return [
    {
      rule: 'norm-behind-activation',
      layer: norm.spec.id,
      severity: 'warning',
      message:
        `layer "${norm.spec.id}": it stands behind activation "${activation.spec.id}", so that layer "${layer.spec.id}" reads ` +
        'floating-point values and cannot be exported; put it before the activation',
    },
  ];
}

/** Averages of codes are sums in the firmware; its bit planes hold −1, 0 and +1. */
function averageBeforeConvolution(model: ResolvedModel, layer: ResolvedLayer): Lint[] {
  if (layer.spec.kind !== 'conv2d' || weightBits(layer) > 2) return [];
  const pool = source(model, layer);
  if (pool?.spec.kind !== 'average-pool' || !activationBefore(model, pool)) return [];
  return [
    {
      rule: 'average-before-convolution',
      layer: pool.spec.id,
      severity: 'information',
      message:
        `layer "${pool.spec.id}": layer "${layer.spec.id}" reads its averages, which the firmware keeps as sums of several ` +
        'bits, so that its bit-plane kernels cannot take them; average before the activation instead',
    },
  ];
}
