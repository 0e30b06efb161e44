import type { ResolvedModel } from '../model/resolve.ts';
import type { Pruning } from './config.ts';
import { prunableLayers } from './prunable-layers.ts';

/**
 * The network with `pruned` at every layer that a plan of pruning masks.
 *
 * @throws BitsmithError `invalid-input` as `prunableLayers`
 */
export function markPruned(model: ResolvedModel, pruning: Pruning): ResolvedModel {
  const pruned = new Map(prunableLayers(model, pruning).map(({ id, coupling }) => [id, coupling]));
  return {
    ...model,
    layers: model.layers.map((layer) => {
      if (!pruned.has(layer.spec.id)) return layer;
      const coupling = pruned.get(layer.spec.id);
      return { ...layer, pruned: coupling === undefined ? {} : { coupling } };
    }),
  };
}
