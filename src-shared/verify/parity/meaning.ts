import type { Value } from '../../export/arithmetic/value.ts';
import type { IntegerGraph, IntegerNode } from '../../export/ir/graph.ts';
import type { BuiltGraph } from '../../export/passes/build-integer-graph.ts';
import { combineTerms } from '../../export/passes/combine-terms.ts';
import type { Pending } from '../../export/passes/pending.ts';
import { poolSumLimits } from '../../export/arithmetic/sum-limit.ts';
import { PASSING_LIMIT } from '../../export/arithmetic/fixed-point.ts';
import type { TrainedGraph } from '../../export/trained-graph.ts';

/** What the integers of a node stand for: the real value of a trained layer. */
export interface Meaning {
  /** The trained layer. */
  layer: string;
  /** real(channel, integer), as training's arithmetic or the fixed point of the deployment form has it. */
  real(channel: number, integer: number): number;
  /** The real difference of two neighbouring integers; null where neighbours are not evenly spaced. */
  unit(channel: number): number | null;
}

/**
 * What the integers of each node stand for, before the passes over the integer graph. A node that is one of several terms
 * of a value stands for nothing alone and is not in the map.
 *
 * @param trained the very graph that was built
 */
export function meaningsOf(trained: TrainedGraph, built: BuiltGraph): Map<string, Meaning> {
  const meanings = new Map<string, Meaning>();
  const note = (node: string, meaning: Meaning) => {
    if (node !== 'input' && !meanings.has(node)) meanings.set(node, meaning);
  };
  const limits = poolSumLimits(trained);
  for (const layer of trained.nodes) {
    const value = built.values.get(layer.id);
    const [input] = layer.inputs;
    const before = built.values.get(input ?? '');
    const nodes = built.nodes.get(layer.id) ?? [];
    // Several terms are combined to one integer where thresholds or a pooling need it.
    if (before && input !== undefined && nodes.some(({ id }) => id === `${layer.id}.sum`)) {
      const limit = layer.kind === 'max-pool' ? (limits.get(layer.id) ?? PASSING_LIMIT) : undefined;
      const sum = combineTerms(layer.id, before, limit).value;
      note(`${layer.id}.sum`, { layer: input, ...singleTerm(sum) });
    }
    if (!value) continue;
    if (value.index) note(value.index.node, { layer: layer.id, ...ranked(value, value.index) });
    const [term] = value.terms;
    if (term && value.terms.length === 1) note(term.node, { layer: layer.id, ...singleTerm(value) });
  }
  const output = built.graph.nodes.find(({ id }) => id === built.graph.output);
  if (output?.kind === 'affine') {
    const unit = 2 ** -output.exponent;
    note(output.id, { layer: trained.output, real: (_, integer) => integer * unit, unit: () => unit });
  }
  return meanings;
}

function singleTerm(value: Value): Pick<Meaning, 'real' | 'unit'> {
  const scaleOf = (channel: number) => value.terms[0]?.scale[channel] ?? 0;
  const real = (channel: number, integer: number) => {
    const product = Math.fround(integer) * scaleOf(channel);
    let y = Math.fround(product + (value.offset?.[channel] ?? 0));
    for (const step of value.steps) {
      y =
        step.kind === 'bias'
          ? Math.fround(y + (step.values[channel] ?? 0))
          : Math.fround(Math.fround(y * (step.factor[channel] ?? 0)) + (step.offset[channel] ?? 0));
    }
    return y;
  };
  const unit = (channel: number) =>
    value.steps.reduce(
      (slope, step) => (step.kind === 'batch-norm' ? slope * (step.factor[channel] ?? 0) : slope),
      scaleOf(channel),
    );
  return { real, unit };
}

/** Codes of several terms: the node holds the place of the level among all of them. */
function ranked(value: Pending, index: NonNullable<Pending['index']>): Pick<Meaning, 'real' | 'unit'> {
  const levels = (index.tables[0] ?? []).map((_, rank) =>
    value.terms.reduce((sum, { scale }, i) => sum + (scale[0] ?? 0) * (index.tables[i]?.[rank] ?? 0), 0),
  );
  return { real: (_, integer) => levels[integer - index.low] ?? NaN, unit: () => null };
}

/** Whether the integers are codes or sums of codes; else they are fixed-point numbers, whose last bits mean little. */
export function isExactNode(node: IntegerNode, graph: IntegerGraph): boolean {
  if (node.kind === 'combine' || node.kind === 'affine') return false;
  if (node.kind !== 'max-pool' && node.kind !== 'flatten' && node.kind !== 'sum-pool') return true;
  const source = graph.nodes.find(({ id }) => id === node.inputs[0]);
  return source === undefined || isExactNode(source, graph);
}
