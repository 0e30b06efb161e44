import type { IntegerGraph } from '../../export/ir/graph.ts';
import { nodesOfLayers } from '../../export/report/layer-nodes.ts';
import type { TrainedGraph } from '../../export/trained-graph.ts';
import type { Lowering } from './trace-lowering.ts';

/** A trained layer as a person knows it. */
export interface CoveredLayer {
  id: string;
  kind: string;
}

/** What each step of the firmware computes. */
export interface Coverage {
  /** Trained layers by observed layer, in the order of the network. */
  layers: ReadonlyMap<string, readonly CoveredLayer[]>;
  /** Nodes of the integer graph by observed layer; the last one is what the step yields. */
  nodes: ReadonlyMap<string, readonly string[]>;
  /** Trained layers of which nothing is left. */
  gone: readonly CoveredLayer[];
}

/**
 * Which trained layers the steps of the firmware cover. A layer that became no node of its own, such as a batch
 * normalisation that went into thresholds, belongs to the steps that read it.
 *
 * @param whole the network before any pass
 * @param observed ids of the layers that the firmware shows, in its order
 */
export function coverageOf(
  whole: Pick<TrainedGraph, 'nodes'>,
  { trained, built }: { trained: Pick<TrainedGraph, 'nodes'>; built: Pick<Lowering['built'], 'nodes'> },
  graph: IntegerGraph,
  observed: readonly string[],
): Coverage {
  const nodes = new Map(
    [...nodesOfLayers(graph, observed)].map(([id, all]) => [id, all.map((one) => one.id)]),
  );
  const stepOf = new Map([...nodes].flatMap(([step, all]) => all.map((id) => [id, step] as const)));
  const left = new Set(graph.nodes.map(({ id }) => id));
  const homes = new Map<string, Set<string>>();
  for (const layer of trained.nodes.toReversed()) {
    const own = (built.nodes.get(layer.id) ?? []).filter(({ id }) => left.has(id));
    const steps = new Set(own.flatMap(({ id }) => stepOf.get(id) ?? []));
    if ((built.nodes.get(layer.id) ?? []).length === 0) {
      for (const reader of trained.nodes) {
        if (reader.inputs.includes(layer.id)) for (const step of homes.get(reader.id) ?? []) steps.add(step);
      }
    }
    homes.set(layer.id, steps);
  }
  const layers = new Map<string, CoveredLayer[]>(observed.map((id) => [id, []]));
  const gone: CoveredLayer[] = [];
  for (const { id, kind } of whole.nodes) {
    const steps = homes.get(id);
    if (!steps || steps.size === 0) gone.push({ id, kind });
    else for (const step of steps) layers.get(step)?.push({ id, kind });
  }
  return { layers, nodes, gone };
}
