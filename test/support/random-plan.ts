import type { IntegerGraph } from '#shared/export/ir/graph.ts';
import { OBJECTIVES, PlanOptionsSchema, type PlanOptions } from '#shared/export/plan/options.ts';
import { planGraph } from '#shared/export/plan/plan.ts';
import { Draw } from './random-quantities.ts';

/** Random choices for a graph: any objective, now and then the plain kernels, and for some layers any packing that fits. */
export function randomPlan(seed: number, graph: IntegerGraph): PlanOptions {
  const draw = new Draw(seed, 'plan');
  const objective = draw.pick(OBJECTIVES);
  if (draw.chance(0.08)) return PlanOptionsSchema.parse({ kernels: 'reference', objective });
  const packing: Record<string, string> = {};
  for (const { id, alternatives } of planGraph(graph, PlanOptionsSchema.parse({ objective })).layers) {
    if (alternatives.length > 0 && draw.chance(0.6)) packing[id] = draw.pick(alternatives).packing;
  }
  return PlanOptionsSchema.parse({ objective, packing });
}
