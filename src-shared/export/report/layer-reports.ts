import { isLinear, nonzerosOf, type IntegerGraph } from '../ir/graph.ts';
import type { SparsityReport } from '../../prune/sparsity-report.ts';
import { macsByType } from './cost.ts';
import { nodesOfLayers } from './layer-nodes.ts';
import type { LayerBytes } from './planned-layers.ts';
import type { LayerReport } from './schema.ts';

/** A layer as plan and manifest have it. What older bundles do not say may be absent. */
export interface LayerFacts {
  id: string;
  kind: string;
  shape: readonly number[];
  kernel: string;
  packing?: string | undefined;
  weightBytes: number;
  estimate?: number | null | undefined;
  alternatives?: readonly { packing: string; weightBytes: number; estimate: number }[] | undefined;
}

/**
 * The report of every layer, in the order of the firmware.
 *
 * @param bytes by layer; null: not known
 * @param sparsity of the same graph, or null
 * @param measured instructions by layer id, as counted on an emulated board
 */
export function layerReports(
  graph: IntegerGraph,
  layers: readonly LayerFacts[],
  bytes: readonly LayerBytes[] | null,
  sparsity: SparsityReport | null,
  measured: ReadonlyMap<string, number> = new Map(),
): LayerReport[] {
  const nodes = nodesOfLayers(
    graph,
    layers.map(({ id }) => id),
  );
  return layers.map((layer, index) => {
    const linear = (nodes.get(layer.id) ?? []).filter(isLinear);
    const mine = new Set(linear.map(({ id }) => id));
    const own = bytes?.[index];
    return {
      id: layer.id,
      kind: layer.kind,
      shape: [...layer.shape],
      kernel: layer.kernel,
      packing: layer.packing ?? '',
      weightBytes: layer.weightBytes,
      thresholdBytes: own ? Math.max(0, own.tables - layer.weightBytes) : null,
      activationBytes: own?.activation ?? null,
      scratchBytes: own?.scratch ?? null,
      weights: linear.reduce((sum, { weights }) => sum + weights.codes.length, 0),
      nonzeros: linear.reduce((sum, { weights }) => sum + nonzerosOf(weights), 0),
      macs: macsByType(graph, linear),
      sparsity: sparsity?.layers.filter(({ id }) => mine.has(id)) ?? [],
      estimatedInstructions: layer.estimate ?? null,
      measuredInstructions: measured.get(layer.id) ?? null,
      alternatives: (layer.alternatives ?? []).map(({ packing, weightBytes, estimate }) => ({
        packing,
        weightBytes,
        estimatedInstructions: estimate,
      })),
    };
  });
}
