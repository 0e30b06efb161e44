import { PASSING_LIMIT } from '../arithmetic/fixed-point.ts';
import { poolSumLimits } from '../arithmetic/sum-limit.ts';
import { channelsOf, type IntegerGraph, type IntegerNode } from '../ir/graph.ts';
import type { TrainedAdd, TrainedGraph, TrainedNode } from '../trained-graph.ts';
import { lowerActivation, lowerAdd, lowerBatchNorm, lowerFlatten } from './lower-elementwise.ts';
import { lowerLinear } from './lower-linear.ts';
import { lowerOutput } from './lower-output.ts';
import { lowerAveragePool, lowerMaxPool } from './lower-pool.ts';
import { lowerShortcut } from './lower-shortcut.ts';
import type { Pending, Term } from './pending.ts';
import { refuse } from './refuse.ts';

/** Walks the trained graph once and turns every layer into integer nodes; floating-point arithmetic stays pending. */
export function buildIntegerGraph(graph: TrainedGraph): IntegerGraph {
  return buildWithValues(graph).graph;
}

/** The integer graph before its passes, and what its integers stand for. */
export interface BuiltGraph {
  graph: IntegerGraph;
  /** The value of each trained layer: integers of nodes, and what is pending on them. */
  values: ReadonlyMap<string, Pending>;
  /** The nodes that each trained layer became, the logits among those of the output. */
  nodes: ReadonlyMap<string, readonly IntegerNode[]>;
}

/** The same as `buildIntegerGraph`, with what is known on the way. */
export function buildWithValues(graph: TrainedGraph): BuiltGraph {
  const made = new Map<string, readonly IntegerNode[]>();
  const values = new Map<string, Pending>([['input', inputValue(graph)]]);
  const limits = poolSumLimits(graph);
  const nodes: IntegerNode[] = [];
  const get = (layer: TrainedNode, index: number): Pending =>
    values.get(layer.inputs[index] ?? '') ?? refuse(layer.id, `its input ${layer.inputs[index]} is missing`);
  for (const layer of graph.nodes) {
    const lowered = lowerNode(layer, (index) => get(layer, index), limits);
    nodes.push(...lowered.nodes);
    made.set(layer.id, lowered.nodes);
    values.set(layer.id, lowered.value);
  }
  const last = values.get(graph.output) ?? refuse(graph.output, 'it does not exist');
  const logits = lowerOutput(graph.output, last, graph.classes);
  const id = uniqueId('logits', nodes);
  const output = { ...logits, id };
  made.set(graph.output, [...(made.get(graph.output) ?? []), output]);
  const integer: IntegerGraph = {
    version: 1,
    name: graph.name,
    input: { shape: graph.input.shape, zero: graph.input.zero },
    nodes: [...nodes, output],
    output: id,
    classes: graph.classes,
  };
  return { graph: integer, values, nodes: made };
}

function lowerNode(
  layer: TrainedNode,
  input: (index: number) => Pending,
  limits: ReadonlyMap<string, number>,
): { nodes: IntegerNode[]; value: Pending } {
  switch (layer.kind) {
    case 'conv2d':
    case 'depthwise-conv2d':
    case 'dense':
      return lowerLinear(layer, input(0));
    case 'batch-norm':
      return lowerBatchNorm(layer, input(0));
    case 'max-pool':
      return lowerMaxPool(layer, input(0), limits.get(layer.id) ?? PASSING_LIMIT);
    case 'average-pool':
    case 'global-average-pool':
      return lowerAveragePool(layer, input(0));
    case 'shortcut-a':
      return lowerShortcut(layer, input(0));
    case 'add':
      return lowerSum(
        layer,
        layer.inputs.map((_, index) => input(index)),
      );
    case 'flatten':
      return lowerFlatten(layer, input(0));
    case 'activation':
      return lowerActivation(layer, input(0));
  }
}

/** Two values after the other. */
function lowerSum(layer: TrainedAdd, inputs: readonly Pending[]): { nodes: IntegerNode[]; value: Pending } {
  const [first, ...others] = inputs;
  if (!first) return refuse(layer.id, 'it adds nothing');
  return others.reduce<{ nodes: IntegerNode[]; value: Pending }>(
    ({ nodes, value }, other, index) => {
      const last = index === others.length - 1;
      const sum = lowerAdd({ ...layer, id: last ? layer.id : `${layer.id}.part${index}` }, value, other);
      return { nodes: [...nodes, ...sum.nodes], value: sum.value };
    },
    { nodes: [], value: first },
  );
}

function inputValue({ input }: TrainedGraph): Pending {
  const ranges = input.zero.map((zero) => ({ low: -zero, high: 255 - zero }));
  const term: Term = {
    node: 'input',
    type: 'u8',
    scale: new Float64Array(channelsOf(input.shape)).fill(Math.fround(input.scale)),
    limits: Float64Array.from(ranges, ({ low, high }) => Math.max(-low, high)),
    ranges,
  };
  return { terms: [term], steps: [], shape: input.shape, codes: true };
}

function uniqueId(wanted: string, nodes: readonly IntegerNode[]): string {
  let id = wanted;
  for (let n = 2; nodes.some((node) => node.id === id); n++) id = `${wanted}${n}`;
  return id;
}
