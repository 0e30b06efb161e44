import type { IntegerGraph } from '../../export/ir/graph.ts';
import type { PlanOptions } from '../../export/plan/options.ts';
import { planGraph } from '../../export/plan/plan.ts';
import type { Step } from '../../export/plan/types.ts';

const ELEMENTS = { u8: 'uint8', i8: 'int8', i32: 'int32' } as const;

/**
 * How the firmware holds the value of each observed layer, as the planner decides it: `2 bit planes`, `int8`, `int32`.
 * Empty where this version would plan other steps than the bundle has.
 *
 * @param vectors whether the bundle's core has vectors of 128 bits
 * @param observed ids of the layers that the firmware shows
 */
export function formsOf(
  graph: IntegerGraph,
  options: PlanOptions,
  vectors: boolean,
  observed: readonly string[],
): ReadonlyMap<string, string> {
  const { layers, steps } = planGraph(graph, options, vectors);
  if (layers.map(({ id }) => id).join() !== observed.join()) return new Map();
  return new Map(layers.map(({ id, steps: own }) => [id, formOf(steps[own.at(-1) ?? -1])]));
}

function formOf(step: Step | undefined): string {
  if (!step || !('to' in step)) return ELEMENTS.i32;
  const { sliced, type } = step.to;
  if (!sliced) return ELEMENTS[type];
  return sliced.planes === 1 ? '1 bit plane' : `${sliced.planes} bit planes`;
}
