import type { TrainedGraph, TrainedNode } from '../export/trained-graph.ts';
import { pads, type ChannelConstants } from './channel-constants.ts';
import { deployedValue } from './deployed-values.ts';

/** What a layer's outputs lose with the constants that it read from removed features. */
export interface LostShift {
  layer: string;
  /** Per output filter; away from borders. */
  shift: Float32Array;
  /** False where padding makes the loss smaller at the border, or the constant was not exact itself. */
  exact: boolean;
}

/** The shift of each convolution and dense layer that reads removed features which are not zero. */
export function lostShifts(
  graph: TrainedGraph,
  constants: ChannelConstants,
  kept: ReadonlyMap<string, readonly number[]>,
): LostShift[] {
  return graph.nodes.flatMap((node) => {
    if (node.kind !== 'conv2d' && node.kind !== 'dense') return [];
    const [input = ''] = node.inputs;
    const values = constants.get(input) ?? [];
    const stays = new Set(kept.get(input));
    const padded = node.kind === 'conv2d' && pads(node.padding);
    const outside = padded ? (node.outside ?? 0) : null;
    const gone = values.flatMap((constant, i) => {
      if (stays.has(i) || !constant) return [];
      const nothing = constant.value === 0 && constant.exact && !outside;
      // Where the padding holds the constant too, it is one number everywhere under the window.
      const exact = constant.exact && (outside === null || constant.value === outside);
      return nothing ? [] : [{ i, value: constant.value, exact }];
    });
    if (gone.length === 0) return [];
    const filters = node.shape.at(-1) ?? 1;
    const positions = node.kind === 'conv2d' ? node.kernel[0] * node.kernel[1] : 1;
    const shift = Float32Array.from({ length: filters }, (_, filter) => {
      let total = 0;
      for (const { i, value } of gone) {
        for (let p = 0; p < positions; p++) {
          total += value * deployedValue(node.weights, (p * values.length + i) * filters + filter, filter);
        }
      }
      return total;
    });
    return [{ layer: node.id, shift, exact: gone.every(({ exact }) => exact) }];
  });
}

/**
 * Gives the shifts back, in place: to the layer's own bias, else to the mean of the batch norm behind it (which training
 * would take out again just so), else to a bias that the layer gets.
 *
 * @param values variables of the network before anything is sliced
 */
export function absorbShifts(
  graph: TrainedGraph,
  shifts: readonly LostShift[],
  values: Record<string, Float32Array>,
  addBias: (layer: string) => void,
): void {
  for (const { layer, shift } of shifts) {
    const bias = values[`${layer}/bias`];
    const norm = bias ? null : batchNormBehind(graph, layer);
    const mean = norm === null ? undefined : values[`${norm}/mean`];
    if (bias) values[`${layer}/bias`] = bias.map((b, f) => b + (shift[f] ?? 0));
    else if (mean) values[`${norm}/mean`] = mean.map((m, f) => m - (shift[f] ?? 0));
    else {
      addBias(layer);
      values[`${layer}/bias`] = shift;
    }
  }
}

/** The batch norm that alone reads a layer's value, through pooling, which commutes with a shift. */
function batchNormBehind(graph: TrainedGraph, layer: string): string | null {
  let from = layer;
  for (;;) {
    const next: TrainedNode[] = graph.nodes.filter(({ inputs }) => inputs.includes(from));
    const [only] = next;
    if (!only || next.length > 1 || graph.output === from) return null;
    if (only.kind === 'batch-norm') return only.id;
    const commutes =
      only.kind === 'max-pool' ||
      only.kind === 'global-average-pool' ||
      (only.kind === 'average-pool' && !only.countPadding);
    if (!commutes) return null;
    from = only.id;
  }
}
