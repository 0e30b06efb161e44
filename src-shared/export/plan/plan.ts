import {
  isLinear,
  macsOf,
  nonzerosOf,
  type IntegerGraph,
  type IntegerNode,
  type LinearNode,
} from '../ir/graph.ts';
import { consumersOf } from '../passes/consumers.ts';
import { chooseWays, type Choice } from './choose.ts';
import { referenceCost } from './cost.ts';
import { encodingOf, weightBytesOf } from './encoding.ts';
import { fastGroups, type FastGroup } from './fast-groups.ts';
import { pushFast, pushPlanePool } from './fast-steps.ts';
import { readersThrough } from './form.ts';
import { fuse, type Group } from './fuse.ts';
import { Layout } from './layout.ts';
import { DEFAULT_PLAN, type PlanOptions } from './options.ts';
import { pushReference } from './reference-steps.ts';
import { stepKernels, type Plan, type PlannedLayer } from './types.ts';

/**
 * Chooses kernels and packings for every group of nodes, lays out the values and plans the arena.
 *
 * @param vectors whether the core has vectors of 128 bits
 * @throws BitsmithError `unsupported` when a window is too wide for the kernels' 16-bit offsets, `invalid-input` for a
 *   packing that is asked for and does not fit
 */
export function planGraph(graph: IntegerGraph, options: PlanOptions = DEFAULT_PLAN, vectors = false): Plan {
  const { fast, choices, plain } = decide(graph, options);
  const consumers = readersOf(graph);
  const bordered = new Set([...plain.values()].flatMap(({ nodes }) => nodes.map(({ id }) => id)));
  const layout = new Layout(graph, bordered);
  const inFast = new Set([...fast.values()].flatMap(({ nodes }) => nodes.map(({ id }) => id)));
  // Pooling is cheaper in planes, too; what else reads single codes does not want them.
  const wantsPlanes = (id: string) => {
    const readers = readersThrough(consumers, id);
    return readers.some((reader) => inFast.has(reader.id)) || readers.every(isPool);
  };
  const layers: PlannedLayer[] = [];
  for (const node of graph.nodes) {
    const before = layout.steps.length;
    const group = fast.get(node.id);
    const reference = plain.get(node.id);
    if (group) pushFast(group, { layout, choice: choices.get(node.id), wantsPlanes, vectors });
    else if (!reference) continue;
    else if (!isPool(node) || !pushPlanePool(layout, node)) pushReference(layout, reference);
    // A max-pooling of raw bytes is no integer of the graph yet, and a flattening no value of its own.
    if (node.type === 'u8' || node.kind === 'flatten') continue;
    const nodes = group?.nodes ?? reference?.nodes ?? [];
    const steps = Array.from({ length: layout.steps.length - before }, (_, i) => before + i);
    layers.push(layerOf(layout, nodes, steps, choices.get(node.id), group !== undefined));
  }
  return { layers, ...layout.finish() };
}

/** Which nodes the fast kernels compute, and how; the others, in groups of the plain kernels. */
function decide(graph: IntegerGraph, options: PlanOptions) {
  const consumers = consumersOf(graph);
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const only = (id: string): IntegerNode | undefined => {
    const readers = consumers.get(id) ?? [];
    return readers.length === 1 ? byId.get(readers[0] ?? '') : undefined;
  };
  const possible = options.kernels === 'auto' ? fastGroups(graph, only) : new Map<string, FastGroup>();
  const all = chooseWays(graph, possible, options);
  const fast = new Map([...possible].filter(([id]) => all.get(id)?.way.reference !== true));
  const taken = new Set([...fast.values()].flatMap(({ nodes }) => nodes.map(({ id }) => id)));
  const plain = new Map<string, Group>();
  for (const group of fuse(graph, taken)) {
    const last = group.nodes.at(-1);
    if (last) plain.set(last.id, group);
  }
  return { fast, choices: all, plain };
}

function readersOf(graph: IntegerGraph): Map<string, IntegerNode[]> {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  return new Map(
    [...consumersOf(graph)].map(([id, readers]) => [
      id,
      readers.map((reader) => byId.get(reader)).filter((node) => node !== undefined),
    ]),
  );
}

function isPool(node: IntegerNode): node is Extract<IntegerNode, { kind: 'max-pool' | 'sum-pool' }> {
  return node.kind === 'max-pool' || node.kind === 'sum-pool';
}

function layerOf(
  layout: Layout,
  nodes: readonly IntegerNode[],
  steps: readonly number[],
  choice: Choice | undefined,
  fast: boolean,
): PlannedLayer {
  const last = nodes.at(-1);
  if (!last) throw new Error('a layer has no nodes');
  const linear = nodes.filter(isLinear);
  const sum = (count: (part: LinearNode) => number) => linear.reduce((total, part) => total + count(part), 0);
  const way = fast ? choice?.way : undefined;
  const plainPacking = [...new Set(linear.map(({ weights }) => encodingOf(weights)))].join(' + ');
  const kernels = steps.flatMap((index) => {
    const step = layout.steps[index];
    return step && !['pad', 'pack', 'unpack'].includes(step.kind) ? stepKernels(step) : [];
  });
  return {
    id: last.id,
    nodes: nodes.map(({ id }) => id),
    kind: [...new Set(nodes.map(({ kind }) => kind))].join(' + '),
    shape: last.shape,
    kernel: [...new Set(kernels)].join(' + '),
    packing:
      linear.length === 0
        ? ''
        : way
          ? (way.packing ?? (way.ready ? 'offsets' : (way.dense ?? '')))
          : plainPacking,
    weightBytes: way?.weightBytes ?? sum(({ weights }) => weightBytesOf(weights, encodingOf(weights))),
    macs: sum(macsOf),
    nonzeros: sum(({ weights }) => nonzerosOf(weights)),
    estimate: way?.estimate ?? Math.round(sum(referenceCost)),
    alternatives: linear.length > 0 ? (choice?.alternatives ?? []) : [],
    steps,
  };
}
