import type { ResolvedModel } from '../../model/resolve.ts';
import { layerBytes } from '../report/planned-layers.ts';
import { isLinear, macsOf, type IntegerGraph } from '../ir/graph.ts';
import type { Plan, PlannedLayer } from '../plan/types.ts';
import { dependsOnWeights, tableShares, type StepNames } from './table-shares.ts';
import type { LayerEstimate } from './types.ts';

/** The layer of the specification from which an integer node was made: ids of nodes are the layer's, or begin with it. */
function originOf(node: string, output: string): string {
  return node === output ? '' : (node.split('.')[0] ?? node);
}

/**
 * What each layer of a specification takes of a plan, in its order. Weights belong to the layer that has them, thresholds
 * to the activation, the tables of the logits and what belongs to no layer to the last one.
 */
export function layerEstimates(
  model: ResolvedModel,
  graph: IntegerGraph,
  plan: Plan,
  names: StepNames,
): LayerEstimate[] {
  const last = model.layers.at(-1)?.spec.id ?? '';
  const known = new Set(model.layers.map(({ spec }) => spec.id));
  const origin = (node: string) => {
    const found = originOf(node, graph.output);
    return known.has(found) ? found : last;
  };
  const rows = new Map(model.layers.map(({ spec }) => [spec.id, emptyRow(spec.id)]));
  const row = (node: string) => rows.get(origin(node)) ?? emptyRow(last);
  for (const { node, bytes } of tableShares(plan, graph, names)) row(node).flashBytes += bytes;
  const bytes = layerBytes({ plan, ...names });
  plan.layers.forEach((planned, index) => {
    addPlanned(planned, { graph, row, origin });
    const value = row(planned.id);
    value.valueBytes += bytes[index]?.activation ?? 0;
    row(linearNode(planned, graph) ?? planned.id).scratchBytes += bytes[index]?.scratch ?? 0;
  });
  return withComputedBy(model, [...rows.values()]);
}

function emptyRow(id: string): LayerEstimate {
  return {
    id,
    flashBytes: 0,
    flashCertainty: 'exact',
    valueBytes: 0,
    scratchBytes: 0,
    computedBy: '',
    kernel: '',
    packing: '',
    macs: 0,
    instructions: null,
  };
}

function linearNode({ nodes }: PlannedLayer, graph: IntegerGraph): string | undefined {
  return nodes.find((id) => graph.nodes.some((node) => node.id === id && isLinear(node)));
}

/** What the planner says of one observed layer, at the layers of the specification that it computes. */
function addPlanned(
  planned: PlannedLayer,
  {
    graph,
    row,
    origin,
  }: { graph: IntegerGraph; row: (node: string) => LayerEstimate; origin: (node: string) => string },
): void {
  const end = origin(planned.id);
  const linear = planned.nodes.filter((id) => graph.nodes.some((node) => node.id === id && isLinear(node)));
  for (const id of planned.nodes) {
    const mine = row(id);
    mine.computedBy ||= end;
    mine.kernel ||= planned.kernel;
  }
  for (const id of linear) {
    const node = graph.nodes.find((candidate) => candidate.id === id);
    const mine = row(id);
    if (node && isLinear(node)) mine.macs += macsOf(node);
    mine.packing ||= planned.packing;
    if (dependsOnWeights(planned.packing)) mine.flashCertainty = 'data';
    mine.instructions = (mine.instructions ?? 0) + Math.round(planned.estimate / linear.length);
  }
}

/** Layers without a node of their own (a batch norm, a flattening) are computed by the next one that has one. */
function withComputedBy(model: ResolvedModel, rows: LayerEstimate[]): LayerEstimate[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const last = rows.at(-1);
  if (last) last.computedBy ||= last.id;
  for (const { spec } of model.layers.toReversed()) {
    const mine = byId.get(spec.id);
    if (!mine || mine.computedBy !== '') continue;
    const reader = model.layers.find(({ inputs }) => inputs.includes(spec.id));
    mine.computedBy = byId.get(reader?.spec.id ?? '')?.computedBy || mine.id;
  }
  return rows;
}
