import { layerKindOf } from '../model/layers/registry.ts';
import { resolveModel, type QuantizationRules, type ResolvedModel } from '../model/resolve.ts';
import type { ModelSpec } from '../model/spec.ts';
import { buildTrainedGraph } from '../model/trained.ts';
import type { LayerSpecBase } from '../model/types.ts';
import { networkVariables } from '../model/variables.ts';
import { absorbShifts, lostShifts } from './absorb-constants.ts';
import { channelConstants } from './channel-constants.ts';
import { keptFeatures } from './kept-channels.ts';
import { sliceAxes } from './slice.ts';
import { structuredUnits, unitOf } from './units.ts';

/** A network without its masked filters. */
export interface SmallerNetwork {
  spec: ModelSpec;
  /** Every variable of the smaller network but its masks, by name. */
  values: Record<string, Float32Array>;
  /** Layers with weights that lost filters. */
  layers: { id: string; before: number; after: number }[];
  /** Masked filters that had to stay, since a layer that shares their channel keeps it. Their weights are zero now. */
  left: number;
  /**
   * Layers that read a removed constant across padding: there the smaller network differs at the borders. Empty: its
   * logits are those of the masked network up to rounding, where no method takes statistics over whole kernels.
   */
  inexact: string[];
}

/**
 * Removes the filters whose masks are all zero: in the layer itself, in what keeps its channels (batch norm, activation,
 * pooling, depthwise convolution, the other branches of an add), and as input slices of what reads them. A removed
 * channel was a constant; what it added to a following layer goes into that layer's bias or batch norm, which is exact
 * but at padded borders. Methods that take thresholds or scales over a whole kernel find fewer weights in the layers
 * that follow, so that those change too; fine-tuning repairs both.
 *
 * @param values variables by name, masks included; left as they are
 */
export function removeChannels(
  model: ResolvedModel,
  rules: QuantizationRules,
  given: Record<string, Float32Array>,
): SmallerNetwork {
  const graph = buildTrainedGraph(model, given, {
    zero: new Array<number>(model.inputShape.at(-1) ?? 1).fill(0),
    scale: 1,
  });
  const masked = maskedFilters(model, given);
  const isMasked = (layer: string, filter: number) => masked.get(layer)?.has(filter) ?? false;
  const constants = channelConstants(model, graph, isMasked);
  const kept = keptFeatures(model, graph, constants, isMasked);
  const values = zeroMasked(model, given);
  const shifts = lostShifts(graph, constants, kept);
  const biased = new Set<string>();
  absorbShifts(graph, shifts, values, (layer) => biased.add(layer));
  const spec: ModelSpec = {
    version: 1,
    name: model.name,
    input: { shape: model.inputShape as [number, number, number] },
    layers: model.layers.map(({ spec: layer }) =>
      smaller(layer, kept.get(layer.id) ?? [], biased.has(layer.id)),
    ),
  };
  const layers = [...masked.keys()].flatMap((id) => {
    const before = model.layers.find((layer) => layer.spec.id === id)?.shape.at(-1) ?? 0;
    const after = kept.get(id)?.length ?? before;
    return after < before ? [{ id, before, after }] : [];
  });
  const stays = (layer: string, filters: ReadonlySet<number>) =>
    (kept.get(layer) ?? []).filter((filter) => filters.has(filter)).length;
  return {
    spec,
    values: slicedValues(model, resolveModel(spec, rules), values, kept),
    layers,
    left: [...masked].reduce((sum, [layer, filters]) => sum + stays(layer, filters), 0),
    inexact: shifts.filter(({ exact }) => !exact).map(({ layer }) => layer),
  };
}

/** The filters of each masked layer that have no open weight. */
function maskedFilters(model: ResolvedModel, values: Record<string, Float32Array>): Map<string, Set<number>> {
  return new Map(
    model.layers.flatMap(({ spec, inputShapes }) => {
      const shape = layerKindOf(spec.kind).kernel?.(spec, inputShapes);
      const mask = values[`${spec.id}/mask`];
      if (!shape || !mask) return [];
      const units = structuredUnits(shape, { granularity: 'channel', groupChannels: 1 });
      const closed = new Set(Array.from({ length: shape.filters }, (_, filter) => filter));
      mask.forEach((open, i) => open !== 0 && closed.delete(unitOf(units, i)));
      return [[spec.id, closed] as const];
    }),
  );
}

/** A copy of the variables in which masked weights are zero. */
function zeroMasked(
  model: ResolvedModel,
  values: Record<string, Float32Array>,
): Record<string, Float32Array> {
  const copy = { ...values };
  for (const { spec } of model.layers) {
    const kernel = values[`${spec.id}/kernel`];
    const mask = values[`${spec.id}/mask`];
    if (kernel && mask) copy[`${spec.id}/kernel`] = kernel.map((w, i) => (mask[i] === 0 ? 0 : w));
  }
  return copy;
}

function smaller(spec: LayerSpecBase, kept: readonly number[], biased: boolean): LayerSpecBase {
  return {
    ...spec,
    ...(spec.kind === 'conv2d' ? { filters: kept.length } : {}),
    ...(spec.kind === 'dense' ? { units: kept.length } : {}),
    ...(biased ? { bias: true } : {}),
  };
}

/** The values of the smaller network's variables, cut out of those of the old one. */
function slicedValues(
  before: ResolvedModel,
  after: ResolvedModel,
  values: Record<string, Float32Array>,
  kept: ReadonlyMap<string, readonly number[]>,
): Record<string, Float32Array> {
  const oldShapes = new Map(networkVariables(before).map(({ name, shape }) => [name, shape]));
  const sliced = networkVariables(after).map(({ name, shape, layer, short }) => {
    const outputs = kept.get(layer) ?? [];
    const value = values[name];
    const oldShape = oldShapes.get(name) ?? (short === 'bias' ? [value?.length ?? 0] : undefined);
    if (!value || !oldShape) throw new RangeError(`there is no variable ${name} to cut from`);
    const resolved = before.layers.find(({ spec }) => spec.id === layer);
    const kernel = resolved && layerKindOf(resolved.spec.kind).kernel?.(resolved.spec, resolved.inputShapes);
    const inputs = kept.get(resolved?.inputs[0] ?? '') ?? [];
    const axes = oldShape.map((extent, axis) => {
      if (kernel && oldShape.join() === kernel.shape.join()) {
        if (axis === kernel.filterAxis) return outputs;
        return axis === kernel.filterAxis - 1 && kernel.filterAxis === oldShape.length - 1 ? inputs : null;
      }
      return extent === shape[axis] ? null : outputs;
    });
    const cut = sliceAxes(value, oldShape, axes);
    if (cut.length !== shape.reduce((product, extent) => product * extent, 1)) {
      throw new RangeError(
        `variable ${name} was cut to ${cut.length} numbers, but has shape [${shape.join(', ')}]`,
      );
    }
    return [name, cut] as const;
  });
  return Object.fromEntries(sliced);
}
