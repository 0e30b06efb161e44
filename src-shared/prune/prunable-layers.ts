import { BitsmithError } from '../base/errors.ts';
import { layerKindOf } from '../model/layers/registry.ts';
import type { ResolvedModel } from '../model/resolve.ts';
import type { WeightShape } from '../quant/types.ts';
import { channelSpaces } from './channel-spaces.ts';
import type { Pruning } from './config.ts';
import { structuredUnits } from './units.ts';

/** A layer that gets a mask. */
export interface PrunableChoice {
  id: string;
  shape: WeightShape;
  /** Layers with the same word share their channel mask (granularity `channel` only). */
  coupling?: string;
}

/**
 * The layers that a plan of pruning masks: those with weights, but for those whose own sparsity is the constant 0, and
 *   group    those with fewer input channels than a group has (the first convolution, depthwise ones)
 *   channel  those whose channels are the classes, or are tied to those of the samples or of a shortcut that adds channels
 *
 * @throws BitsmithError `invalid-input` where "training.pruning" names a layer that cannot be pruned so, gives coupled
 * layers unlike sparsities, or leaves no layer to prune
 */
export function prunableLayers(model: ResolvedModel, pruning: Pruning): PrunableChoice[] {
  const weighted = weightedLayers(model);
  checkNames(weighted, pruning);
  const excluded =
    pruning.granularity === 'channel' ? fixedChannels(model, weighted) : new Map<string, string>();
  if (pruning.granularity === 'group') {
    for (const { id, shape } of weighted) {
      const { inputs } = structuredUnits(shape, pruning);
      if (inputs >= pruning.groupChannels) continue;
      const channels = inputs === 1 ? 'one input channel' : `${inputs} input channels`;
      excluded.set(id, `its filters have ${channels}, fewer than the ${pruning.groupChannels} of a group`);
    }
  }
  const impossible = Object.entries(pruning.layers).find(([id]) => excluded.has(id) && !isZero(pruning, id));
  if (impossible) throw refuse(`layers.${impossible[0]}`, `cannot be pruned: ${excluded.get(impossible[0])}`);
  const couplings = pruning.granularity === 'channel' ? couple(model, pruning) : new Map<string, string>();
  const chosen = weighted
    .filter(
      ({ id }) => !excluded.has(id) && !isZero(pruning, couplings.get(id) ?? id) && !isZero(pruning, id),
    )
    .map((layer) => {
      const coupling = couplings.get(layer.id);
      return coupling === undefined ? layer : { ...layer, coupling };
    });
  if (chosen.length > 0) return chosen;
  const why = [...excluded].map(([id, reason]) => `"${id}": ${reason}`).join('; ');
  throw refuse('', `leaves no layer to prune${why ? ` (${why})` : ''}`);
}

function weightedLayers(model: ResolvedModel): PrunableChoice[] {
  return model.layers.flatMap((layer) => {
    const shape = layerKindOf(layer.spec.kind).kernel?.(layer.spec, layer.inputShapes);
    return shape ? [{ id: layer.spec.id, shape }] : [];
  });
}

function checkNames(weighted: readonly PrunableChoice[], pruning: Pruning): void {
  const known = weighted.map(({ id }) => id);
  const unknown = Object.keys(pruning.layers).find((id) => !known.includes(id));
  if (unknown === undefined) return;
  throw refuse(
    `layers.${unknown}`,
    `is no layer with weights of this network; those are: ${known.join(', ')}`,
  );
}

/** Why a layer's channels must stay, by its id. */
function fixedChannels(model: ResolvedModel, weighted: readonly PrunableChoice[]): Map<string, string> {
  const spaces = channelSpaces(model);
  const output = spaces.get(model.layers.at(-1)?.spec.id ?? '');
  return new Map(
    weighted.flatMap(({ id }) => {
      const space = spaces.get(id);
      if (!space?.fixed) return [];
      const reason =
        space === output
          ? 'its channels are the classes'
          : 'its channels are tied to those of the samples or of a shortcut';
      return [[id, reason] as const];
    }),
  );
}

/** The layer that stands for all layers with weights of its channel space: one with a sparsity of its own, else the first. */
function couple(model: ResolvedModel, pruning: Pruning): Map<string, string> {
  const weighted = new Set(weightedLayers(model).map(({ id }) => id));
  const couplings = new Map<string, string>();
  for (const space of new Set(channelSpaces(model).values())) {
    const ids = space.values.filter((id) => weighted.has(id));
    if (ids.length < 2) continue;
    const named = ids.filter((id) => pruning.layers[id] !== undefined);
    const leader = named[0] ?? ids[0] ?? '';
    const unlike = named.find(
      (id) => JSON.stringify(pruning.layers[id]) !== JSON.stringify(pruning.layers[leader]),
    );
    if (unlike !== undefined) {
      throw refuse(
        `layers.${unlike}`,
        `differs from that of "${leader}", but both layers share their channels; give them the same sparsity`,
      );
    }
    for (const id of ids) couplings.set(id, leader);
  }
  return couplings;
}

function isZero({ layers }: Pruning, id: string): boolean {
  const own = layers[id];
  return own?.kind === 'constant' && own.value === 0;
}

function refuse(path: string, problem: string): BitsmithError {
  const where = path ? `training.pruning.${path}` : 'training.pruning';
  return new BitsmithError('invalid-input', `"${where}" ${problem}`, { path: where });
}
