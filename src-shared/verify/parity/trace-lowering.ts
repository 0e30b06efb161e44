import { channelsOf, elementsOf, type IntegerGraph, type IntegerNode } from '../../export/ir/graph.ts';
import { buildWithValues, type BuiltGraph } from '../../export/passes/build-integer-graph.ts';
import { checkTrained } from '../../export/passes/check-trained.ts';
import { INTEGER_PASSES, TRAINED_PASSES, type LoweringFacts } from '../../export/passes/lower.ts';
import type { TrainedGraph } from '../../export/trained-graph.ts';
import { interpretAll } from '../interpret.ts';
import { meaningsOf, type Meaning } from './meaning.ts';

/** How an integer of the lowered graph is read as a real number of the trained one. */
export interface Reading extends Meaning {
  /** The trained layer's number of each channel that is left. */
  channels: readonly number[];
  /** All channels that the trained layer has. */
  of: number;
  /** +1 or −1 by channel that is left: the passes turned the sign of some. */
  signs: readonly number[];
  /** Added to an integer by channel that is left: what constants took with them when their channels went. */
  shifts: readonly number[];
}

/** A trained graph and the integer graph that it became, with what belongs to what. */
export interface Lowering {
  /** After the passes over the trained graph: its real values are those of training, but for signs inside a layer. */
  trained: TrainedGraph;
  built: BuiltGraph;
  graph: IntegerGraph;
  /** By node of `graph`. */
  readings: ReadonlyMap<string, Reading>;
}

/**
 * Lowers a network and keeps the books: what each integer of the result stands for in the trained network.
 *
 * @throws BitsmithError as `lower`
 */
export function traceLowering(whole: TrainedGraph): Lowering {
  checkTrained(whole);
  const trained = TRAINED_PASSES.reduce<TrainedGraph>((graph, pass) => pass.run(graph), whole);
  const built = buildWithValues(trained);
  const steps: IntegerGraph[] = [built.graph];
  let facts: Partial<LoweringFacts> = {};
  let full = built.graph;
  for (const pass of INTEGER_PASSES) {
    const before = steps.at(-1) ?? built.graph;
    if (pass.id === 'remove-dead-channels') full = before;
    steps.push(pass.run(before, (found) => (facts = { ...facts, ...found })));
  }
  const graph = steps.at(-1) ?? built.graph;
  const signs = signsOf(built.graph, full, facts.turned ?? []);
  const kept = new Map((facts.deadChannels?.removed ?? []).map((one) => [one.node, one.kept]));
  const meanings = meaningsOf(trained, built);
  const readings = new Map<string, Reading>();
  const shiftsOf = shiftFinder(full, graph, kept);
  for (const node of graph.nodes) {
    const meaning = meanings.get(node.id);
    const before = full.nodes.find(({ id }) => id === node.id);
    if (!meaning || !before) continue;
    const of = channelsOf(before.shape);
    const channels = kept.get(node.id) ?? Array.from({ length: of }, (_, i) => i);
    const shifts = shiftsOf(node, channels, of);
    if (!shifts) continue;
    const sign = signs.get(node.id);
    readings.set(node.id, {
      ...meaning,
      channels,
      of,
      signs: channels.map((channel) => (sign?.(channel) ? -1 : 1)),
      shifts,
    });
  }
  return { trained, built, graph, readings };
}

type Turned = (channel: number) => boolean;

/** Which channels of which nodes have the other sign than before `fold-direction` and `turn-codes`. */
function signsOf(
  before: IntegerGraph,
  after: IntegerGraph,
  turned: LoweringFacts['turned'],
): Map<string, Turned> {
  const signs = new Map<string, Turned>();
  const codesTurned = new Set(turned.map(({ node }) => node));
  for (const node of before.nodes) {
    // Falling thresholds that rise now, and whose codes are as they were: the sums in front of them were negated.
    const now = after.nodes.find(({ id }) => id === node.id);
    if (node.kind !== 'threshold' || now?.kind !== 'threshold' || codesTurned.has(node.id)) continue;
    const { direction } = node;
    const falls = (channel: number) => (direction[channel] ?? 1) < 0 && (now.direction[channel] ?? 1) > 0;
    if (direction.some((_, channel) => falls(channel))) signs.set(node.inputs[0] ?? '', falls);
  }
  for (const { node, channels, of } of turned) {
    const set = new Set(channels);
    spread(after, node, (channel) => set.has(channel % of), signs);
  }
  return signs;
}

/** Flattening and summing keep the sign of what they read; everything else takes it into its weights. */
function spread(graph: IntegerGraph, id: string, turns: Turned, signs: Map<string, Turned>): void {
  signs.set(id, turns);
  for (const reader of graph.nodes) {
    if ((reader.kind === 'flatten' || reader.kind === 'sum-pool') && reader.inputs.includes(id))
      spread(graph, reader.id, turns, signs);
  }
}

/**
 * What sums lost to constants when channels were removed: one number a channel for every sample, and so that of any one
 * sample. Codes never lose anything.
 *
 * @returns null for a value that did not lose one number a channel
 */
function shiftFinder(full: IntegerGraph, graph: IntegerGraph, kept: ReadonlyMap<string, readonly number[]>) {
  const probe = new Uint8Array(elementsOf(graph.input.shape));
  let values: { full: Map<string, Int32Array>; graph: Map<string, Int32Array> } | undefined;
  return (node: IntegerNode, channels: readonly number[], of: number): number[] | null => {
    const none = channels.map(() => 0);
    if (kept.size === 0 || !losesConstants(node, graph)) return none;
    values ??= { full: interpretAll(full, probe).values, graph: interpretAll(graph, probe).values };
    const [before, after] = [values.full.get(node.id), values.graph.get(node.id)];
    if (!before || !after) return none;
    const shifts = channels.map((channel, i) => (before[channel] ?? 0) - (after[i] ?? 0));
    const count = channels.length;
    const holds = after.every((value, at) => {
      const pixel = Math.floor(at / count);
      const shift = shifts[at % count] ?? 0;
      return before[pixel * of + (channels[at % count] ?? 0)] === value + shift;
    });
    return holds ? shifts : null;
  };
}

/** Sums of weights, and what only moves or adds them up. */
function losesConstants(node: IntegerNode, graph: IntegerGraph): boolean {
  switch (node.kind) {
    case 'conv2d':
    case 'depthwise-conv2d':
    case 'dense':
      return true;
    case 'max-pool':
    case 'sum-pool':
    case 'flatten': {
      const source = graph.nodes.find(({ id }) => id === node.inputs[0]);
      return source !== undefined && losesConstants(source, graph);
    }
    default:
      return false;
  }
}
