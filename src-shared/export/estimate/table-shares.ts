import { tableBytes, tablesOf } from '../emit/weights.ts';
import type { IntegerGraph } from '../ir/graph.ts';
import type { Plan, Step } from '../plan/types.ts';

/** Names under which the tables of a plan are made. */
export interface StepNames {
  name: string;
  symbols: readonly string[];
}

/** Tables that hold weights, and what their sums begin with; the others are thresholds, multipliers, biases. */
const WEIGHTS = /^(?:level(\d+)_)?(?:data|signs|codes|nonzero|negative|lanes|ready|start)$/;
/** Packings whose size is decided by the shape alone. */
const FIXED = new Set(['', 'base3', 'masks', 'bits', 'binary', 'ternary', 'bytes', 'planes', 'lanes']);

/** Whether the size of a packing depends on the weights. Several are joined by ` + `. */
export function dependsOnWeights(packing: string): boolean {
  return packing.split(' + ').some((one) => !FIXED.has(one));
}

/** Bytes of every table of a plan, at the node of the integer graph that they belong to. They add up to all tables. */
export function tableShares(
  plan: Plan,
  graph: IntegerGraph,
  { name, symbols }: StepNames,
): { node: string; bytes: number }[] {
  const kinds = new Map(graph.nodes.map(({ id, kind }) => [id, kind]));
  return plan.steps.flatMap((step, index) => {
    const one = { name, symbols: [symbols[index] ?? ''], plan: { ...plan, steps: [step] } };
    const prefix = `${name}_${symbols[index]}_`;
    const finish = finishOwner(plan, index, kinds);
    return tablesOf(one).map((table) => {
      const weights = WEIGHTS.exec(table.name.slice(prefix.length));
      const node = weights ? weightOwner(step, Number(weights[1] ?? 0)) : finish;
      return { node: node ?? finish, bytes: tableBytes([table]) };
    });
  });
}

/** The node whose weights a table holds. */
function weightOwner(step: Step, level: number): string | undefined {
  switch (step.kind) {
    case 'conv2d-levels':
      return step.levels[level]?.node.id;
    case 'conv2d-totals':
      return step.windows[step.levels[level]?.window ?? 0]?.node.id;
    case 'conv2d':
    case 'conv2d-sliced':
    case 'dense':
    case 'dense-sliced':
      return step.node.id;
    default:
      return undefined;
  }
}

/** The node whose thresholds, multipliers or codes the tables of a step hold, in the layer that the step is for. */
function finishOwner({ layers }: Plan, step: number, kinds: ReadonlyMap<string, string>): string {
  const layer = layers.find(({ steps }) => Math.max(...steps) >= step) ?? layers.at(-1);
  const finishing = layer?.nodes.find((id) => kinds.get(id) === 'threshold');
  return finishing ?? layer?.id ?? '';
}
